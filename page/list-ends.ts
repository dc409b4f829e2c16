import type { EntryList } from './entry-list.ts';
import type { Direction, Feed } from './feed.ts';
import type { ListEnd } from './notices.ts';
import { isFiltered, type ViewState } from './view-state.ts';

/** How near an end of the list comes to what is in sight before more entries are read. */
const READ_AHEAD = '800px';

/** Calls `onNear` when an end of the list beyond which there are entries comes near to what is in sight. */
export function observeEnds(
  { scroller, start, end }: { scroller: HTMLElement; start: HTMLElement; end: HTMLElement },
  onNear: (direction: Direction) => void,
) {
  const observe = (direction: Direction) =>
    // The last record says what is true now.
    new IntersectionObserver((records) => records.at(-1)?.isIntersecting && onNear(direction), {
      root: scroller,
      rootMargin: READ_AHEAD,
    });
  const nearEnd = observe('older');
  const nearStart = observe('newer');
  const unwatch = () => {
    nearEnd.disconnect();
    nearStart.disconnect();
  };
  return {
    /** An observer that begins again reports an end that is still near, as it is when little was found. */
    watch({ hasOlder, hasNewer }: Feed) {
      unwatch();
      if (hasOlder) nearEnd.observe(end);
      if (hasNewer) nearStart.observe(start);
    },
    unwatch,
  };
}

/** What the end of the list says once a page is read. */
export function endOf({ hasOlder }: Feed, { rows }: EntryList, state: ViewState): ListEnd {
  if (hasOlder) return 'more';
  if (rows.length > 0) return state.oldestFirst ? 'newest' : 'end';
  return isFiltered(state) ? 'filtered' : 'empty';
}
