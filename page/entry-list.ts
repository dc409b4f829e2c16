import { messageOf } from '../client/entry-text.ts';
import type { LogEntry } from '../entities/entry.ts';
import { copyRows } from './copy-rows.ts';
import { createCurrentRow } from './current-row.ts';
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
  showDetail,
  showZone,
} from './entry-row.ts';
import { noteSources, prepareColumns } from './row-columns.ts';
import { createRowHold } from './row-hold.ts';
import { createRowWindow } from './row-window.ts';
import { secondScript } from './when-needed.ts';

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
  const view = createRowWindow(root, scroller, (row) => {
    const item = createItem(row, style, detailOf(row));
    if (row === current.row) lineOf(item).tabIndex = 0;
    return item;
  });
  const current = createCurrentRow(root, view);

  const setRows = (next: Row[]) => {
    rows = next;
    shown = style.oldestFirst ? rows.toReversed() : rows;
    view.rows = shown;
  };

  const { usedRow, readRow, noteInserted } = createRowHold(root, scroller, view, () => rows);

  /** Undefined for a closed row. Before one is open, the script of the details is there. */
  const detailOf = ({ isOpen, entry }: Row) =>
    isOpen ? secondScript.now?.createDetail(entry, actions, style.sought) : undefined;

  const toggle = async (row: Row) => {
    await secondScript.get();
    row.isOpen = !row.isOpen;
    const item = view.items.get(row);
    if (!item) return;
    showDetail(item, detailOf(row));
    view.measure(row);
  };

  bindLines(root, view.rowOf, toggle);
  root.addEventListener('focusin', ({ target }) => current.set(view.rowOf(target) ?? current.row));
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
      return current.row?.entry;
    },
    /** The current entry, if it is open. */
    get open() {
      return current.row?.isOpen ? current.row.entry : undefined;
    },
    get hasFocus() {
      return current.hasFocus;
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
      current.set(undefined);
      view.clear();
      root.classList.toggle('local', style.local);
      root.ariaLabel = `Log entries, ${style.oldestFirst ? 'oldest' : 'newest'} first`;
      prepareColumns(root, style.columns);
    },
    /** The rows as they are, to be restored later. */
    keep(): KeptRows {
      return { rows, current: current.row, hadFocus: current.hasFocus, top: scroller.scrollTop };
    },
    /** Shows rows that were put aside, scrolled to where they were, and with the focus where it was. */
    restore(kept: KeptRows) {
      setRows(kept.rows);
      for (const { key } of rows) keys.add(key);
      noteSources(root, rows);
      view.scrollTo(kept.top);
      current.set(kept.current);
      if (kept.hadFocus) current.focusAgain();
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
      if (!current.row) current.set(shown[0]);
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
      if (current.row && gone.includes(current.row)) current.set(shown[0]);
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
      const place = current.row ? shown.indexOf(current.row) + (current.hasFocus ? by : 0) : 0;
      current.focus(shown[Math.max(0, Math.min(place, shown.length - 1))]);
    },
    focusFirst() {
      current.focus(shown[0]);
    },
    focusLast() {
      current.focus(shown.at(-1));
    },
    /** Opens the row of an entry and scrolls it to the middle. Returns whether the list has that entry. */
    reveal({ instant, id }: { instant: string; id: string }): boolean {
      const row = rows.find((other) => other.instant === instant && other.entry.id === id);
      if (!row) return false;
      current.focus(row, 'middle');
      if (!row.isOpen) toggle(row).then(() => current.focus(row, 'middle'));
      return true;
    },
    /** Scrolls to a moment: the newest row that is not after it comes to the middle. */
    goTo(instant: string) {
      const row = rows.find((other) => other.instant <= instant) ?? rows.at(-1);
      if (!row) return;
      current.set(row);
      view.show(row, 'middle');
      // A user who goes on to type stays in the field.
      if (!takesText(document.activeElement)) current.focus(row, 'middle');
    },
    /** Closes the current entry if it is open. Otherwise the focus leaves the list. */
    closeCurrent() {
      const { row } = current;
      if (row?.isOpen) toggle(row).then(() => current.focus(row));
      else if (current.hasFocus) scroller.focus({ preventScroll: true });
    },
  };
}

export type EntryList = ReturnType<typeof createEntryList>;
