import { LARGEST_PAGE, type LogEntry } from '../entities/entry.ts';
import { entriesIn, type LogClient } from './log-client.ts';
import type { Patience } from './patience.ts';
import { type Query, requestParametersOf } from './query.ts';

/** Milliseconds that the first span of `readNewer` covers, and what a span grows and shrinks by. */
const FIRST_SPAN = 60_000;
const FACTOR = 8;
/** Entries after which `readNewer` ends. */
const ENOUGH = 200;

/** The URL of the newest `limit` entries that match, at most LARGEST_PAGE. */
export function newestUrl(client: LogClient, query: Query, limit: number): URL {
  const parameters = requestParametersOf(query);
  parameters.set('limit', String(limit));
  return client.urlOf(`/logs?${parameters}`);
}

/**
 * The newest entries that match, page by page: `limit` at most, or all with Infinity. `hasOlder` says whether
 * there are older entries than those of a page, which may even be empty.
 * @param firstPage entries on the first page, at most. The later ones are as large as can be.
 */
export async function* readNewest(
  client: LogClient,
  query: Query,
  { limit, firstPage = LARGEST_PAGE, patience }: { limit: number; firstPage?: number; patience?: Patience },
): AsyncGenerator<{ entries: LogEntry[]; hasOlder: boolean }> {
  const url = newestUrl(client, query, Math.min(limit, firstPage, LARGEST_PAGE));
  const laterSize = firstPage < LARGEST_PAGE ? LARGEST_PAGE : undefined;
  let wanted = limit;
  for await (const page of client.pages(url, entriesIn, patience, laterSize)) {
    const entries = page.entries.slice(0, wanted);
    wanted -= entries.length;
    yield { entries, hasOlder: page.next !== undefined || page.entries.length > entries.length };
    if (wanted === 0) return;
  }
}

/**
 * The entries right after an instant, newest first: about a page of them. The service answers the newest of a range
 * first, so the range is cut into spans of a page at most. All instants are in milliseconds since 1970.
 * @param after where to begin, inclusive
 * @param until where to stop looking, exclusive
 * @returns the entries before `upTo`, which is `until` when there are no further ones
 */
export async function readNewer(
  client: LogClient,
  query: Query,
  { after, until, patience }: { after: number; until: number; patience?: Patience },
): Promise<{ entries: LogEntry[]; upTo: number }> {
  const found: LogEntry[] = [];
  let from = after;
  for (let span = FIRST_SPAN; from < until && found.length < ENOUGH; ) {
    const to = Math.min(from + span, until);
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const entries: LogEntry[] = [];
    let isDivided = false;
    for await (const page of client.pages(
      newestUrl(client, { ...query, ...range }, LARGEST_PAGE),
      entriesIn,
      patience,
    )) {
      entries.push(...page.entries);
      // A millisecond cannot be divided further: all its pages are read.
      isDivided = page.next !== undefined && to - from > 1;
      if (isDivided) break;
    }
    if (patience?.signal?.aborted) break;
    if (isDivided) span = Math.max(1, Math.floor((to - from) / FACTOR));
    else {
      found.unshift(...entries);
      from = to;
      if (entries.length < ENOUGH) span *= FACTOR;
    }
  }
  return { entries: found, upTo: from };
}
