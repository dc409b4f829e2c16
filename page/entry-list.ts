import { messageOf } from '../client/entry-text.ts';
import type { LogEntry } from '../entities/entry.ts';
import { copyRows } from './copy-rows.ts';
import { takesText } from './document.ts';
import type { EntryActions } from './entry-detail.ts';
import {
  bindLines,
  createItem,
  createRow,
  isNewer,
  lineOf,
  mergeRows,
  type Row,
  type RowStyle,
  showColumns,
  showOpen,
  showZone,
} from './entry-row.ts';
import { noteSources, prepareColumns } from './row-columns.ts';
import { createRowHold } from './row-hold.ts';
import { createRowWindow } from './row-window.ts';

/** Up to so many new rows are highlighted. Nobody could look at each of more. */
const FEW = 20;

/** The rows of a list that was put aside. Open ones stay open. */
export interface KeptRows {
  rows: Row[];
  current: Row | undefined;
  hadFocus: boolean;
  top: number;
}

/**
 * The entries of the list, newest first, each once. One row is current: the Tab key reaches only that one, and `move`
 * goes from there to the others. What is being read keeps its place when rows are added or removed above it: the row
 * that is pointed at, the one with the focus, an open one in sight, or the first in sight of a list that is scrolled.
 */
export function createEntryList(root: HTMLOListElement, scroller: HTMLElement, actions: EntryActions) {
  let rows: Row[] = [];
  let keys = new Set<string>();
  /** The rows in the order in which they are shown. */
  let shown: readonly Row[] = [];
  let style: RowStyle = { local: false, sought: undefined, columns: [], oldestFirst: false };
  let current: Row | undefined;
  const view = createRowWindow(root, scroller, (row) => {
    const item = createItem(row, style, actions);
    if (row === current) lineOf(item).tabIndex = 0;
    return item;
  });

  const setRows = (next: Row[]) => {
    rows = next;
    shown = style.oldestFirst ? rows.toReversed() : rows;
    view.rows = shown;
  };

  const setCurrent = (row: Row | undefined) => {
    for (const [one, tabIndex] of [
      [current, -1],
      [row, 0],
    ] as const) {
      const item = one && view.items.get(one);
      if (item) lineOf(item).tabIndex = tabIndex;
    }
    current = row;
  };

  const hasFocus = () => root.contains(document.activeElement);

  const { usedRow, readRow, noteInserted } = createRowHold(root, scroller, view, () => rows);

  const toggle = (row: Row) => {
    row.isOpen = !row.isOpen;
    const item = view.items.get(row);
    if (!item) return;
    showOpen(item, row, style, actions);
    view.measure(row);
  };

  const focusRow = (row: Row | undefined, where: 'nearest' | 'middle' = 'nearest') => {
    const item = row && view.show(row, where);
    if (item) lineOf(item).focus({ preventScroll: true });
  };

  bindLines(root, view.rowOf, toggle);
  root.addEventListener('focusin', ({ target }) => setCurrent(view.rowOf(target) ?? current));
  copyRows(root, {
    messageOf(line) {
      const row = view.rowOf(line);
      return row && messageOf(row.entry);
    },
    itemsBetween(first, last) {
      const placeOf = (item: Element) => shown.findIndex((row) => view.items.get(row) === item);
      return shown
        .slice(first ? placeOf(first) : 0, last ? placeOf(last) + 1 : shown.length)
        .map((row) => view.itemOf(row));
    },
  });

  return {
    get rows(): readonly Row[] {
      return rows;
    },
    get current() {
      return current?.entry;
    },
    /** The current entry, if it is open. */
    get open() {
      return current?.isOpen ? current.entry : undefined;
    },
    get hasFocus() {
      return hasFocus();
    },
    get isAtTop() {
      return view.isAtTop;
    },
    /** Whether something is being read that new rows must not move. */
    get isHeld() {
      return (usedRow() ?? readRow()) !== undefined;
    },
    /** Empties the list. The next rows are shown in this style. */
    begin(next: RowStyle) {
      style = next;
      rows = [];
      keys = new Set();
      setCurrent(undefined);
      view.clear();
      root.classList.toggle('local', style.local);
      root.ariaLabel = `Log entries, ${style.oldestFirst ? 'oldest' : 'newest'} first`;
      prepareColumns(root, style.columns);
    },
    /** The rows as they are, to be restored later. */
    keep(): KeptRows {
      return { rows, current, hadFocus: hasFocus(), top: scroller.scrollTop };
    },
    /** Shows rows that were put aside, scrolled to where they were, and with the focus where it was. */
    restore(kept: KeptRows) {
      setRows(kept.rows);
      for (const { key } of rows) keys.add(key);
      noteSources(root, rows);
      view.scrollTo(kept.top);
      setCurrent(kept.current);
      const item = kept.hadFocus && current ? view.items.get(current) : undefined;
      if (item) lineOf(item).focus({ preventScroll: true });
    },
    /**
     * Adds entries at their places by time. Returns how many were not there yet.
     * @param keepsTop whether also a list that is not scrolled stays where it is
     */
    insert(entries: readonly LogEntry[], keepsTop = false): number {
      const added = new Map<string, Row>();
      for (const entry of entries) {
        const row = createRow(entry);
        if (!keys.has(row.key)) added.set(row.key, row);
      }
      const newestFirst = [...added.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
      if (newestFirst.length <= FEW) for (const row of newestFirst) row.isFresh = true;
      noteSources(root, newestFirst);
      const used = usedRow();
      const before = { top: scroller.scrollTop, isAtTop: view.isAtTop };
      view.keeping(used ?? readRow() ?? (keepsTop ? view.firstInSight() : undefined), () => {
        setRows(mergeRows(rows, newestFirst));
      });
      if (used) noteInserted(before);
      for (const { key } of newestFirst) keys.add(key);
      if (!current) setCurrent(shown[0]);
      return newestFirst.length;
    },
    /** Removes rows beyond `most` at one end. Returns the entry that is now the last there, if any were removed. */
    trim(most: number, end: 'newest' | 'oldest'): LogEntry | undefined {
      const surplus = rows.length - most;
      if (surplus <= 0) return undefined;
      const isOldest = end === 'oldest';
      const gone = isOldest ? rows.slice(most) : rows.slice(0, surplus);
      view.keeping(usedRow() ?? readRow(), () => {
        setRows(isOldest ? rows.slice(0, most) : rows.slice(surplus));
      });
      for (const { key } of gone) keys.delete(key);
      if (current && gone.includes(current)) setCurrent(shown[0]);
      return (isOldest ? rows.at(-1) : rows[0])?.entry;
    },
    setZone(local: boolean) {
      style = { ...style, local };
      root.classList.toggle('local', local);
      for (const [row, item] of view.items) showZone(item, row, local);
    },
    setColumns(columns: readonly string[]) {
      style = { ...style, columns };
      prepareColumns(root, columns);
      noteSources(root, rows);
      for (const [row, item] of view.items) showColumns(item, row, columns);
    },
    /** Moves the focus by some rows, or to the current row when it is outside of the list. */
    move(by: number) {
      const place = current ? shown.indexOf(current) + (hasFocus() ? by : 0) : 0;
      focusRow(shown[Math.max(0, Math.min(place, shown.length - 1))]);
    },
    focusFirst() {
      focusRow(shown[0]);
    },
    focusLast() {
      focusRow(shown.at(-1));
    },
    /** Opens the row of an entry and scrolls it to the middle. Returns whether the list has that entry. */
    reveal({ instant, id }: { instant: string; id: string }): boolean {
      const row = rows.find((other) => other.instant === instant && other.entry.id === id);
      if (!row) return false;
      view.show(row, 'middle');
      if (!row.isOpen) toggle(row);
      focusRow(row, 'middle');
      return true;
    },
    /** Scrolls to a moment: the newest row that is not after it comes to the middle. */
    goTo(instant: string) {
      const row = rows.find((other) => other.instant <= instant) ?? rows.at(-1);
      if (!row) return;
      setCurrent(row);
      view.show(row, 'middle');
      // A user who goes on to type stays in the field.
      if (!takesText(document.activeElement)) focusRow(row, 'middle');
    },
    /** Closes the current entry if it is open. Otherwise the focus leaves the list. */
    closeCurrent() {
      if (!current?.isOpen) {
        if (hasFocus()) scroller.focus({ preventScroll: true });
        return;
      }
      toggle(current);
      focusRow(current);
    },
  };
}

export type EntryList = ReturnType<typeof createEntryList>;
