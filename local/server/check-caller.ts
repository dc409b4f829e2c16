import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { HttpProblem } from '../../handlers/http/http-problem.ts';

/**
 * Lets no web page talk to the server but its own. A page whose name is made to point here (DNS rebinding) shows in
 * the Host header, and one that sends from elsewhere in Origin or Sec-Fetch-Site.
 * @param url of the request, with the host by which the client calls this server
 * @param names by which the server may be called, beside the loopback names and any address
 * @param corsOrigin whose pages may use it as well
 * @throws HttpProblem 421 for a foreign host, 403 for a foreign page
 */
export function checkCaller(
  request: IncomingMessage,
  url: URL,
  names: string[],
  corsOrigin: string | undefined,
): void {
  // A page cannot make an address point elsewhere.
  if (!isAddress(url.hostname) && !isOwnName(url.hostname, names))
    throw new HttpProblem(
      421,
      `This server is not ${url.hostname}: if it is to be called so, add the name to ALLOWED_HOSTS`,
    );
  const { origin } = request.headers;
  if (origin !== undefined && origin === corsOrigin) return;
  if (isForeignPage(request, url, names))
    throw new HttpProblem(
      403,
      'A web page of another site may not use this server: if it may, add its host to ALLOWED_HOSTS',
    );
}

function isForeignPage({ method, headers }: IncomingMessage, { host }: URL, names: string[]): boolean {
  const { origin } = headers;
  if (origin !== undefined) {
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    return page?.host !== host && !isOwnName(page?.hostname ?? '', names);
  }
  if (headers['sec-fetch-site'] !== 'cross-site') return false;
  // A link that somebody follows shows the answer to them alone.
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !isLink || (method !== 'GET' && method !== 'HEAD');
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isOwnName(hostname: string, names: string[]): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) || names.includes(hostname);
}
