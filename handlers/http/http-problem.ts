import { STATUS_CODES } from 'node:http';

/** Members of a problem besides the standard ones. */
type Extension = Record<string, unknown>;

interface ProblemOptions extends ErrorOptions {
  extension?: Extension;
  headers?: Record<string, string>;
}

/** An error with an HTTP status. Its message becomes the `detail` of the problem and says how to fix the request. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly extension: Extension;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    { extension = {}, headers = {}, ...options }: ProblemOptions = {},
  ) {
    super(detail, options);
    this.status = status;
    this.extension = extension;
    this.headers = headers;
  }
}

/** Seconds that a client should wait after a 503. */
const RETRY_AFTER_SECONDS = 5;

/** 503: the service cannot serve the request now, but the same request may succeed later. */
export function unavailable(detail: string, cause: unknown): HttpProblem {
  return new HttpProblem(503, detail, { cause, headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } });
}

/** The response to a problem in the format of RFC 9457. */
export function toProblemResponse({ status, message, extension, headers }: HttpProblem) {
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail: message, ...extension };
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}
