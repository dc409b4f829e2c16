import type { LogEntry } from '../entities/entry.ts';
import { type LogService, newestUrl, type Query } from './log-service.ts';

const FIRST_SPAN = 60_000;
/** What a span grows and shrinks by. */
const FACTOR = 8;
const PAGE_SIZE = 1_000;

/**
 * The entries right after an instant: a page of them at most, newest first. The service answers the newest of a
 * range first, so a span is sought that holds not too many. All instants are in milliseconds since 1970.
 * @param after where to begin, inclusive
 * @param until where to stop looking, exclusive
 * @returns the entries before `upTo`, which is `until` when there is nothing further
 */
export async function readNewer(
  service: LogService,
  query: Query,
  { after, until, signal }: { after: number; until: number; signal?: AbortSignal },
): Promise<{ entries: LogEntry[]; upTo: number }> {
  let span = FIRST_SPAN;
  for (let from = after; from < until; ) {
    const to = Math.min(from + span, until);
    const url = newestUrl(service, { ...query, from: isoOf(from), to: isoOf(to) }, PAGE_SIZE);
    const { entries, next } = await service.page(url, signal);
    if (next && to - from > 1) {
      span = Math.max(1, Math.floor((to - from) / FACTOR));
      continue;
    }
    if (next) return { entries: [...entries, ...(await readRest(service, next, signal))], upTo: to };
    if (entries.length > 0) return { entries, upTo: to };
    from = to;
    span *= FACTOR;
  }
  return { entries: [], upTo: until };
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
