// @ts-check
import { createRow, setZone, toggleRow } from './entry-row.js';
import { keyOf } from './follow.js';

/**
 * The entries on the page, newest first, each once. One row is current: it alone is reached by the Tab key,
 * the others by moving.
 *
 * @typedef {import('./follow.d.ts').Entry} Entry
 * @typedef {import('./entry-row.js').Row} Row
 *
 * @param {HTMLOListElement} root
 * @param {Parameters<typeof toggleRow>[1]} actions
 */
export function createEntryList(root, actions) {
  /** @type {Row[]} */
  let rows = [];
  let keys = new Set();
  let local = false;
  /** @type {Row | undefined} */
  let current;

  /** @param {Row | undefined} row */
  const setCurrent = (row) => {
    if (current) current.line.tabIndex = -1;
    current = row;
    if (current) current.line.tabIndex = 0;
  };

  /** @param {readonly Entry[]} entries */
  const rowsFor = (entries) => {
    const added = entries.filter((entry) => !keys.has(keyOf(entry)));
    for (const entry of added) keys.add(keyOf(entry));
    return added.map((entry) => createRow(entry, local));
  };

  /** @param {EventTarget | null} target */
  const rowOf = (target) =>
    target instanceof Element ? rows.find(({ item }) => item === target.closest('li')) : undefined;

  /** @param {number} [index] */
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
    /**
     * Adds older entries at the end.
     * @param {readonly Entry[]} entries newest first
     */
    append(entries) {
      const added = rowsFor(entries);
      rows.push(...added);
      root.append(...added.map(({ item }) => item));
      if (!current) setCurrent(rows[0]);
    },
    /**
     * Puts new entries where their time belongs, and returns how many they are.
     * @param {readonly Entry[]} entries
     */
    insert(entries) {
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
    /**
     * Lets the oldest entries go, down to `most`, and returns the last one left if there were any.
     * @param {number} most
     */
    trim(most) {
      const gone = rows.splice(most);
      for (const { entry, item } of gone) {
        keys.delete(keyOf(entry));
        item.remove();
      }
      if (current && gone.includes(current)) setCurrent(rows.at(-1));
      return gone.length > 0 ? rows.at(-1)?.entry : undefined;
    },
    /** @param {boolean} inLocalTime */
    setZone(inLocalTime) {
      local = inLocalTime;
      for (const row of rows) setZone(row, local);
    },
    /**
     * Moves the focus by some rows, or onto the list when it is elsewhere.
     * @param {number} by
     */
    move(by) {
      const onList = current !== undefined && root.contains(document.activeElement);
      focusRow(current && rows.indexOf(current) + (onList ? by : 0));
    },
    focusFirst() {
      focusRow(0);
    },
    focusLast() {
      focusRow(rows.length - 1);
    },
    /**
     * Moves the focus to an entry and opens it, if it is on the page.
     * @param {Entry} entry
     */
    reveal(entry) {
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

/**
 * The service's own order: by instant, and among equal ones by id.
 *
 * @param {Row} a
 * @param {Row} b
 */
function isNewer(a, b) {
  return a.instant === b.instant ? a.entry.id > b.entry.id : a.instant > b.instant;
}
