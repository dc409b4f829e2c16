import { type Arrivals, follow } from '../client/follow.ts';
import { entriesIn, type LogClient } from '../client/log-client.ts';
import { newestUrl, readNewer, readNewest } from '../client/read-entries.ts';
import type { ServiceError } from '../client/service-error.ts';
import { latestOf, millisecondsOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { queryOf, type ViewState } from './view-state.ts';

/** Entries on the first page, which is to be there soon, and on the later ones. */
const FIRST_PAGE = 200;
const LATER_PAGE = 500;
/** How late an entry may arrive and still be shown while following, in milliseconds. */
const OVERLAP = 120_000;
/** Pages without a match before the user is asked whether to go on: each costs the service a scan. */
const PATIENCE = 10;

/**
 * The entries of one view, read in both directions: older ones from the newest or from the instant that the view
 * begins with, newer ones where the view does not reach the present, and new ones while following. A changed
 * query is a new feed.
 * @param openedAt milliseconds since 1970: where a range such as the last hour is counted from
 */
export function createFeed(client: LogClient, state: ViewState, openedAt: number) {
  const query = queryOf(state, openedAt);
  const at = state.at ? millisecondsOf(state.at) : undefined;
  let older: URL | undefined = urlBelow(at);
  /** How far a search has come whose last page was not full, milliseconds since 1970. */
  let searchedBackTo: number | undefined;
  /** Where the newer entries begin that the list does not hold, milliseconds since 1970. */
  let newer = at === undefined ? undefined : at + 1;

  /** The entries up to a millisecond, it included: several may share it, and the list knows those it holds. */
  function urlBelow(milliseconds: number | undefined): URL {
    const to = milliseconds === undefined ? query.to : new Date(milliseconds + 1).toISOString();
    return newestUrl(client, { ...query, to }, FIRST_PAGE);
  }

  return {
    /** The range asked for, in milliseconds since 1970, as far as it is bounded. */
    range: { from: boundOf(query.from), to: boundOf(query.to) },
    get hasOlder() {
      return older !== undefined;
    },
    get searchedBackTo() {
      return searchedBackTo;
    },
    get hasNewer() {
      return newer !== undefined;
    },
    /**
     * The next older entries; none at the end, or where the service searched long and found nothing.
     * @param onSearched called each time that the search has come further and found nothing
     */
    async older(signal: AbortSignal, onSearched: () => void): Promise<LogEntry[]> {
      let pages = 0;
      if (!older) return [];
      for await (const page of client.pages(
        older,
        entriesIn,
        { wait: () => undefined, signal },
        LATER_PAGE,
      )) {
        const isFull = page.entries.length >= Number(older?.searchParams.get('limit'));
        searchedBackTo = isFull ? undefined : boundOf(page.searchedBackTo);
        older = page.next;
        if (page.entries.length > 0) return page.entries;
        onSearched();
        pages += 1;
        if (pages === PATIENCE) break;
      }
      return [];
    },
    /** The entries right after those in the list, newest first. */
    async newer(signal: AbortSignal): Promise<LogEntry[]> {
      if (newer === undefined) return [];
      const until = boundOf(query.to) ?? Date.now();
      const { entries, upTo } = await readNewer(client, query, {
        after: newer,
        until,
        patience: { wait: () => undefined, signal },
      });
      newer = upTo < until ? upTo : undefined;
      return entries;
    },
    /** Goes on below this entry now that the list holds none that is older. */
    resumeBelow({ datetime }: LogEntry): void {
      older = urlBelow(millisecondsOf(datetime));
    },
    /** Goes on above this entry now that the list holds none that is newer. */
    resumeAbove({ datetime }: LogEntry): void {
      newer = millisecondsOf(datetime);
    },
    /**
     * New entries as they come, oldest first, until the signal. Of what is older than the list nothing is new:
     * scrolling gets there.
     * @param oldest the oldest entry of the list, asked for at each read
     * @param most how many a read may give: no more than the list can hold
     */
    follow(
      shown: readonly LogEntry[],
      options: {
        oldest: () => LogEntry | undefined;
        most: number;
        signal: AbortSignal;
        onOutage: (error: ServiceError | undefined) => void;
      },
    ): Arrivals {
      const { oldest, most, signal, onOutage } = options;
      return follow({
        overlap: OVERLAP,
        shown,
        signal,
        onOutage,
        read: (window, firstPage) => {
          const from = latestOf(window, query.from, older && oldest()?.datetime);
          return readNewest(client, { ...query, from }, { limit: most, firstPage });
        },
      });
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
