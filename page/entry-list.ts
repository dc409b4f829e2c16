import { type LogEntry, SEVERITIES, type Severity } from '../entities/entry.ts';
import type { EntryActions } from './entry-detail.ts';
import { createRow, isOpen, type Row, type RowStyle, setZone, toggleRow } from './entry-row.ts';
import { createPlaceHolder } from './hold-place.ts';
import { isNewer, mergeRows } from './merge-rows.ts';

/** More rows than these in one go are not coloured one by one: nobody could look at each. */
const FEW = 20;

/** The rows of a list that was put aside, with the open ones open. */
export interface KeptRows {
  rows: Row[];
  current: Row | undefined;
  top: number;
}

/**
 * The entries on the page, newest first, each once. One row is current: the Tab key reaches only that one, and
 * `move` leads from there to the others. What is being read stays where it is when rows come or go above it.
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

  const { heldRow, holding } = createPlaceHolder(root, scroller, rowOf);

  const toggle = (row: Row) => toggleRow(row, actions, style.sought);

  const focusRow = (index = 0) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    row?.line.focus({ preventScroll: true });
    row?.item.scrollIntoView({ block: 'nearest' });
  };

  root.addEventListener('click', ({ target }) => {
    const row = rowOf(target);
    const isOnLine = target instanceof Element && target.closest('.line');
    // A text that was just selected is to be copied: the row stays as it is.
    if (row && isOnLine && getSelection()?.isCollapsed !== false) toggle(row);
  });
  // The first of the two clicks has turned the row; the word that they select is what was meant.
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
    /** Whether something is being read, so that new rows must not push it away. */
    get isHeld() {
      return heldRow() !== undefined;
    },
    /** Empties the list. What comes next is shown in this style. */
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
    /** Puts the rows aside, as they are. */
    keep(): KeptRows {
      return { rows, current, top: scroller.scrollTop };
    },
    /** Shows rows that were put aside, in the place where they were. */
    restore(kept: KeptRows) {
      rows = kept.rows;
      register(rows);
      root.append(...rows.map(({ item }) => item));
      setCurrent(kept.current);
      scroller.scrollTop = kept.top;
    },
    /** Puts entries where they belong by time. Returns how many were not there yet. */
    insert(entries: readonly LogEntry[]): number {
      const added = new Map<string, Row>();
      for (const entry of entries) {
        const row = createRow(entry, style);
        if (!keys.has(row.key)) added.set(row.key, row);
      }
      const newestFirst = [...added.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
      if (newestFirst.length <= FEW) for (const { item } of newestFirst) item.classList.add('fresh');
      const [newest, last] = [newestFirst[0], rows.at(-1)];
      // What comes below the list moves nothing, and asking what is in sight costs a layout.
      const isBelow = newest && last && isNewer(last, newest);
      holding(isBelow ? undefined : heldRow(), () => {
        rows = mergeRows(root, rows, newestFirst);
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
      holding(heldRow(), () => forget(rows.splice(0, surplus)));
      return rows[0]?.entry;
    },
    setZone(local: boolean) {
      style = { ...style, local };
      root.classList.toggle('local', local);
      for (const row of rows) setZone(row, local);
    },
    /** Moves the focus by some rows, or onto the list when it is elsewhere. */
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
    /** Opens the row of an entry that is found by its instant and id, and brings it to the middle. */
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
