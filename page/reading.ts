import { asLongAsItTakes, pauseUntil, untilAnswered } from '../client/patience.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { Feed } from './feed.ts';
import type { Notices } from './notices.ts';

/** What is read next: entries below the list, or above it. */
export type Direction = 'older' | 'newer';

export interface ReadingParts {
  notices: Notices;
  /** How far a search that has found little has come, as it is shown. */
  searchedBackTo: () => string | undefined;
  /** Called with what was read, also when that is nothing. */
  onRead: (entries: readonly LogEntry[], direction: Direction) => void;
}

/** Reads a feed, one page at a time and as long as it takes: tried again while the service is away, stopped by the user. */
export function createReading({ notices, searchedBackTo, onRead }: ReadingParts) {
  let feed: Feed;
  /** Ends what goes on for this feed. */
  let stop = new AbortController();
  /** Ends a search that the user does not want to go on. */
  let search = new AbortController();
  let isReading = false;
  let failed: Direction = 'older';
  let wake = () => {};

  /** Reads more in one direction. Resolves to true once it was handed on, while the feed is still this one. */
  async function read(direction: Direction): Promise<boolean> {
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
        wait: asLongAsItTakes,
        signal: ended,
        onOutage: (error, wait) => (error ? notices.failed(error, wait) : notices.mended()),
        pause: (wait) => Promise.race([pauseUntil(wait, ended), new Promise<void>((go) => (wake = go))]),
      });
      if (signal.aborted) return false;
      isReading = false;
      notices.mended();
      onRead(entries ?? [], direction);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      isReading = false;
      notices.failed(error);
      return false;
    }
  }

  return {
    read,
    /** Reads this feed from now on. */
    begin(next: Feed) {
      feed = next;
    },
    /** Ends what goes on, because something else is to be read. */
    end() {
      stop.abort();
      stop = new AbortController();
      isReading = false;
    },
    /** Gets again the page that failed, now. */
    retry() {
      if (isReading) wake();
      else read(failed);
    },
    /** Ends a search where it is. What it has found is handed on. */
    stopSearch: () => search.abort(),
  };
}
