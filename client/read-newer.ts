import type { LogEntry } from '../entities/entry.ts';
import { type LogService, newestUrl } from './log-service.ts';
import type { Query } from './query.ts';

const FIRST_SPAN = 60_000;
/** What a span grows and shrinks by. */
const FACTOR = 8;
const PAGE_SIZE = 1_000;
const ENOUGH = 200;

/**
 * The entries right after an instant, newest first: about a page of them. The service answers the newest of a range
 * first, so the range is cut into spans that hold not too many. All instants are in milliseconds since 1970.
 * @param after where to begin, inclusive
 * @param until where to stop looking, exclusive
 * @returns the entries before `upTo`, which is `until` when there is nothing further
 */
export async function readNewer(
  service: LogService,
  query: Query,
  { after, until, signal }: { after: number; until: number; signal?: AbortSignal },
): Promise<{ entries: LogEntry[]; upTo: number }> {
  const found: LogEntry[] = [];
  let from = after;
  for (let span = FIRST_SPAN; from < until && found.length < ENOUGH; ) {
    const to = Math.min(from + span, until);
    const url = newestUrl(service, { ...query, from: isoOf(from), to: isoOf(to) }, PAGE_SIZE);
    const { entries, next } = await service.page(url, signal);
    if (next && to - from > 1) {
      span = Math.max(1, Math.floor((to - from) / FACTOR));
      continue;
    }
    found.unshift(...entries, ...(next ? await readRest(service, next, signal) : []));
    from = to;
    if (entries.length < ENOUGH) span *= FACTOR;
  }
  return { entries: found, upTo: from };
}

/** A millisecond can't be divided further: all of it is read. */
async function readRest(service: LogService, first: URL, signal?: AbortSignal): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for (let next: URL | undefined = first; next; ) {
    const page: Awaited<ReturnType<LogService['page']>> = await service.page(next, signal);
    all.push(...page.entries);
    next = page.next;
  }
  return all;
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
