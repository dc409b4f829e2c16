import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import { jsonOfAttributes } from './entry-json.ts';

/** Entries of the window that are remembered: about 20 MB of them, at 100 bytes each. */
const REMEMBERED = 200_000;
/** How late entries are as a rule, in milliseconds: shippers send batches, and each host at its own time. */
const USUAL_LATENESS = 4_000;
/** Milliseconds that the window is left alone for each page that it took to read: at most 60 pages per minute. */
const REST_PER_PAGE = 1_000;
/** Entries on the page of a quiet poll. A busy one reads the largest pages. */
const QUIET_PAGE = 100;

export interface FollowerOptions {
  /**
   * The pages of everything at or after `from` (RFC 3339), newest first. The first page need not hold more than
   * `firstPage` entries. The follower stops reading once it meets what it knows.
   */
  read: (from: string, firstPage: number) => AsyncIterable<{ entries: readonly LogEntry[] }>;
  /** How late an entry may arrive, behind the newest one seen, and still be shown. In milliseconds. */
  overlap: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How many entries of the window are remembered. A window with more of them is cut short. */
  remembered?: number;
}

export interface Follower {
  /** Notes entries that are already on show: no poll returns them again. */
  note(entries: readonly LogEntry[]): void;
  /**
   * Reads the newest entries, and returns what was not seen before, oldest first. Late entries further back are
   * looked for the less often the more there is to read, twice per overlap at least, and only while entries come.
   * A read that throws changes nothing, so the next poll makes up for it.
   */
  poll(): Promise<LogEntry[]>;
}

/** Tells new entries from those seen, by reading the newest ones again and again. */
export function createFollower({
  read,
  overlap,
  now = Date.now,
  remembered = REMEMBERED,
}: FollowerOptions): Follower {
  /** What was seen in the window: by key, milliseconds since 1970. */
  const seen = new Map<string, number>();
  let newest = Number.NEGATIVE_INFINITY;
  let start = Number.NEGATIVE_INFINITY;
  /** When the whole window was read last, in how many pages, and whether anything came since. */
  let wholeReadAt = Number.NEGATIVE_INFINITY;
  let wholePages = 0;
  let cameSince = true;
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let isBusy = false;

  const remember = (entries: readonly LogEntry[]) => {
    for (const entry of entries) {
      const milliseconds = millisecondsOf(entry);
      seen.set(keyOf(entry), milliseconds);
      newest = Math.max(newest, milliseconds);
    }
  };

  /**
   * The window ends at the newest entry, or at the time of the read where an entry is stamped later than that:
   * one host whose clock is ahead must not hide all others. It follows the reads of all of it, so that what comes
   * between two of them is found by the second. It never moves back over what has been forgotten.
   */
  const moveWindow = (readAt: number) => {
    const newestByThen = newest === Number.NEGATIVE_INFINITY ? readAt : Math.min(newest, readAt);
    const end = wholeReadAt === Number.NEGATIVE_INFINITY ? newestByThen : Math.min(newestByThen, wholeReadAt);
    start = Math.max(start, end - overlap, startOfRemembered(seen, remembered));
    for (const [key, milliseconds] of seen) if (milliseconds < start) seen.delete(key);
  };

  return {
    note(entries) {
      remember(entries);
      moveWindow(now());
    },
    async poll() {
      const readAt = now();
      if (start === Number.NEGATIVE_INFINITY) moveWindow(readAt);
      const isWhole = cameSince && readAt - wholeReadAt >= Math.min(overlap / 2, wholePages * REST_PER_PAGE);
      const known = Math.min(newest, lastReadAt - USUAL_LATENESS);
      const fresh = new Map<string, LogEntry>();
      let pages = 0;
      for await (const { entries } of read(new Date(start).toISOString(), isBusy ? Infinity : QUIET_PAGE)) {
        for (const entry of entries) if (!seen.has(keyOf(entry))) fresh.set(keyOf(entry), entry);
        pages += 1;
        const oldest = entries.at(-1);
        if (!isWhole && oldest && millisecondsOf(oldest) < known) break;
      }
      const entries = [...fresh.values()].reverse().sort(byInstant);
      remember(entries);
      lastReadAt = readAt;
      if (isWhole) [wholeReadAt, wholePages] = [readAt, pages];
      cameSince = entries.length > 0 || (cameSince && !isWhole);
      isBusy = entries.length > QUIET_PAGE / 2;
      moveWindow(readAt);
      return entries;
    },
  };
}

/** Tells an entry from every other one: the service keeps different entries that share an id. */
export function keyOf({ id, datetime, severity, message, attributes }: LogEntry): string {
  return JSON.stringify([id, datetime, severity, message]) + (attributes ? jsonOfAttributes(attributes) : '');
}

/**
 * The window starts after the newest entry that must be forgotten. A very late entry may then be missed, but
 * none is shown twice.
 */
function startOfRemembered(seen: ReadonlyMap<string, number>, remembered: number): number {
  if (seen.size <= remembered) return Number.NEGATIVE_INFINITY;
  const newestFirst = [...seen.values()].sort((a, b) => b - a);
  return (newestFirst[remembered] ?? 0) + 1;
}

function millisecondsOf({ datetime }: LogEntry): number {
  return epochMillisecondsOf(parseInstant(datetime));
}

function byInstant(a: LogEntry, b: LogEntry): number {
  const [left, right] = [parseInstant(a.datetime), parseInstant(b.datetime)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
