import { millisecondsOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { Feed } from './feed.ts';
import type { ViewState } from './view-state.ts';

/** What of a view is on screen. */
export interface Shown {
  feed: Pick<Feed, 'rangeRead' | 'hasOlder' | 'hasNewer'>;
  /** The entries of the list, newest first. */
  entries: readonly LogEntry[];
  /** The entry that is open. */
  open?: LogEntry;
}

/**
 * A view with the range of what is on screen in absolute times: whoever reads it later gets the same entries. Around an
 * entry that is what is loaded, elsewhere the range of the view up to the moment when it was read.
 */
export function shownState(state: ViewState, { feed, entries }: Shown): ViewState {
  const { from, to } = feed.rangeRead;
  const fixed = { ...state, last: '', from: from ?? '', to, follow: false };
  const [newest, oldest] = [entries[0], entries.at(-1)];
  if (!state.at || !newest || !oldest) return fixed;
  return {
    ...fixed,
    from: state.from || oldest.datetime,
    to: state.to || new Date(millisecondsOf(newest.datetime) + 1).toISOString(),
  };
}

/** The view as a link is to show it: with its range, and with the entry that is open. */
export function linkedState(state: ViewState, shown: Shown): ViewState {
  // A link to the lines around an entry leads to those beyond the loaded ones too.
  if (state.at) return { ...state, follow: false };
  const { datetime: at = '', id = '' } = shown.open ?? {};
  return { ...shownState(state, shown), at, id };
}

/** How many entries the shown state has; undefined where not all of them are loaded. */
export function shownCount(state: ViewState, { feed, entries }: Shown): number | undefined {
  // Around an entry, what is loaded bounds the shown state where the view has no bound.
  const goesOn = state.at
    ? (state.from && feed.hasOlder) || (state.to && feed.hasNewer)
    : feed.hasOlder || feed.hasNewer;
  return goesOn ? undefined : entries.length;
}
