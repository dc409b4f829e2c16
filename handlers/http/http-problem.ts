import { STATUS_CODES } from 'node:http';
import type { Response } from './http-response.ts';

/** Members of a problem beside the standard ones. */
type Extension = Record<string, unknown>;

interface ProblemOptions extends ErrorOptions {
  extension?: Extension;
  headers?: Record<string, string>;
}

/** An error that knows its HTTP status. Its message is the `detail`: it says how to mend the request. */
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

/** Seconds after which a request answered 503 is welcome again. */
const RETRY_AFTER_SECONDS = 5;

/** The service cannot do its work now; the same request may succeed later. */
export function unavailable(detail: string, cause: unknown): HttpProblem {
  return new HttpProblem(503, detail, { cause, headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } });
}

/** The answer to a problem, as RFC 9457 writes it. */
export function toProblemResponse({ status, message, extension, headers }: HttpProblem): Response {
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail: message, ...extension };
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}
