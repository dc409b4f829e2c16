import { type Arrivals, follow } from '../client/follow.ts';
import { entriesIn, type LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, type Patience, pauseUntil } from '../client/patience.ts';
import { newestUrl, readNewer, readNewest } from '../client/read-entries.ts';
import type { ServiceError } from '../client/service-error.ts';
import { latestOf, millisecondsOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { queryOf, type ViewState } from './view-state.ts';

/** What is read next: entries below the list, or above it. */
export type Direction = 'older' | 'newer';

/** What a feed reports while it reads. */
export interface FeedEvents {
  /** A page is asked for, or a search has come further and has found nothing yet. */
  onLoading: (direction: Direction) => void;
  /** The service cannot be read, and is asked again after so many milliseconds; or, without an error, it can again. */
  onOutage: (error: ServiceError | undefined, wait: number) => void;
  /** The service has not answered for long, also while following. */
  onSlow: () => void;
}

export interface FollowingOptions {
  /** The oldest entry of the list, asked for at each read. */
  oldest: () => LogEntry | undefined;
  /** How many entries a read may give: no more than the list may have. */
  most: number;
  /** Called with each error that may pass, and with undefined once the service answers again. */
  onOutage: (error: ServiceError | undefined) => void;
}

/** Entries on the first page, which must come soon, and on the later ones. */
const FIRST_PAGE = 200;
const LATER_PAGE = 500;
/** How late an entry may arrive and still be shown while following, in milliseconds. */
const OVERLAP = 120_000;
/** Pages without a match before the user is asked whether to search further: each costs the service a scan. */
const MOST_EMPTY_PAGES = 10;

/**
 * The entries of one view, asked of the service for as long as it takes: older ones from the newest or from the
 * instant that the view begins with, newer ones where the view does not reach the present, and new ones while
 * following. A changed query is a new feed. A feed that was stopped can be used again.
 * @param openedAt milliseconds since 1970: the end of a range such as the last hour
 */
export function createFeed(client: LogClient, state: ViewState, openedAt: number, events: FeedEvents) {
  const query = queryOf(state, openedAt);
  const at = state.at ? millisecondsOf(state.at) : undefined;
  let older: URL | undefined = urlBelow(at);
  /** How far a search has come whose last page was not full, milliseconds since 1970. */
  let searchedBackTo: number | undefined;
  /** Nothing from this instant on has been read, milliseconds since 1970. */
  let readUpTo = openedAt;
  /** The beginning of the newer entries that are not in the list, milliseconds since 1970. */
  let newer = at === undefined ? undefined : at + 1;
  let isReading = false;
  /** Ends `read`, with the view that it is for. */
  let stopped = new AbortController();
  /** Ends `read`, with what it has found. */
  let search = new AbortController();
  let following: AbortController | undefined;
  /** Ends a pause between two tries. */
  let askNow = () => {};

  /** Includes the millisecond itself: several entries may share it, and the list knows those that it has. */
  function urlBelow(milliseconds: number | undefined): URL {
    const to = milliseconds === undefined ? query.to : new Date(milliseconds + 1).toISOString();
    return newestUrl(client, { ...query, to }, FIRST_PAGE);
  }

  function noted(entries: LogEntry[]): LogEntry[] {
    for (const { datetime } of entries) readUpTo = Math.max(readUpTo, millisecondsOf(datetime) + 1);
    return entries;
  }

  async function readOlder(patience: Patience): Promise<LogEntry[]> {
    let pages = 0;
    if (!older) return [];
    for await (const page of client.pages(older, entriesIn, patience, LATER_PAGE)) {
      const isFull = page.entries.length >= Number(older?.searchParams.get('limit'));
      searchedBackTo = isFull ? undefined : boundOf(page.searchedBackTo);
      older = page.next;
      if (page.entries.length > 0) return page.entries;
      if (!patience.signal?.aborted) events.onLoading('older');
      pages += 1;
      if (pages === MOST_EMPTY_PAGES) break;
    }
    return [];
  }

  async function readAbove(patience: Patience): Promise<LogEntry[]> {
    if (newer === undefined) return [];
    const until = boundOf(query.to) ?? Date.now();
    const { entries, upTo } = await readNewer(client, query, { after: newer, until, patience });
    newer = upTo < until ? upTo : undefined;
    return entries;
  }

  function stopFollowing(): void {
    following?.abort();
    following = undefined;
  }

  return {
    /** The range asked for, in milliseconds since 1970, as far as it is bounded. */
    range: { from: boundOf(query.from), to: boundOf(query.to) },
    /** The same as RFC 3339, with the instant up to which the entries have been read as its end. */
    get rangeRead() {
      return { from: query.from, to: query.to ?? new Date(readUpTo).toISOString() };
    },
    get hasOlder() {
      return older !== undefined;
    },
    get hasNewer() {
      return newer !== undefined;
    },
    get searchedBackTo() {
      return searchedBackTo;
    },
    get isReading() {
      return isReading;
    },
    get isFollowing() {
      return following !== undefined;
    },
    /**
     * The next entries in one direction, newest first; none at the end, and where a search found nothing for long
     * or was stopped. Undefined once the feed was stopped.
     * @throws ServiceError when asking again cannot help
     */
    async read(direction: Direction): Promise<LogEntry[] | undefined> {
      isReading = true;
      search = new AbortController();
      const { signal } = stopped;
      const ended = AbortSignal.any([signal, search.signal]);
      events.onLoading(direction);
      try {
        const entries = await (direction === 'older' ? readOlder : readAbove)({
          wait: asLongAsItTakes,
          signal: ended,
          onOutage: events.onOutage,
          onSlow: events.onSlow,
          pause: (wait) => {
            const awake = new AbortController();
            askNow = () => awake.abort();
            return pauseUntil(wait, AbortSignal.any([ended, awake.signal]));
          },
        });
        return signal.aborted ? undefined : noted(entries);
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      } finally {
        if (!signal.aborted) isReading = false;
      }
    },
    /** Ends the pause before the next try. */
    askNow: () => askNow(),
    /** Ends a search where it is. `read` then gives what it has found. */
    stopSearch: () => search.abort(),
    /** Continues below this entry, now that the list has none that is older. */
    resumeBelow({ datetime }: LogEntry): void {
      older = urlBelow(millisecondsOf(datetime));
    },
    /** Continues above this entry, now that the list has none that is newer. */
    resumeAbove({ datetime }: LogEntry): void {
      newer = millisecondsOf(datetime);
    },
    /**
     * New entries as they come, oldest first, until it is stopped or starts again. Entries that are older than the
     * list are left out while `read` can still reach them.
     * @param shown the entries of the list
     * @throws ServiceError when asking again cannot help
     */
    async *follow(shown: readonly LogEntry[], { oldest, most, onOutage }: FollowingOptions): Arrivals {
      stopFollowing();
      const own = new AbortController();
      following = own;
      const { signal } = own;
      const arrivals = follow({
        overlap: OVERLAP,
        shown,
        signal,
        onOutage: (error) => !signal.aborted && onOutage(error),
        onSlow: () => !signal.aborted && events.onSlow(),
        read: (window, firstPage) => {
          const from = latestOf(window, query.from, older && oldest()?.datetime);
          const patience = { wait: () => undefined, signal };
          return readNewest(client, { ...query, from }, { limit: most, firstPage, patience });
        },
      });
      try {
        for await (const entries of arrivals) if (!signal.aborted) yield noted(entries);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        if (following === own) following = undefined;
      }
    },
    stopFollowing,
    /** Ends all reading and following. */
    stop() {
      stopped.abort();
      stopped = new AbortController();
      isReading = false;
      stopFollowing();
    },
  };
}

export type Feed = ReturnType<typeof createFeed>;

/** Undefined also for a text that is no datetime: the service refuses that one. */
function boundOf(datetime: string | undefined): number | undefined {
  try {
    return datetime === undefined ? undefined : millisecondsOf(datetime);
  } catch {
    return undefined;
  }
}
