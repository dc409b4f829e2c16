import type { LogClient } from '../client/log-client.ts';
import { parseInstant } from '../entities/instant.ts';
import type { EntryList, KeptRows } from './entry-list.ts';
import { createFeed, type Feed } from './feed.ts';
import { createFilling, MOST_ROWS } from './filling.ts';
import { createFollowing } from './following.ts';
import type { Shown } from './histogram.ts';
import type { Notices } from './notices.ts';
import { createReading } from './reading.ts';
import type { ViewState } from './view-state.ts';

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

/**
 * The list and what fills it. It asks anew (`ask`), gets again the page that failed (`retry`), and restores a view
 * as it was left (`restore`).
 */
export function createTimelineView(client: LogClient, parts: TimelineParts) {
  const { scroller, list, notices } = parts;
  let state: ViewState;
  let feed: Feed;
  /** Whether the first page is on show. */
  let isLoaded = false;

  const filling = createFilling({ ...parts, onNear: (direction) => reading.read(direction) });
  const reading = createReading({
    notices,
    searchedBackTo: filling.searchedBackTo,
    onRead: (entries, direction) => {
      isLoaded = true;
      filling.add(entries, direction);
      if (state.follow && !following.isOn) following.start(feed);
    },
  });
  const following = createFollowing({
    list,
    notices,
    most: MOST_ROWS,
    onArrived: filling.addArrived,
    onOutage: parts.onOutage,
    onEnd: parts.onFollowEnd,
  });

  const leave = () => {
    reading.end();
    following.stop();
    filling.unwatch();
    isLoaded = false;
    notices.clear();
  };

  const begin = (nextFeed: Feed, nextState: ViewState) => {
    leave();
    feed = nextFeed;
    state = nextState;
    reading.begin(feed);
    filling.begin(feed, state);
  };

  return {
    /** Asks anew: shows the state from its first page on. Resolves to whether that page is on show. */
    async ask(next: ViewState): Promise<boolean> {
      const hadFocus = list.hasFocus;
      begin(createFeed(client, next, Date.now()), next);
      // The focus must not fall to the body with the row that had it.
      if (hadFocus) scroller.focus();
      if (!(await reading.read('older'))) return false;
      const isFocusHere = document.activeElement === scroller;
      if (state.at) {
        await reading.read('newer');
        if (!list.reveal({ instant: parseInstant(state.at), id: state.id }))
          notices.say('The entry of this link is not here: it may have expired');
      } else if (hadFocus && isFocusHere) list.focusFirst();
      return true;
    },
    retry: reading.retry,
    searchOn: () => reading.read('older'),
    stopSearch: reading.stopSearch,
    /** The view as it is, to be restored later. It is left by `ask` or `restore`. */
    keep: (): KeptView => ({ feed, isLoaded, rows: list.keep() }),
    /** Shows a view as it was left, without asking the service. */
    restore(next: ViewState, kept: KeptView) {
      begin(kept.feed, next);
      isLoaded = kept.isLoaded;
      filling.restore(kept.rows, isLoaded);
      if (!isLoaded) reading.read('older');
      else if (state.follow) following.start(feed);
    },
    /** Takes over a state that asks for the same entries. */
    adjust(next: ViewState) {
      const before = state;
      state = next;
      filling.adjust(next);
      if (next.follow === before.follow) return;
      if (!next.follow) following.stop();
      else if (isLoaded) following.start(feed);
      else reading.read('older');
    },
    /** Ends what goes on, because something else is shown. */
    leave,
    get hasNewer() {
      return feed.hasNewer;
    },
  };
}
