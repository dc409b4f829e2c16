import type { Page } from '../../entities/read/read-page.ts';
import { instantOf } from '../../entities/timeline.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { HttpResponse } from '../http/http-response.ts';
import { RESPONSE_LIMIT_BYTES } from '../limits.ts';
import { toCursor } from './cursor.ts';

/**
 * Collects the JSON of the values of a page until the response reaches RESPONSE_LIMIT_BYTES. Lambda writes the body
 * into a JSON string, where each quote and backslash takes two bytes, so they are counted as two.
 */
export class PageBody {
  private readonly items: string[] = [];
  private bytes = 0;

  /** Adds a value if it fits, and returns whether it did. The first value is always added. */
  readonly collect = (json: string): boolean => {
    this.bytes += Buffer.byteLength(JSON.stringify(json)) + 1;
    if (this.items.length > 0 && this.bytes > RESPONSE_LIMIT_BYTES) return false;
    this.items.push(json);
    return true;
  };

  toString(): string {
    return `[${this.items.join(',')}]`;
  }
}

/** The response with a page: its values, and a link to the next page if there may be one. */
export function toPageResponse(
  request: GatewayRequest,
  { below }: Page,
  body: PageBody,
  cursorQuery: unknown,
): HttpResponse {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (below !== undefined) {
    headers.Link = linkToNext(request, { cursor: toCursor(below, cursorQuery) });
    // A search may look at much and find nothing. This tells people how far it has come.
    headers['Searched-Back-To'] = instantOf(below);
  }
  return { status: 200, headers, body: body.toString() };
}

/** The Link header with the address of a request in which some parameters are other ones. */
export function linkToNext({ url, query }: GatewayRequest, changed: Record<string, string>): string {
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changed)) parameters.set(name, value);
  return `<${url}?${parameters}>; rel="next"`;
}
