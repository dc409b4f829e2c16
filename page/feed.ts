import { follow } from '../client/follow.ts';
import { createLogService, newestUrl, readPages } from '../client/log-service.ts';
import { ServiceError } from '../client/service-error.ts';
import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import { queryOf, type ViewState } from './view-state.ts';

const PAGE_SIZE = 200;
/** How late an entry may arrive and still be shown while following, in milliseconds. */
const OVERLAP = 60_000;
/** Pages without a match before the user is asked whether to go on: each costs the service a scan. */
const PATIENCE = 10;

export interface FollowHandlers {
  onArrival: (entries: LogEntry[]) => void;
  /** Called with undefined once the service answers again. */
  onProblem: (problem: ServiceError | undefined) => void;
}

/**
 * The entries of one view: its first page, older ones on request, and new ones while following. A changed view
 * is a new feed. The signal ends its reading.
 */
export function createFeed(state: ViewState, signal: AbortSignal) {
  const openedAt = Date.now();
  const service = createLogService(new URL('.', document.baseURI));
  let next: URL | undefined = newestUrl(service, queryOf(state, openedAt), PAGE_SIZE);
  let reading: Promise<LogEntry[]> | undefined;
  /** The instant of the oldest entry that was read. */
  let oldest = '';

  const readOlder = async () => {
    let entries: LogEntry[] = [];
    for (let pages = 0; next && entries.length === 0 && pages < PATIENCE; pages += 1)
      ({ entries, next } = await service.page(next, signal));
    oldest = entries.length > 0 ? parseInstant(entries.at(-1)?.datetime ?? '') : oldest;
    return entries;
  };

  return {
    get hasOlder() {
      return next !== undefined;
    },
    /** The next older entries; none at the end, or where the service searched long and found nothing. */
    older() {
      reading ??= readOlder().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    /** Goes on from where the list ends now that its oldest entries have been removed. */
    resumeAfter(last: LogEntry) {
      oldest = parseInstant(last.datetime);
      const to = new Date(epochMillisecondsOf(oldest) + 1).toISOString();
      next = newestUrl(service, queryOf({ ...state, to }, openedAt), PAGE_SIZE);
    },
    /** Hands over new entries as they come, until `stop`. A service that is away is asked again. */
    async follow(shown: readonly LogEntry[], stop: AbortSignal, { onArrival, onProblem }: FollowHandlers) {
      const arrivals = follow({
        overlap: OVERLAP,
        shown,
        signal: stop,
        onOutage: onProblem,
        read: (from) => readPages(service, queryOf(since(state, from), openedAt), Infinity, stop),
      });
      try {
        for await (const entries of arrivals) {
          // Entries older than the list so far are not new: scrolling gets there.
          onArrival(next ? entries.filter(({ datetime }) => parseInstant(datetime) >= oldest) : entries);
        }
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        onProblem(error);
      }
    },
  };
}

function since(state: ViewState, from: string): ViewState {
  return state.from && parseInstant(state.from) > parseInstant(from) ? state : { ...state, from, last: '' };
}
