import { lineOf, type Row } from './entry-row.ts';
import type { RowWindow } from './row-window.ts';

/** The current row of a list: the Tab key reaches only that one, and the keys go from there to the others. */
export function createCurrentRow(root: HTMLOListElement, view: RowWindow) {
  let current: Row | undefined;

  const setTabIndex = (row: Row | undefined, tabIndex: number) => {
    const item = row && view.items.get(row);
    if (item) lineOf(item).tabIndex = tabIndex;
  };

  return {
    get row() {
      return current;
    },
    get hasFocus() {
      return root.contains(document.activeElement);
    },
    set(row: Row | undefined) {
      setTabIndex(current, -1);
      setTabIndex(row, 0);
      current = row;
    },
    /** Brings a row into sight, and gives it the focus. */
    focus(row: Row | undefined, where: 'nearest' | 'middle' = 'nearest') {
      const item = row && view.show(row, where);
      if (item) lineOf(item).focus({ preventScroll: true });
    },
    /** Gives the focus to the row where it is, if it is on the page. */
    focusAgain() {
      const item = current && view.items.get(current);
      if (item) lineOf(item).focus({ preventScroll: true });
    },
  };
}
