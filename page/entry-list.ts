import { messageOf } from '../client/entry-text.ts';
import { type LogEntry, SEVERITIES, type Severity } from '../entities/entry.ts';
import { copyRows } from './copy-rows.ts';
import type { EntryActions } from './entry-detail.ts';
import { createRow, isOpen, type Row, type RowStyle, setZone, toggleRow } from './entry-row.ts';
import { createScrollAnchor, isNewer, placeRows } from './place-rows.ts';

/** Up to so many new rows are highlighted. Nobody could look at each of more. */
const FEW = 20;

/** The rows of a list that was put aside. Open ones stay open. */
export interface KeptRows {
  rows: Row[];
  current: Row | undefined;
  top: number;
}

/**
 * The entries on the page, newest first, each once. One row is current: the Tab key reaches only that one, and
 * `move` goes from there to the others. What is being read keeps its place when rows are added or removed above it.
 */
export function createEntryList(root: HTMLOListElement, scroller: HTMLElement, actions: EntryActions) {
  let rows: Row[] = [];
  let byItem = new Map<Element, Row>();
  let keys = new Set<string>();
  let style: RowStyle = { local: false, sought: undefined };
  let current: Row | undefined;
  const counts: Record<Severity, number> = { info: 0, warning: 0, error: 0 };

  const setCurrent = (row: Row | undefined) => {
    if (current) current.line.tabIndex = -1;
    current = row;
    if (current) current.line.tabIndex = 0;
  };

  const register = (added: readonly Row[]) => {
    for (const row of added) {
      keys.add(row.key);
      byItem.set(row.item, row);
      counts[row.entry.severity] += 1;
    }
  };

  const forget = (gone: readonly Row[]) => {
    for (const row of gone) {
      keys.delete(row.key);
      byItem.delete(row.item);
      counts[row.entry.severity] -= 1;
      row.item.remove();
    }
    if (current && gone.includes(current)) setCurrent(rows[0]);
  };

  const rowOf = (target: EventTarget | null) => {
    const item = target instanceof Element ? target.closest('li') : null;
    return item ? byItem.get(item) : undefined;
  };

  const { anchorRow, keeping } = createScrollAnchor(root, scroller, rowOf);

  const toggle = (row: Row) => toggleRow(row, actions, style.sought);

  const focusRow = (index = 0) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    row?.line.focus({ preventScroll: true });
    row?.item.scrollIntoView({ block: 'nearest' });
  };

  root.addEventListener('click', ({ target }) => {
    const row = rowOf(target);
    const isOnLine = target instanceof Element && target.closest('.line');
    // A click that ends the selection of a text must not open or close the row.
    if (row && isOnLine && getSelection()?.isCollapsed !== false) toggle(row);
  });
  // A double click selects a word. Its first click has opened or closed the row, which is undone here.
  root.addEventListener('dblclick', ({ target }) => {
    const row = rowOf(target);
    if (row && target instanceof Element && target.closest('.line')) toggle(row);
  });
  root.addEventListener('keydown', (event) => {
    const row = rowOf(event.target);
    if (row?.line !== event.target || !['Enter', ' '].includes(event.key)) return;
    event.preventDefault();
    toggle(row as Row);
  });
  copyRows(root, (line) => {
    const row = rowOf(line);
    return row && messageOf(row.entry);
  });
  root.addEventListener('focusin', ({ target }) => setCurrent(rowOf(target) ?? current));

  return {
    get rows(): readonly Row[] {
      return rows;
    },
    get current() {
      return current?.entry;
    },
    get counts(): Readonly<Record<Severity, number>> {
      return counts;
    },
    get hasFocus() {
      return root.contains(document.activeElement);
    },
    /** Whether something is being read that new rows must not move. */
    get isHeld() {
      return anchorRow() !== undefined;
    },
    /** Empties the list. The next rows are shown in this style. */
    begin(next: RowStyle) {
      style = next;
      rows = [];
      byItem = new Map();
      keys = new Set();
      for (const severity of SEVERITIES) counts[severity] = 0;
      setCurrent(undefined);
      root.replaceChildren();
      root.classList.toggle('local', style.local);
    },
    /** The rows as they are, to be restored later. */
    keep(): KeptRows {
      return { rows, current, top: scroller.scrollTop };
    },
    /** Shows rows that were put aside, scrolled to where they were. */
    restore(kept: KeptRows) {
      rows = kept.rows;
      register(rows);
      root.append(...rows.map(({ item }) => item));
      setCurrent(kept.current);
      scroller.scrollTop = kept.top;
    },
    /** Adds entries at their places by time. Returns how many were not there yet. */
    insert(entries: readonly LogEntry[]): number {
      const added = new Map<string, Row>();
      for (const entry of entries) {
        const row = createRow(entry, style);
        if (!keys.has(row.key)) added.set(row.key, row);
      }
      const newestFirst = [...added.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
      if (newestFirst.length <= FEW) for (const { item } of newestFirst) item.classList.add('fresh');
      const [newest, last] = [newestFirst[0], rows.at(-1)];
      // Rows below the list move nothing, and asking what is in sight costs a layout.
      const isBelow = newest && last && isNewer(last, newest);
      keeping(isBelow ? undefined : anchorRow(), () => {
        rows = placeRows(root, rows, newestFirst);
      });
      register(newestFirst);
      if (!current) setCurrent(rows[0]);
      return newestFirst.length;
    },
    /** Removes rows beyond `most` at one end. Returns the entry that is now the last there, if any were removed. */
    trim(most: number, end: 'newest' | 'oldest'): LogEntry | undefined {
      const surplus = rows.length - most;
      if (surplus <= 0) return undefined;
      if (end === 'oldest') {
        forget(rows.splice(most));
        return rows.at(-1)?.entry;
      }
      keeping(anchorRow(), () => forget(rows.splice(0, surplus)));
      return rows[0]?.entry;
    },
    setZone(local: boolean) {
      style = { ...style, local };
      root.classList.toggle('local', local);
      for (const row of rows) setZone(row, local);
    },
    /** Moves the focus by some rows, or to the current row when it is outside of the list. */
    move(by: number) {
      const onList = current !== undefined && root.contains(document.activeElement);
      focusRow(current && rows.indexOf(current) + (onList ? by : 0));
    },
    focusFirst() {
      focusRow(0);
    },
    focusLast() {
      focusRow(rows.length - 1);
    },
    /** Opens the row of an entry and scrolls it to the middle. Returns whether the list has that entry. */
    reveal({ instant, id }: { instant: string; id: string }): boolean {
      const row = rows.find((other) => other.instant === instant && other.entry.id === id);
      if (!row) return false;
      row.line.focus({ preventScroll: true });
      if (!isOpen(row)) toggle(row);
      row.item.scrollIntoView({ block: 'center' });
      return true;
    },
    /** Closes the current entry if it is open. */
    closeCurrent() {
      if (current && isOpen(current)) toggle(current);
      current?.line.focus();
    },
  };
}

export type EntryList = ReturnType<typeof createEntryList>;
