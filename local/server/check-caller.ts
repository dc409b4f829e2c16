import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { HttpProblem } from '../../handlers/http/http-problem.ts';
import { isLoopbackName } from '../../page/serve-page.ts';

/**
 * Allows no web pages except the server's own. A page whose host name has been made to point to this machine (DNS
 * rebinding) is found by the Host header, a page of another site by Origin or Sec-Fetch-Site.
 * @param url of the request, with the host by which the client calls this server
 * @param names by which the server may be called, besides the loopback names and any address
 * @param corsOrigin the other origin whose pages may use the server
 * @throws HttpProblem 421 for a foreign host, 403 for a foreign page
 */
export function checkCaller(
  request: IncomingMessage,
  url: URL,
  names: string[],
  corsOrigin: string | undefined,
): void {
  // A page has no control over where an address leads.
  if (!isAddress(url.hostname) && !isOwnName(url.hostname, names))
    throw new HttpProblem(
      421,
      `This server is not called ${url.hostname}: if it should be, add the name to ALLOWED_HOSTS`,
    );
  const { origin } = request.headers;
  if (origin !== undefined && origin === corsOrigin) return;
  if (isForeignPage(request, url, names))
    throw new HttpProblem(
      403,
      'Web pages of other sites may not use this server: to allow one, add its host to ALLOWED_HOSTS',
    );
}

function isForeignPage({ method, headers }: IncomingMessage, { host }: URL, names: string[]): boolean {
  const { origin } = headers;
  if (origin !== undefined) {
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    return page?.host !== host && !isOwnName(page?.hostname ?? '', names);
  }
  if (headers['sec-fetch-site'] !== 'cross-site') return false;
  // When the user follows a link, only the user sees the answer, not the page with the link.
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !isLink || (method !== 'GET' && method !== 'HEAD');
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isOwnName(hostname: string, names: string[]): boolean {
  return isLoopbackName(hostname) || names.includes(hostname);
}
