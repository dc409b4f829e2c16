import type { LogService } from '../client/log-service.ts';
import { readableSecond } from '../client/readable-time.ts';
import { pauseUntil, untilAnswered } from '../client/until-answered.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import type { EntryList, KeptRows } from './entry-list.ts';
import { createFeed, type Feed } from './feed.ts';
import { createFollowing } from './following.ts';
import type { Shown } from './histogram.ts';
import type { ListEnd, Notices } from './notices.ts';
import { patternOf } from './search-text.ts';
import { isFiltered, type ViewState } from './view-state.ts';

/** Rows on the page: one that is left open overnight must not use up the machine's memory. */
const MOST_ROWS = 10_000;
/** How near an end of the list comes to what is in sight before more entries are read. */
const READ_AHEAD = '800px';

export interface TimelineParts {
  scroller: HTMLElement;
  /** What stands before and after the list: as either comes near, the entries there are read. */
  start: HTMLElement;
  end: HTMLElement;
  list: EntryList;
  notices: Notices;
  /** Called when other entries are on show than before. */
  onShown: (shown: Omit<Shown, 'local'>) => void;
  /** Called as the following loses and finds the service. */
  onOutage: (isAway: boolean) => void;
  /** Called when the following has ended for an error that won't pass. */
  onFollowEnd: () => void;
}

/** A view that was left, as it was. */
export interface KeptView {
  feed: Feed;
  isLoaded: boolean;
  rows: KeptRows;
}

type Direction = 'older' | 'newer';

/**
 * The list and what fills it. It asks anew (`ask`), gets again the page that failed (`retry`), and restores a view
 * as it was left (`restore`).
 */
export function createTimelineView(service: LogService, parts: TimelineParts) {
  const { scroller, start, end, list, notices } = parts;
  let state: ViewState;
  let feed: Feed;
  /** Ends what goes on for this view. */
  let stop = new AbortController();
  /** Ends a search that the user does not want to go on. */
  let search = new AbortController();
  let isReading = false;
  /** Whether the first page is on show. */
  let isLoaded = false;
  let failed: Direction = 'older';
  let wake = () => {};

  const nearEnd = observerOf(() => read('older'));
  const nearStart = observerOf(() => read('newer'));

  /** The last record is how things stand now. */
  function observerOf(onNear: () => void) {
    return new IntersectionObserver((records) => records.at(-1)?.isIntersecting && onNear(), {
      root: scroller,
      rootMargin: READ_AHEAD,
    });
  }

  const following = createFollowing({
    list,
    notices,
    most: MOST_ROWS,
    onArrived: (entries) => showArrived(entries),
    onOutage: parts.onOutage,
    onEnd: parts.onFollowEnd,
  });

  const leave = () => {
    stop.abort();
    following.stop();
    stop = new AbortController();
    isReading = false;
    isLoaded = false;
    nearEnd.disconnect();
    nearStart.disconnect();
    notices.clear();
  };

  /** Watches the ends. Watching anew reports whether one is near: it still is when little was found. */
  const watch = () => {
    nearEnd.disconnect();
    nearStart.disconnect();
    if (feed.hasOlder) nearEnd.observe(end);
    if (feed.hasNewer) nearStart.observe(start);
  };

  const showLoaded = () => {
    start.hidden = !feed.hasNewer;
    parts.onShown({
      points: list.rows.map(({ time, entry: { severity } }) => ({ time, severity })),
      range: feed.range,
      hasOlder: feed.hasOlder,
      hasNewer: feed.hasNewer,
    });
  };

  /** Reads more in one direction, as long as it takes. Resolves to true when it is on show in this same view. */
  const read = async (direction: Direction): Promise<boolean> => {
    if (isReading) return false;
    isReading = true;
    failed = direction;
    const { signal } = stop;
    search = new AbortController();
    const ended = AbortSignal.any([signal, search.signal]);
    const showLoading = () =>
      notices.loading(direction === 'older' && feed.hasOlder ? searchedBackTo() : undefined);
    showLoading();
    try {
      const entries = await untilAnswered(() => feed[direction](ended, showLoading), {
        signal: ended,
        onOutage: (error, wait) => (error ? notices.failed(error, wait) : notices.mended()),
        pause: (wait) => Promise.race([pauseUntil(wait, ended), new Promise<void>((go) => (wake = go))]),
      });
      if (signal.aborted) return false;
      isReading = false;
      notices.mended();
      place(entries ?? [], direction);
      if (state.follow && !following.isOn) following.start(feed);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      isReading = false;
      notices.failed(error);
      return false;
    }
  };

  const place = (entries: readonly LogEntry[], direction: Direction) => {
    isLoaded = true;
    list.insert(entries);
    cut(direction === 'older' ? 'newest' : 'oldest');
    showLoaded();
    const isPaused = direction === 'older' && entries.length === 0 && feed.hasOlder;
    notices.end(isPaused ? 'paused' : endOf(), searchedBackTo());
    if (!isPaused) watch();
  };

  /** Lets rows go at one end. They are read again when that end comes near. */
  const cut = (from: 'newest' | 'oldest'): void => {
    const last = list.trim(MOST_ROWS, from);
    if (last && from === 'newest') feed.resumeAbove(last);
    if (last && from === 'oldest') feed.resumeBelow(last);
  };

  const searchedBackTo = () =>
    feed.searchedBackTo === undefined ? undefined : readableSecond(feed.searchedBackTo, state.local);

  const endOf = (): ListEnd => {
    if (feed.hasOlder) return 'more';
    if (list.rows.length > 0) return 'end';
    return isFiltered(state) ? 'filtered' : 'empty';
  };

  const showArrived = (entries: readonly LogEntry[]) => {
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
  };

  return {
    /** Asks anew: shows the state from its first page on. Resolves to whether that page is on show. */
    async ask(next: ViewState): Promise<boolean> {
      leave();
      state = next;
      feed = createFeed(service, state, Date.now());
      const hadFocus = list.hasFocus;
      list.begin({ local: state.local, sought: patternOf(state.contains) });
      start.hidden = true;
      // The focus must not fall to the body with the row that had it.
      if (hadFocus) scroller.focus();
      if (!(await read('older'))) return false;
      const isFocusHere = document.activeElement === scroller;
      if (state.at) {
        await read('newer');
        if (!list.reveal({ instant: parseInstant(state.at), id: state.id }))
          notices.say('The entry of this link is not here: it may have expired');
      } else if (hadFocus && isFocusHere) list.focusFirst();
      return true;
    },
    /** Gets again the page that failed, now. */
    retry() {
      if (isReading) wake();
      else read(failed);
    },
    searchOn: () => read('older'),
    stopSearch: () => search.abort(),
    /** The view as it is, to be restored later. It is left by `ask` or `restore`. */
    keep: (): KeptView => ({ feed, isLoaded, rows: list.keep() }),
    /** Shows a view as it was left, without asking the service. */
    restore(next: ViewState, kept: KeptView) {
      leave();
      state = next;
      feed = kept.feed;
      isLoaded = kept.isLoaded;
      list.begin({ local: state.local, sought: patternOf(state.contains) });
      list.restore(kept.rows);
      showLoaded();
      if (!isLoaded) {
        read('older');
        return;
      }
      notices.end(endOf());
      watch();
      if (state.follow) following.start(feed);
    },
    /** Takes over a state that asks for the same entries. */
    adjust(next: ViewState) {
      const before = state;
      state = next;
      if (next.local !== before.local) {
        list.setZone(next.local);
        showLoaded();
      }
      if (next.follow === before.follow) return;
      if (next.follow && isLoaded) following.start(feed);
      else if (next.follow && !isReading) read('older');
      if (!next.follow) following.stop();
    },
    /** Ends what goes on, because something else is shown. */
    leave,
    get hasNewer() {
      return feed.hasNewer;
    },
  };
}
