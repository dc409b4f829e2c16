import type { Row } from './entry-row.ts';
import type { RowWindow } from './row-window.ts';

/**
 * What is being read in a list, and must not move when rows come above it: the row that is pointed at, the one with the
 * focus, an open one in sight, or the first in sight of a list that is scrolled. Once the pointer and the focus have
 * left the list, it goes back to the top, where the new rows are.
 */
export function createRowHold(
  root: HTMLOListElement,
  scroller: HTMLElement,
  view: RowWindow,
  rows: () => readonly Row[],
) {
  let pointed: Row | undefined;
  /** Where the scroller was, and where it is, because rows came above one that is used. */
  let held: { from: number; to: number } | undefined;

  const usedRow = () => {
    const focused = view.rowOf(root.contains(document.activeElement) ? document.activeElement : null);
    return [pointed, focused].find((row) => row && view.isInSight(row));
  };
  const openRow = () => rows().find((row) => row.isOpen && view.isInSight(row));

  const release = () => {
    if (!held || usedRow()) return;
    if (held.to === scroller.scrollTop && !openRow()) scroller.scrollTop = held.from;
    held = undefined;
  };

  // A finger points at nothing before it touches.
  root.addEventListener('pointermove', ({ target, pointerType }) => {
    pointed = pointerType === 'touch' ? undefined : view.rowOf(target);
  });
  root.addEventListener('pointerleave', () => {
    pointed = undefined;
    release();
  });
  // The next element has the focus only after this event.
  root.addEventListener('focusout', () => setTimeout(release));

  return {
    /** The row that is used just now, by the pointer or the keyboard. */
    usedRow,
    readRow: () => openRow() ?? (view.isAtTop ? undefined : view.firstInSight()),
    /** Says that rows came above the row that is used, and where the scroller was before. */
    noteInserted({ top, isAtTop }: { top: number; isAtTop: boolean }) {
      if (isAtTop || held?.to === top) held = { from: held?.from ?? top, to: scroller.scrollTop };
    },
  };
}
