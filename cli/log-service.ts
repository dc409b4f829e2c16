import { setTimeout } from 'node:timers/promises';
import type { Entry } from '../page/follow.js';
import { nextLink } from '../page/next-link.js';
import { errorOf, foreignLink, notALogService, unreachable, withoutCredentials } from './service-error.ts';
import type { Sign } from './sign-request.ts';

/** What to read: the parameters of GET /logs but its limit. */
export interface Query {
  severity: readonly string[];
  from?: string;
  to?: string;
  contains?: string;
}

export interface Page {
  /** Newest first. */
  entries: Entry[];
  hasNext: boolean;
}

/** A deployment of the log service. Its methods throw ServiceError. */
export interface LogService {
  readonly base: URL;
  /** The URL of a path of the service, such as `/logs`, below the deployment's stage. */
  urlOf(path: string): URL;
  /** One GET, signed where the deployment wants it; any answer is returned as it came. */
  get(url: URL): Promise<Response>;
  /** The URL that the answer's next link names, if it has one; it is always of this deployment. */
  nextOf(response: Response): URL | undefined;
  /** The newest entries page by page, `limit` of them at most. A page may be empty and have a next. */
  pages(query: Query, limit: number): AsyncGenerator<Page>;
  /** The entries under one id. */
  byId(id: string): Promise<Entry[]>;
}

/** The service's own bound on `limit`. */
const LARGEST_PAGE = 1_000;
/** API Gateway gives up on a function after 29 seconds. */
const ANSWER_TIMEOUT = 35_000;
/** Waits before a refused read is tried again, in milliseconds: a throttle lifts within seconds. */
const RETRY_WAITS = [500, 2_000];

export function createLogService(base: URL, sign?: Sign): LogService {
  const stage = base.pathname.replace(/\/+$/, '');
  const urlOf = (path: string) => new URL(`${stage}${path}`, base);

  const get = async (url: URL): Promise<Response> => {
    const target = withStrictQuery(url);
    try {
      return await fetch(target, {
        headers: { accept: 'application/json', ...(await sign?.(target)) },
        // A redirect would carry the signature and its session token to whomever it names.
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT),
      });
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'CredentialsProviderError')
        throw withoutCredentials(cause);
      throw unreachable(base, cause);
    }
  };

  const nextOf = (response: Response): URL | undefined => {
    const link = nextLink(response.headers.get('link'));
    if (link === undefined) return undefined;
    const next = new URL(link, response.url);
    if (next.origin !== base.origin || !next.pathname.startsWith(`${stage}/`)) throw foreignLink(next, base);
    return next;
  };

  return {
    base,
    urlOf,
    get,
    nextOf,
    async *pages(query, limit) {
      let next: URL | undefined = urlOf(`/logs?${parametersOf(query, Math.min(limit, LARGEST_PAGE))}`);
      for (let wanted = limit; next && wanted > 0; ) {
        const response = await readPatiently(next, get);
        const found = await entriesOf(response);
        const entries = found.slice(0, wanted);
        next = nextOf(response);
        wanted -= entries.length;
        yield { entries, hasNext: next !== undefined || found.length > entries.length };
      }
    },
    async byId(id) {
      return entriesOf(await readPatiently(urlOf(`/logs/${encodeURIComponent(id)}`), get));
    },
  };
}

function parametersOf(query: Query, limit: number): URLSearchParams {
  const parameters = new URLSearchParams({ limit: String(limit) });
  for (const severity of query.severity) parameters.append('severity', severity);
  for (const name of ['from', 'to', 'contains'] as const) {
    const value = query[name];
    if (value !== undefined) parameters.append(name, value);
  }
  return parameters;
}

/** SigV4's own way to encode (RFC 3986: no `+` for a space), so that what is sent is what is signed. */
function withStrictQuery(url: URL): URL {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const strict = new URL(url);
  strict.search = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return strict;
}

async function readPatiently(url: URL, get: LogService['get'], waits = RETRY_WAITS): Promise<Response> {
  const response = await get(url);
  if (response.ok) return response;

  const error = await errorOf(response);
  const [wait, ...laterWaits] = waits;
  if (!error.passing || wait === undefined) throw error;
  await setTimeout(wait);
  return readPatiently(url, get, laterWaits);
}

async function entriesOf(response: Response): Promise<Entry[]> {
  const url = new URL(response.url);
  const body = await response.text().catch((cause) => {
    throw unreachable(url, cause);
  });
  const entries = parseJson(body);
  if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  throw notALogService(url);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return ['id', 'datetime', 'severity', 'message'].every((name) => typeof entry[name] === 'string');
}
