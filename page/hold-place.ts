import type { Row } from './entry-row.ts';

/** Keeps what is being read where it is in sight while rows come or go above it. */
export function createPlaceHolder(
  root: HTMLOListElement,
  scroller: HTMLElement,
  rowOf: (target: EventTarget | null) => Row | undefined,
) {
  return {
    /** The row that must not move: an open one in sight, or the first in sight of a list that is scrolled. */
    heldRow(): Row | undefined {
      const opened = root.querySelectorAll('.line[aria-expanded="true"]');
      if (opened.length === 0 && scroller.scrollTop === 0) return undefined;
      const { top, bottom, left } = scroller.getBoundingClientRect();
      for (const line of opened) {
        const { top: lineTop, bottom: lineBottom } = (line.parentElement ?? line).getBoundingClientRect();
        if (lineBottom > top && lineTop < bottom) return rowOf(line);
      }
      if (scroller.scrollTop === 0) return undefined;
      return rowOf(document.elementFromPoint(left + 20, top + 8));
    },
    /** Changes the list and keeps the held row where it is in sight. */
    holding(held: Row | undefined, alter: () => void): void {
      const before = held?.item.getBoundingClientRect().top;
      alter();
      if (held?.item.isConnected && before !== undefined)
        scroller.scrollTop += held.item.getBoundingClientRect().top - before;
    },
  };
}
