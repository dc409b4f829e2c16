import type { LogEntry } from '../entities/entry.ts';
import { rememberJson } from './entry-json.ts';
import { type Query, requestParametersOf } from './query.ts';
import { foreignLink, notALogService, refusalOf, ServiceError, unreachable } from './service-error.ts';

export interface Page {
  /** Newest first. */
  entries: LogEntry[];
  next?: URL;
  /** Where there is a next page: RFC 3339, the instant down to which all was looked at. */
  searchedBackTo?: string;
}

/** A record that was refused, as GET /dead-letters gives it. */
export interface DeadLetter {
  /** RFC 3339. */
  refusedAt: string;
  /** Which fields, and why. */
  errors: { path: string; message: string }[];
  /** The record as it came. */
  raw: string;
  /** The id of the API key by which it was sent, where there was one. */
  apiKeyId?: string;
}

/** A deployment of the log service. Its methods throw ServiceError, or AbortError once the signal is aborted. */
export interface LogService {
  readonly base: URL;
  /** The URL of a path of the service, such as `/logs`, below the deployment's stage. */
  urlOf(path: string): URL;
  /** One GET. Any answer is returned, whatever its status. */
  get(url: URL, signal?: AbortSignal): Promise<Response>;
  /** The URL of the answer's next link, if it has one. It is always within this deployment. */
  nextOf(response: Response): URL | undefined;
  /** The page of entries at a URL. */
  page(url: URL, signal?: AbortSignal): Promise<Page>;
  /** The page of dead letters at a URL. */
  deadLetters(url: URL, signal?: AbortSignal): Promise<{ letters: DeadLetter[]; next?: URL }>;
}

/** Sends a GET like the global `fetch`. May throw ServiceError; any other error means that there was no answer. */
export type Fetch = (
  url: URL,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Response>;

/** The service's own bound on `limit`. */
const LARGEST_PAGE = 1_000;
/** API Gateway gives up on a function after 29 seconds. */
const ANSWER_TIMEOUT_MS = 35_000;

/** The service at `base`, the URL of a deployment with its stage. */
export function createLogService(base: URL, send: Fetch = fetch): LogService {
  const stage = base.pathname.replace(/\/+$/, '');

  const get: LogService['get'] = (url, signal) => {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return send(url, { headers: { accept: 'application/json' }, signal: bounded }).catch((cause) => {
      throw signal?.aborted || cause instanceof ServiceError ? cause : unreachable(base, cause);
    });
  };

  const nextOf: LogService['nextOf'] = (response) => {
    const link = nextLink(response.headers.get('link'));
    if (link === undefined) return undefined;
    const next = new URL(link, response.url);
    if (next.origin !== base.origin || !next.pathname.startsWith(`${stage}/`)) throw foreignLink(next, base);
    return next;
  };

  return {
    base,
    urlOf: (path) => new URL(`${stage}${path}`, base),
    get,
    nextOf,
    async page(url, signal) {
      const response = await get(url, signal);
      if (!response.ok) throw await refusalOf(response);
      const body = await bodyOf(response, signal);
      const entries = itemsOf(body, isEntry, response);
      rememberJson(entries, body);
      return {
        entries,
        next: nextOf(response),
        searchedBackTo: response.headers.get('searched-back-to') ?? undefined,
      };
    },
    async deadLetters(url, signal) {
      const response = await get(url, signal);
      if (!response.ok) throw await refusalOf(response);
      const letters = itemsOf(await bodyOf(response, signal), isDeadLetter, response);
      return { letters, next: nextOf(response) };
    },
  };
}

/**
 * The newest entries that match, page by page: `limit` at most, or all with Infinity. `hasOlder` says whether
 * there are more behind a page. A page may be empty and have older ones behind it. The first page holds
 * `firstPage` entries at most.
 */
export async function* readPages(
  service: LogService,
  query: Query,
  limit: number,
  signal?: AbortSignal,
  firstPage = LARGEST_PAGE,
): AsyncGenerator<{ entries: LogEntry[]; hasOlder: boolean }> {
  let next: URL | undefined = newestUrl(service, query, Math.min(limit, firstPage, LARGEST_PAGE));
  for (let wanted = limit; next && wanted > 0; ) {
    const page: Page = await service.page(next, signal);
    const entries = page.entries.slice(0, wanted);
    next = page.next;
    if (firstPage < LARGEST_PAGE) next?.searchParams.set('limit', String(LARGEST_PAGE));
    wanted -= entries.length;
    yield { entries, hasOlder: next !== undefined || page.entries.length > entries.length };
  }
}

/** The URL of the newest `limit` entries that match, at most the service's bound of 1,000. */
export function newestUrl(service: LogService, query: Query, limit: number): URL {
  const parameters = requestParametersOf(query);
  parameters.set('limit', String(limit));
  return service.urlOf(`/logs?${parameters}`);
}

const LINK = /<([^>]*)>([^<]*)/g;
const REL_NEXT = /;\s*rel\s*=\s*(?:"next"|next)\s*(?:[;,]|$)/i;

/** The target of the link with `rel="next"` in a Link header (RFC 8288), undefined when there is none. */
export function nextLink(header: string | null): string | undefined {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(LINK)) {
    if (REL_NEXT.test(parameters)) return target;
  }
  return undefined;
}

function bodyOf(response: Response, signal?: AbortSignal): Promise<string> {
  return response.text().catch((cause) => {
    throw signal?.aborted ? cause : unreachable(new URL(response.url), cause);
  });
}

function itemsOf<Item>(body: string, isItem: (value: unknown) => value is Item, response: Response): Item[] {
  const items = parseJson(body);
  if (Array.isArray(items) && items.every(isItem)) return items;
  throw notALogService(new URL(response.url));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is LogEntry {
  const entry = Object(value) as Record<string, unknown>;
  return ['id', 'datetime', 'severity', 'message'].every((name) => typeof entry[name] === 'string');
}

function isDeadLetter(value: unknown): value is DeadLetter {
  const letter = Object(value) as Record<string, unknown>;
  return (
    ['refusedAt', 'raw'].every((name) => typeof letter[name] === 'string') && Array.isArray(letter.errors)
  );
}
