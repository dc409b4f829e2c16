import type { LogClient } from '../client/log-client.ts';
import { readableSecond } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import { adviceForEmpty } from './empty-advice.ts';
import type { KeptRows } from './entry-list.ts';
import { createFeed, type Direction, type Feed } from './feed.ts';
import { createFollowing, type FollowedParts } from './follow-feed.ts';
import { endOf, observeEnds } from './list-ends.ts';
import { patternOf } from './sought-pattern.ts';
import type { Loaded } from './time-bars.ts';
import type { ViewState } from './view-state.ts';

/** Rows of a list that begins with the oldest, at most: a trace has fewer. Reading them takes a few pages. */
const MOST_FROM_BEGINNING = 2_000;

export interface TimelineParts extends FollowedParts {
  scroller: HTMLElement;
  /** What is shown before and after the list: as either comes near, the entries there are read. */
  start: HTMLElement;
  end: HTMLElement;
  /** Called when other entries are shown than before. */
  onShown: (loaded: Loaded) => void;
}

/** A view that was left, as it was. */
export interface KeptTimeline {
  feed: Feed;
  isLoaded: boolean;
  rows: KeptRows;
}

/**
 * The list of a view: entries of its feed are put in as its ends come near to what is in sight and as new ones
 * arrive, rows are removed where there are too many, and its ends say what is there.
 */
export function createTimelineView(client: LogClient, parts: TimelineParts) {
  const { scroller, start, end, list, mostRows, notices } = parts;
  let state: ViewState;
  /** Set by the first `ask`. */
  let feed: Feed;
  /** Whether the first page is shown. */
  let isLoaded = false;
  let lastAsked: Direction = 'older';
  const following = createFollowing(parts, addArrived);
  const ends = observeEnds({ scroller, start, end }, (direction) => read(direction));

  const searchedBackTo = () =>
    feed.searchedBackTo === undefined ? undefined : readableSecond(feed.searchedBackTo, state.local);

  const sayEnd = (end = endOf(feed, list, state)) =>
    notices.end(end, { searchedBackTo: searchedBackTo(), advice: adviceForEmpty(state) });

  const events = {
    onLoading: (direction: Direction) =>
      notices.loading(direction === 'older' && feed.hasOlder ? searchedBackTo() : undefined),
    onOutage: (error: unknown, wait: number) =>
      error ? notices.failed(error, wait) : notices.clearProblem(),
    onSlow: notices.slow,
  };

  /** Reads more in one direction. Resolves to true once it is shown, while the view is still this one. */
  async function read(direction: Direction): Promise<boolean> {
    if (feed.isReading) return false;
    lastAsked = direction;
    try {
      const entries = await feed.read(direction);
      if (!entries) return false;
      isLoaded = true;
      notices.clearProblem();
      add(entries, direction);
      if (state.follow && !feed.isFollowing) following.begin(feed);
      return true;
    } catch (error) {
      notices.failed(error);
      return false;
    }
  }

  /** A list that begins with the oldest entry is read as a whole before. */
  function watchEnds(): void {
    if (!state.oldestFirst) ends.watch(feed);
  }

  /** Reads back to the first entry of what is shown from there on. */
  async function readToBeginning(): Promise<void> {
    while (feed.hasOlder && list.rows.length < MOST_FROM_BEGINNING && (await read('older')));
    const first = list.rows.at(-1);
    if (feed.hasOlder && !feed.isReading)
      notices.end('paused', {
        searchedBackTo: searchedBackTo() ?? (first && readableSecond(first.time, state.local)),
      });
  }

  /** Adds what was read. A search that found nothing for long is continued when the user asks for it. */
  function add(entries: readonly LogEntry[], direction: Direction): void {
    list.insert(entries, direction === 'newer');
    cut(direction === 'older' ? 'newest' : 'oldest');
    showLoaded();
    const isPaused = direction === 'older' && entries.length === 0 && feed.hasOlder;
    sayEnd(isPaused ? 'paused' : undefined);
    if (!isPaused) watchEnds();
  }

  function addArrived(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    // The list does not reach the present, so they are read when its start comes near.
    if (feed.hasNewer) {
      notices.arrived(entries.length);
      return;
    }
    const [isHeld, hadOlder] = [list.isHeld, feed.hasOlder];
    const count = list.insert(entries);
    if (count === 0) return;
    cut(isHeld ? 'newest' : 'oldest');
    if (isHeld) notices.arrived(count);
    sayEnd();
    // The observers look at every row when they begin.
    if (feed.hasNewer || feed.hasOlder !== hadOlder) watchEnds();
    showLoaded();
  }

  /** Removes rows beyond the most at one end. They are read again when that end comes near. */
  function cut(from: 'newest' | 'oldest'): void {
    const last = list.trim(mostRows, from);
    if (last) feed[from === 'newest' ? 'resumeAbove' : 'resumeBelow'](last);
  }

  function showLoaded(): void {
    start.hidden = !feed.hasNewer;
    parts.onShown({
      points: list.rows.map(({ time, entry: { severity } }) => ({ time, severity })),
      range: feed.range,
      hasOlder: feed.hasOlder,
      hasNewer: feed.hasNewer,
      local: state.local,
    });
  }

  /** Ends all reading, because something else is shown. */
  function leave(): void {
    feed?.stop();
    parts.onOutage(false);
    ends.unwatch();
    isLoaded = false;
    notices.clear();
  }

  function begin(nextFeed: Feed, nextState: ViewState): void {
    leave();
    feed = nextFeed;
    state = nextState;
    const { local, columns, oldestFirst, contains, word } = state;
    list.begin({ local, columns, oldestFirst, sought: patternOf([...contains, ...word]) });
    start.hidden = true;
  }

  return {
    /** Shows a state from its first page on. Resolves to whether that page is shown. */
    async ask(next: ViewState): Promise<boolean> {
      const hadFocus = list.hasFocus;
      begin(createFeed(client, next, Date.now(), events), next);
      // Without this the body would get the focus when the row that has it is removed.
      if (hadFocus) scroller.focus();
      if (!(await read('older'))) return false;
      notices.announce(list.rows.length, feed.hasOlder);
      const isFocusHere = document.activeElement === scroller;
      if (state.at) {
        await read('newer');
        const instant = parseInstant(state.at);
        if (state.id === '') list.goTo(instant);
        else if (!list.reveal({ instant, id: state.id }))
          notices.say('The entry of this link is not here: it may have expired');
      } else if (hadFocus && isFocusHere) list.focusFirst();
      if (state.oldestFirst) await readToBeginning();
      return true;
    },
    /** Asks again for the page that failed, at once. */
    retry() {
      if (feed.isReading) feed.askNow();
      else read(lastAsked);
    },
    searchOn: () => read('older'),
    stopSearch: () => feed.stopSearch(),
    /** The view as it is, to be restored later. It is left by `ask` or `restore`. */
    keep: (): KeptTimeline => ({ feed, isLoaded, rows: list.keep() }),
    /** Shows a view as it was left, without asking the service. */
    restore(next: ViewState, kept: KeptTimeline) {
      const hadFocus = list.hasFocus;
      begin(kept.feed, next);
      isLoaded = kept.isLoaded;
      list.restore(kept.rows);
      if (hadFocus && !list.hasFocus) scroller.focus({ preventScroll: true });
      showLoaded();
      if (!isLoaded) return read('older');
      sayEnd();
      watchEnds();
      if (state.follow) following.begin(feed);
    },
    /** Takes over a state that asks for the same entries. */
    adjust(next: ViewState) {
      const before = state;
      state = next;
      if (next.local !== before.local) {
        list.setZone(next.local);
        showLoaded();
      }
      if (next.columns !== before.columns) list.setColumns(next.columns);
      if (next.follow === before.follow) return;
      if (!next.follow) following.end(feed);
      else if (isLoaded) following.begin(feed);
      else read('older');
    },
    leave,
    /** Undefined until the first `ask`. */
    get feed(): Feed | undefined {
      return feed;
    },
  };
}
