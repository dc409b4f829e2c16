// @ts-check
import { createFollower } from './follow.js';
import { instantOf, millisOf } from './instant.js';
import { ProblemError, readPage, readPages } from './log-api.js';
import { queryOf } from './view-state.js';

const FOLLOW_INTERVAL = 2_000;
const LONGEST_INTERVAL = 30_000;
/** How late an entry may arrive and still be shown while following. */
const OVERLAP = 60_000;
const LARGEST_PAGE = 1_000;
/** Pages in which nothing was found before the user is asked whether to go on: each costs the service a scan. */
const PATIENCE = 10;

/**
 * The entries of one view: its first page, older ones on request, and new ones while following. A feed lives
 * until its signal ends it; a changed view is a new feed.
 *
 * @typedef {import('./follow.d.ts').Entry} Entry
 *
 * @param {import('./view-state.js').ViewState} state
 * @param {AbortSignal} signal
 */
export function createFeed(state, signal) {
  const opened = { now: Date.now(), base: document.baseURI };
  /** @type {URL | undefined} */
  let next = queryOf(state, opened);
  /** @type {Promise<Entry[]> | undefined} */
  let reading;
  let oldest = '';

  const readOlder = async () => {
    /** @type {Entry[]} */
    let entries = [];
    for (let pages = 0; next && entries.length === 0 && pages < PATIENCE; pages += 1) {
      const page = await readPage(next, signal);
      ({ entries, next } = page);
    }
    oldest = entries.length > 0 ? instantOf(entries.at(-1)?.datetime ?? '') : oldest;
    return entries;
  };

  return {
    get hasOlder() {
      return next !== undefined;
    },
    /** The next older entries; none when they are exhausted or the service searched long and found nothing. */
    older() {
      reading ??= readOlder().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    /**
     * Goes back to where the list now ends, after it let its oldest entries go.
     * @param {Entry} last
     */
    resumeAfter(last) {
      oldest = instantOf(last.datetime);
      next = queryOf({ ...state, to: new Date(millisOf(last.datetime) + 1).toISOString() }, opened);
    },
    /**
     * Hands over new entries as they come, until `stop`. A service that is away is asked again.
     * @param {readonly Entry[]} shown
     * @param {AbortSignal} stop
     * @param {{ onArrival: (entries: Entry[]) => void, onProblem: (problem: Error | undefined) => void }} handlers
     */
    async follow(shown, stop, { onArrival, onProblem }) {
      const follower = createFollower({
        overlap: OVERLAP,
        read: (from) => readPages(queryOf(since(state, from), { ...opened, limit: LARGEST_PAGE }), stop),
      });
      follower.note(shown);
      for (let failures = 0; !stop.aborted; ) {
        try {
          const entries = await follower.poll();
          if (failures > 0) onProblem(undefined);
          failures = 0;
          // What is older than the list so far is no news: scrolling gets there.
          onArrival(next ? entries.filter(({ datetime }) => instantOf(datetime) >= oldest) : entries);
        } catch (error) {
          if (stop.aborted) return;
          if (!(error instanceof ProblemError)) throw error;
          onProblem(error);
          if (!error.passing) return;
          failures += 1;
        }
        await pause(Math.min(FOLLOW_INTERVAL * 2 ** failures, LONGEST_INTERVAL));
      }
    },
  };
}

/**
 * @param {import('./view-state.js').ViewState} state
 * @param {string} from
 */
function since(state, from) {
  return state.from && instantOf(state.from) > instantOf(from) ? state : { ...state, from, last: '' };
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
