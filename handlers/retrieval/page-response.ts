import type { Page } from '../../entities/read-page.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { Response } from '../http/http-response.ts';
import { RESPONSE_LIMIT_BYTES } from '../limits.ts';
import { toCursor } from './cursor.ts';

/**
 * Collects the values of a page as JSON, as long as the response stays within its bound. Lambda writes the body
 * into a JSON string, where every quote and backslash takes two bytes, so that is how they are counted.
 */
export class PageBody {
  private readonly items: string[] = [];
  private bytes = 0;

  /** Adds a value. Says whether it fits; the first one always counts as part of the page. */
  readonly add = (value: unknown): boolean => {
    const json = JSON.stringify(value);
    this.bytes += Buffer.byteLength(JSON.stringify(json)) + 1;
    if (this.items.length > 0 && this.bytes > RESPONSE_LIMIT_BYTES) return false;
    this.items.push(json);
    return true;
  };

  toString(): string {
    return `[${this.items.join(',')}]`;
  }
}

/** The answer of a page: its values, and a link to the next page where there may be one. */
export function toPageResponse(
  request: GatewayRequest,
  { below }: Page,
  body: PageBody,
  cursorQuery: unknown,
): Response {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (below !== undefined) {
    const query = new URLSearchParams(request.query);
    query.set('cursor', toCursor(below, cursorQuery));
    headers.Link = `<${request.url}?${query}>; rel="next"`;
  }
  return { status: 200, headers, body: body.toString() };
}
