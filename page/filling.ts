import { readableSecond } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { EntryList, KeptRows } from './entry-list.ts';
import type { Feed } from './feed.ts';
import type { Shown } from './histogram.ts';
import type { ListEnd, Notices } from './notices.ts';
import type { Direction } from './reading.ts';
import { patternOf } from './search-text.ts';
import { isFiltered, type ViewState } from './view-state.ts';

/** Rows on the page: one that is left open overnight must not use up the machine's memory. */
export const MOST_ROWS = 10_000;
/** How near an end of the list comes to what is in sight before more entries are read. */
const READ_AHEAD = '800px';

export interface FillingParts {
  scroller: HTMLElement;
  /** What stands before and after the list. */
  start: HTMLElement;
  end: HTMLElement;
  list: EntryList;
  notices: Notices;
  /** Called when an end of the list beyond which there are entries comes near to what is in sight. */
  onNear: (direction: Direction) => void;
  /** Called when other entries are on show than before. */
  onShown: (shown: Omit<Shown, 'local'>) => void;
}

/** Puts the entries of a feed into the list, lets rows go where there are too many, and says what its ends are. */
export function createFilling({ scroller, start, end, list, notices, onNear, onShown }: FillingParts) {
  let feed: Feed;
  let state: ViewState;
  const nearEnd = observerOf('older');
  const nearStart = observerOf('newer');

  /** The last record is how things stand now. */
  function observerOf(direction: Direction) {
    return new IntersectionObserver((records) => records.at(-1)?.isIntersecting && onNear(direction), {
      root: scroller,
      rootMargin: READ_AHEAD,
    });
  }

  /** Watches the ends. Watching anew reports whether one is near: it still is when little was found. */
  const watch = () => {
    unwatch();
    if (feed.hasOlder) nearEnd.observe(end);
    if (feed.hasNewer) nearStart.observe(start);
  };

  const unwatch = () => {
    nearEnd.disconnect();
    nearStart.disconnect();
  };

  const showLoaded = () => {
    start.hidden = !feed.hasNewer;
    onShown({
      points: list.rows.map(({ time, entry: { severity } }) => ({ time, severity })),
      range: feed.range,
      hasOlder: feed.hasOlder,
      hasNewer: feed.hasNewer,
    });
  };

  /** Lets rows go at one end. They are read again when that end comes near. */
  const cut = (from: 'newest' | 'oldest'): void => {
    const last = list.trim(MOST_ROWS, from);
    if (last && from === 'newest') feed.resumeAbove(last);
    if (last && from === 'oldest') feed.resumeBelow(last);
  };

  /** How far a search that has found little has come. */
  const searchedBackTo = () =>
    feed.searchedBackTo === undefined ? undefined : readableSecond(feed.searchedBackTo, state.local);

  const endOf = (): ListEnd => {
    if (feed.hasOlder) return 'more';
    if (list.rows.length > 0) return 'end';
    return isFiltered(state) ? 'filtered' : 'empty';
  };

  return {
    searchedBackTo,
    unwatch,
    /** Empties the list for the entries of another feed. */
    begin(nextFeed: Feed, nextState: ViewState) {
      feed = nextFeed;
      state = nextState;
      list.begin({ local: state.local, sought: patternOf(state.contains) });
      start.hidden = true;
    },
    /** Takes over a state that asks for the same entries. */
    adjust(next: ViewState) {
      const isOtherZone = next.local !== state.local;
      state = next;
      if (!isOtherZone) return;
      list.setZone(next.local);
      showLoaded();
    },
    /** Shows the rows that a view was left with. */
    restore(kept: KeptRows, isLoaded: boolean) {
      list.restore(kept);
      showLoaded();
      if (!isLoaded) return;
      notices.end(endOf());
      watch();
    },
    /** Adds what was read in one direction. A search that found nothing for long goes on when the user says so. */
    add(entries: readonly LogEntry[], direction: Direction) {
      list.insert(entries);
      cut(direction === 'older' ? 'newest' : 'oldest');
      showLoaded();
      const isPaused = direction === 'older' && entries.length === 0 && feed.hasOlder;
      notices.end(isPaused ? 'paused' : endOf(), searchedBackTo());
      if (!isPaused) watch();
    },
    /** Adds what has arrived while following. */
    addArrived(entries: readonly LogEntry[]) {
      if (entries.length === 0) return;
      // The list does not reach the present: what comes there is for later.
      if (feed.hasNewer) return notices.arrived(entries.length);
      const isHeld = list.isHeld;
      const hadOlder = feed.hasOlder;
      const count = list.insert(entries);
      if (count === 0) return;
      cut(isHeld ? 'newest' : 'oldest');
      if (isHeld) notices.arrived(count);
      notices.end(endOf());
      // Watching anew costs a look at every row.
      if (feed.hasNewer || feed.hasOlder !== hadOlder) watch();
      showLoaded();
    },
  };
}
