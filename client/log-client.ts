import type { LogEntry } from '../entities/entry.ts';
import { rememberJson } from './entry-text.ts';
import { isEntry } from './is-entry.ts';
import { type Patience, untilAnswered } from './patience.ts';
import { foreignLink, notALogService, refusalOf, ServiceError, unreachable } from './service-error.ts';

/** What one page holds, and where the next one is. */
export type Page<Content> = Content & {
  next?: URL;
  /** RFC 3339: where there is a next page, the instant down to which the service has searched. */
  searchedBackTo?: string;
};

/** What the body of a page holds; undefined where it is not from a log service. */
export type ReadBody<Content> = (body: string) => Content | undefined;

/** A client of one deployment of the log service. It throws ServiceError. */
export interface LogClient {
  readonly base: URL;
  /** The URL of a path of the service, such as `/logs`, below the deployment's stage. */
  urlOf(path: string): URL;
  /** One GET. Any answer is returned, whatever its status. @throws AbortError once the signal is aborted */
  get(url: URL, signal?: AbortSignal): Promise<Response>;
  /** The URL of the answer's next link, if it has one. It is always within this deployment. */
  nextOf(response: Response): URL | undefined;
  /**
   * The page at a URL and those that its Link headers lead to, each asked for when the one before has been taken.
   * A page that cannot be had is asked for again as the patience says; without patience the error is thrown. Once
   * the patience's signal is aborted no further page comes, and no error.
   * @param pageSize the `limit` of the pages after the first, where it is to differ
   */
  pages<Content extends object>(
    url: URL,
    read: ReadBody<Content>,
    patience?: Patience,
    pageSize?: number,
  ): AsyncGenerator<Page<Content>, void>;
}

/** Sends a GET like the global `fetch`. May throw ServiceError; any other error means that there was no answer. */
export type Fetch = (
  url: URL,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Response>;

/** API Gateway gives up on a function after 29 seconds. */
const ANSWER_TIMEOUT_MS = 35_000;
const NO_PATIENCE: Patience = { wait: () => undefined };

/** A client of the service at `base`, the URL of a deployment with its stage. */
export function createLogClient(base: URL, send: Fetch = fetch): LogClient {
  const stage = base.pathname.replace(/\/+$/, '');

  const get: LogClient['get'] = (url, signal) => {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return send(url, { headers: { accept: 'application/json' }, signal: bounded }).catch((cause) => {
      throw signal?.aborted || cause instanceof ServiceError ? cause : unreachable(base, cause);
    });
  };

  const nextOf: LogClient['nextOf'] = (response) => {
    const link = nextLink(response.headers.get('link'));
    if (link === undefined) return undefined;
    if (!URL.canParse(link, response.url)) throw notALogService(new URL(response.url));
    const next = new URL(link, response.url);
    if (next.origin !== base.origin || !next.pathname.startsWith(`${stage}/`)) throw foreignLink(next, base);
    return next;
  };

  async function page<Content extends object>(url: URL, read: ReadBody<Content>, signal?: AbortSignal) {
    const response = await get(url, signal);
    if (!response.ok) throw await refusalOf(response);
    const content = read(await bodyOf(response, signal));
    if (!content) throw notALogService(new URL(response.url));
    const searchedBackTo = response.headers.get('searched-back-to') ?? undefined;
    return { ...content, next: nextOf(response), searchedBackTo };
  }

  return {
    base,
    urlOf: (path) => new URL(`${stage}${path}`, base),
    get,
    nextOf,
    async *pages(first, read, patience = NO_PATIENCE, pageSize) {
      for (let url: URL | undefined = first; url; ) {
        const asked: URL = url;
        const answer = await untilAnswered(() => page(asked, read, patience.signal), patience);
        if (!answer) return;
        url = answer.next;
        if (pageSize !== undefined) url?.searchParams.set('limit', String(pageSize));
        yield answer;
      }
    },
  };
}

/** The entries of a page of GET /logs or GET /logs/{id}, newest first. */
export const entriesIn: ReadBody<{ entries: LogEntry[] }> = (body) => {
  const entries = listIn(body, isEntry);
  if (entries) rememberJson(entries, body);
  return entries && { entries };
};

/** The value of a JSON text; undefined for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

/** The items of a JSON array; undefined where it is none, or one of them is none. */
export function listIn<Item>(body: string, isItem: (value: unknown) => value is Item): Item[] | undefined {
  const items = parseJson(body);
  return Array.isArray(items) && items.every(isItem) ? items : undefined;
}
