import type { LogEntry } from '../entities/entry.ts';
import { keyOf } from './entry-text.ts';
import { byInstant, millisecondsOf } from './time.ts';

/** Entries of the window that are remembered: about 20 MB of them, at 100 bytes each. */
const REMEMBERED = 200_000;
/** How late most entries are, in milliseconds: shippers send batches, and each host at its own time. */
const USUAL_LATENESS = 4_000;
/** Milliseconds between two reads of the whole window, for each page that it took: at most 60 pages per minute. */
const PAUSE_PER_PAGE = 1_000;
/** Entries on the first page of a read while few entries come. Otherwise all pages are as large as can be. */
const QUIET_PAGE = 100;

export interface ArrivalOptions {
  /**
   * The pages of everything at or after `from` (RFC 3339), newest first, the first with at most `firstPage`
   * entries. The reading is ended early once it meets only what is known.
   */
  read: (from: string, firstPage: number) => AsyncIterable<{ entries: readonly LogEntry[] }>;
  /** How far the window reaches back from the newest entry, in milliseconds: an entry may be so late. */
  overlap: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How many entries of the window are remembered. A window with more of them is cut short. */
  remembered?: number;
}

export interface ArrivalWindow {
  /** Notes entries that are already shown: they are not returned again. */
  note(entries: readonly LogEntry[]): void;
  /**
   * Reads the newest entries, and returns those that were not seen before, oldest first. The whole window is read
   * at least twice per overlap while entries come, and less often the more pages it has. After a read that throws,
   * the next one returns what it missed.
   */
  readNew(): Promise<LogEntry[]>;
}

/**
 * Finds new entries, each exactly once, by reading a sliding window of the newest ones again and again.
 *
 * A longer window (`overlap`) finds entries that arrive later, but takes more pages to read and more memory, as
 * all its entries are remembered. A shorter window is cheaper, and an entry that arrives after the window has moved
 * past its time is never shown.
 */
export function createArrivalWindow({
  read,
  overlap,
  now = Date.now,
  remembered = REMEMBERED,
}: ArrivalOptions): ArrivalWindow {
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
      const milliseconds = millisecondsOf(entry.datetime);
      seen.set(keyOf(entry), milliseconds);
      newest = Math.max(newest, milliseconds);
    }
  };

  /**
   * The window ends at the newest entry, but not after the time of the read: one host whose clock is ahead must not
   * hide all others. It moves only as far as the last read of the whole window, so that an entry that comes after
   * that read is found by the next. It never moves back to where entries have been forgotten.
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
    async readNew() {
      const readAt = now();
      if (start === Number.NEGATIVE_INFINITY) moveWindow(readAt);
      const isWhole = cameSince && readAt - wholeReadAt >= Math.min(overlap / 2, wholePages * PAUSE_PER_PAGE);
      const known = Math.min(newest, lastReadAt - USUAL_LATENESS);
      const fresh = new Map<string, LogEntry>();
      let pages = 0;
      for await (const { entries } of read(new Date(start).toISOString(), isBusy ? Infinity : QUIET_PAGE)) {
        for (const entry of entries) if (!seen.has(keyOf(entry))) fresh.set(keyOf(entry), entry);
        pages += 1;
        const oldest = entries.at(-1);
        if (!isWhole && oldest && millisecondsOf(oldest.datetime) < known) break;
      }
      const entries = [...fresh.values()].reverse().sort((a, b) => byInstant(a.datetime, b.datetime));
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

/**
 * The window starts after the newest entry that must be forgotten. A very late entry may then be missed, but
 * none is shown twice.
 */
function startOfRemembered(seen: ReadonlyMap<string, number>, remembered: number): number {
  if (seen.size <= remembered) return Number.NEGATIVE_INFINITY;
  const newestFirst = [...seen.values()].sort((a, b) => b - a);
  return (newestFirst[remembered] ?? 0) + 1;
}
