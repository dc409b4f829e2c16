/** Why the service gave no entries. */
export type Reason = 'refused' | 'unreachable' | 'no-credentials' | 'not-a-log-service' | 'foreign-link';

/** A problem of RFC 9457, as far as the service gave one. */
export interface Problem {
  status: number;
  title: string;
  detail?: string;
}

/** The log service could not be read. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly reason: Reason;
  /** Set where the reason is `refused`. */
  readonly problem?: Problem;

  constructor(message: string, options: { reason: Reason; problem?: Problem; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.reason = options.reason;
    this.problem = options.problem;
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    if (this.reason === 'unreachable') return true;
    return this.problem !== undefined && (this.problem.status === 429 || this.problem.status >= 500);
  }
}

/** The error for an answer other than 2xx. Its body is a problem, or a message of API Gateway. */
export async function refusalOf(response: Response): Promise<ServiceError> {
  const { status, statusText } = response;
  const body = Object(await response.json().catch(() => undefined));
  const title = textOf(body.title);
  const detail = textOf(body.detail) ?? textOf(body.message) ?? textOf(body.Message);
  return new ServiceError(`${status} from ${new URL(response.url).host}: ${detail ?? title ?? statusText}`, {
    reason: 'refused',
    problem: { status, title: title ?? statusText, detail },
  });
}

/** The error for a service that gave no answer, or only a part of it. */
export function unreachable({ host }: URL, cause: unknown): ServiceError {
  return new ServiceError(`cannot reach ${host}: ${reasonOf(cause)}`, { reason: 'unreachable', cause });
}

/** The error for an answer that no log service gives. */
export function notALogService({ origin, pathname }: URL): ServiceError {
  return new ServiceError(`${origin}${pathname} answers with something other than log entries`, {
    reason: 'not-a-log-service',
  });
}

/** The error for a next link that leads out of the deployment. */
export function foreignLink({ origin, pathname }: URL, base: URL): ServiceError {
  return new ServiceError(`the next page is said to be at ${origin}${pathname}, which is not below ${base}`, {
    reason: 'foreign-link',
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The network's error, which Node's fetch gives as the cause, or as one of several for each address it tried. */
function reasonOf(error: unknown): string {
  const { message, cause, errors } = Object(error) as Partial<AggregateError>;
  const deeper = cause ?? errors?.[0];
  return deeper === undefined ? (message ?? String(error)) : reasonOf(deeper);
}
