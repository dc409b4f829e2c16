import { keyOf } from '../client/follower.ts';
import type { LogEntry } from '../entities/entry.ts';
import { createRow, type EntryActions, type Row, setZone, toggleRow } from './entry-row.ts';

/**
 * The entries on the page, newest first, each once. One row is current: the Tab key reaches only that one, and
 * `move` leads from there to the others.
 */
export function createEntryList(root: HTMLOListElement, actions: EntryActions) {
  let rows: Row[] = [];
  let keys = new Set<string>();
  let local = false;
  let current: Row | undefined;

  const setCurrent = (row: Row | undefined) => {
    if (current) current.line.tabIndex = -1;
    current = row;
    if (current) current.line.tabIndex = 0;
  };

  const rowsFor = (entries: readonly LogEntry[]) => {
    const added = entries.filter((entry) => !keys.has(keyOf(entry)));
    for (const entry of added) keys.add(keyOf(entry));
    return added.map((entry) => createRow(entry, local));
  };

  const rowOf = (target: EventTarget | null) =>
    target instanceof Element ? rows.find(({ item }) => item === target.closest('li')) : undefined;

  const focusRow = (index = 0) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    row?.line.focus({ preventScroll: true });
    row?.item.scrollIntoView({ block: 'nearest' });
  };

  root.addEventListener('click', ({ target }) => {
    const row = rowOf(target);
    if (row && target instanceof Element && target.closest('.line')) toggleRow(row, actions);
  });
  root.addEventListener('focusin', ({ target }) => setCurrent(rowOf(target) ?? current));

  return {
    get entries() {
      return rows.map(({ entry }) => entry);
    },
    get current() {
      return current?.entry;
    },
    clear() {
      rows = [];
      keys = new Set();
      setCurrent(undefined);
      root.replaceChildren();
    },
    /** Adds older entries at the end. They are given newest first. */
    append(entries: readonly LogEntry[]) {
      const added = rowsFor(entries);
      rows.push(...added);
      root.append(...added.map(({ item }) => item));
      if (!current) setCurrent(rows[0]);
    },
    /** Puts new entries where they belong by time. Returns how many were not there yet. */
    insert(entries: readonly LogEntry[]) {
      const added = rowsFor(entries);
      for (const row of added) {
        row.item.classList.add('fresh');
        const older = rows.findIndex((other) => isNewer(row, other));
        const at = older < 0 ? rows.length : older;
        root.insertBefore(row.item, rows[at]?.item ?? null);
        rows.splice(at, 0, row);
      }
      if (!current) setCurrent(rows[0]);
      return added.length;
    },
    /** Removes the oldest entries beyond `most`. Returns the last one left where any were removed. */
    trim(most: number) {
      const gone = rows.splice(most);
      for (const { entry, item } of gone) {
        keys.delete(keyOf(entry));
        item.remove();
      }
      if (current && gone.includes(current)) setCurrent(rows.at(-1));
      return gone.length > 0 ? rows.at(-1)?.entry : undefined;
    },
    setZone(inLocalTime: boolean) {
      local = inLocalTime;
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
    /** Moves the focus to an entry and opens it, if it is on the page. */
    reveal(entry: LogEntry) {
      const index = rows.findIndex((row) => keyOf(row.entry) === keyOf(entry));
      if (index < 0) return;
      focusRow(index);
      if (rows[index]?.line.ariaExpanded !== 'true') rows[index]?.line.click();
    },
    /** Closes the current entry if it is open. */
    closeCurrent() {
      if (current?.line.ariaExpanded === 'true') toggleRow(current, actions);
      current?.line.focus();
    },
  };
}

/** The service's own order: by instant, and by id where instants are equal. */
function isNewer(a: Row, b: Row): boolean {
  return a.instant === b.instant ? a.entry.id > b.entry.id : a.instant > b.instant;
}
