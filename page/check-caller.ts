import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface Callers {
  /**
   * Names by which the server may be called, in lower case, besides the loopback names and addresses. Pages of these
   * names and of this machine may use the server. Absent: no other name, and no page but the server's own.
   */
  names?: readonly string[];
  /** The other origin whose pages may use the server. */
  corsOrigin?: string;
}

/** A request that a server on this machine does not answer. Its message is a sentence for the caller. */
export class CallerError extends Error {
  override readonly name = 'CallerError';
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** RFC 3986 section 3.2: a name or an address, and optionally a port. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/**
 * The URL of a request, with the host by which the client calls this server. Web pages may not make requests, except
 * the server's own. A page whose host name has been made to point to this machine (DNS rebinding) is found by the Host
 * header, a page of another site by Origin or Sec-Fetch-Site.
 * @throws CallerError 400 for a target or host that is none, 421 for a foreign host, 403 for a foreign page
 */
export function checkCaller(request: IncomingMessage, callers: Callers = {}): URL {
  const url = urlOf(request);
  const { names, corsOrigin } = callers;
  // A page has no control over where an address leads.
  if (!isAddress(url.hostname) && !isOwnName(url.hostname, names)) {
    const advice = names ? 'if it should be, add the name to ALLOWED_HOSTS' : 'use 127.0.0.1';
    throw new CallerError(421, `This server is not called ${url.hostname}: ${advice}`);
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin === corsOrigin) return url;
  if (isForeignPage(request, url, names)) {
    const advice = names ? ': to allow one, add its host to ALLOWED_HOSTS' : '';
    throw new CallerError(403, `Web pages of other sites may not use this server${advice}`);
  }
  return url;
}

/** RFC 9112 section 3.2: the target of a request is a path, or a whole URL, which then names the host. */
function urlOf({ url: target = '', headers, socket }: IncomingMessage): URL {
  const host = headers.host ?? `localhost:${socket.localPort}`;
  if (!AUTHORITY.test(host)) throw new CallerError(400, 'The Host header must be a name and a port');
  // The path is appended to the host and not resolved against it, because `//logs` would be resolved as a host.
  const url = target.startsWith('/') ? `http://${host}${target}` : target;
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new CallerError(400, `The request line contains no path: ${target}`);
  return new URL(url);
}

function isForeignPage(
  { method, headers }: IncomingMessage,
  { host, origin: own }: URL,
  names: Callers['names'],
): boolean {
  const { origin } = headers;
  if (origin !== undefined) {
    if (!names) return origin !== own;
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    return page?.host !== host && !isOwnName(page?.hostname ?? '', names);
  }
  const site = headers['sec-fetch-site'];
  // A page of another port of this machine is of the same site.
  if (site !== 'cross-site' && (names || site !== 'same-site')) return false;
  // When the user follows a link, only the user sees the answer, not the page with the link.
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !isLink || (method !== 'GET' && method !== 'HEAD');
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Whether a host name always leads to this machine, or is one of `names`. Other names are not trusted: a web page can
 * make a name of its own point here, and would then read the logs under that name.
 */
function isOwnName(hostname: string, names: readonly string[] = []): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) || names.includes(hostname);
}
