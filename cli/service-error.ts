/** The log service could not be read: its own words, and what its user can do. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly advice: string;
  /** Whether the same request may succeed a little later. */
  readonly passing: boolean;

  constructor(message: string, options: { advice: string; passing?: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.advice = options.advice;
    this.passing = options.passing ?? false;
  }
}

/** The error that an answer other than 2xx stands for: its problem's detail (RFC 9457), or what the gateway said. */
export async function errorOf(response: Response): Promise<ServiceError> {
  const { status } = response;
  const said = detailOf(await response.text().catch(() => ''));
  return new ServiceError(`${status} from ${new URL(response.url).host}: ${said ?? response.statusText}`, {
    advice: adviceFor(status),
    passing: status === 429 || status >= 500,
  });
}

/** The error of a service that gave no answer. */
export function unreachable(url: URL, cause: unknown): ServiceError {
  return new ServiceError(`cannot reach ${url.host}: ${reasonOf(cause)}`, {
    advice:
      'Name the deployment with --url or LOGS_URL; `npm start` runs the service on this machine, at http://127.0.0.1:3000.',
    passing: true,
    cause,
  });
}

/** The error of an answer that no log service gives. */
export function notALogService(url: URL): ServiceError {
  return new ServiceError(`${url.origin}${url.pathname} answers with something other than log entries`, {
    advice: 'Check that --url names a log service, with its stage, such as …/dev.',
  });
}

/** The error of a next link that leads out of the deployment. */
export function foreignLink(next: URL, base: URL): ServiceError {
  return new ServiceError(
    `the next page is said to be at ${next.origin}${next.pathname}, which is not below ${base}`,
    {
      advice:
        'It was not followed: your credentials would go there. If you trust that address, name it with --url.',
    },
  );
}

/** The error of a URL that wants a signature where nobody is logged in. */
export function withoutCredentials(cause: Error): ServiceError {
  return new ServiceError(`no AWS credentials to sign with: ${cause.message}`, {
    advice: 'Log in (`aws sso login`), or name a profile with AWS_PROFILE.',
    cause,
  });
}

function detailOf(body: string): string | undefined {
  try {
    const problem = JSON.parse(body);
    const said = problem.detail ?? problem.message ?? problem.Message ?? problem.title;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined;
  }
}

function adviceFor(status: number): string {
  if (status < 400) return 'The service has moved: name its new address with --url.';
  if (status === 401 || status === 403)
    return 'Check your AWS identity (`aws sts get-caller-identity`), that it may call execute-api:Invoke here, and that --url names the stage. A domain of your own needs --sign.';
  if (status === 404)
    return 'Check the id, and that --url names the deployment with its stage, such as …/dev.';
  if (status === 429) return 'The service is asked too often just now: try again in a minute.';
  if (status < 500) return 'Mend the option that the message names; `logs --help` shows them all.';
  return 'Try again; if it lasts, look at the service’s dashboard.';
}

/** The network's error lies below what fetch throws: as its cause, or one for each address that was tried. */
function reasonOf(error: unknown): string {
  const { message, cause, errors } = Object(error) as Partial<AggregateError>;
  const deeper = cause ?? errors?.[0];
  return deeper === undefined ? (message ?? String(error)) : reasonOf(deeper);
}
