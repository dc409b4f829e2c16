import type { Row } from './entry-row.ts';

/** Pixels of a row until one was measured. */
const FIRST_GUESS = 24;

/** Where the rows of a list are, in pixels from its top: by their heights as far as they were measured. */
export function createRowHeights(root: HTMLElement, scroller: HTMLElement) {
  let rows: readonly Row[] = [];
  let width = 0;
  let usualHeight = FIRST_GUESS;
  let isMeasured = false;

  const heightOf = (row: Row) => row.height ?? usualHeight;
  const topOf = (row: Row) => {
    let top = 0;
    for (const other of rows) {
      if (other === row) return top;
      top += heightOf(other);
    }
    return top;
  };
  /** What of the list is in sight. Something may cover the top of the scroller. */
  const sight = () => {
    const covered = Number.parseFloat(scroller.style.getPropertyValue('--top') || '0');
    const from = scroller.scrollTop + covered - root.offsetTop;
    return { from, to: from + scroller.clientHeight - covered };
  };

  return {
    set rows(next: readonly Row[]) {
      rows = next;
    },
    /** The width for which the heights were measured. */
    get width() {
      return width;
    },
    heightOf,
    topOf,
    sight,
    /** Pixels of what follows the list. */
    below() {
      const whole = root.parentElement ?? root;
      return whole.offsetTop + whole.offsetHeight - root.offsetTop - root.offsetHeight;
    },
    firstInSight() {
      const { from } = sight();
      let bottom = 0;
      return rows.find((row) => {
        bottom += heightOf(row);
        return bottom > from;
      });
    },
    isInSight(row: Row) {
      const { from, to } = sight();
      const top = topOf(row);
      return rows.includes(row) && top < to && top + heightOf(row) > from;
    },
    /** Forgets all heights, because the list has another width. */
    forget(next: number) {
      width = next;
      isMeasured = false;
      for (const row of rows) row.height = undefined;
    },
    /** Takes over heights. The first of a closed row is taken for that of all rows that were not measured. */
    learn(measured: readonly [Row, number][]) {
      for (const [row, height] of measured) {
        if (!isMeasured && !row.isOpen) [usualHeight, isMeasured] = [height, true];
        row.height = height;
      }
    },
  };
}
