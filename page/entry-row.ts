import { keyOf, messageOf } from '../client/entry-text.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import { element } from './document.ts';
import { putColumns } from './row-columns.ts';
import { showText } from './show-text.ts';

/** Enough to fill a line. A message may be 256 KiB long. */
const PREVIEW_LENGTH = 400;
/** Characters that are shown before the match in a long message. */
const LEAD_LENGTH = 12;

/** One entry of the list. It is an element of the page only while it is near to what is in sight. */
export interface Row {
  entry: LogEntry;
  key: string;
  instant: string;
  /** Milliseconds since 1970. */
  time: number;
  isOpen: boolean;
  /** Whether it is highlighted when it is first shown. */
  isFresh: boolean;
  /** In pixels, where it is known and not the one that most rows have. */
  height: number | undefined;
}

/** How the rows show their entries. */
export interface RowStyle {
  /** In local time instead of UTC. */
  local: boolean;
  /** Its matches in a message are marked. */
  sought: RegExp | undefined;
  /** Attributes that are shown beside the message (see view-state.ts). */
  columns: readonly string[];
  oldestFirst: boolean;
}

/** A closed row. */
export function createRow(entry: LogEntry): Row {
  const instant = parseInstant(entry.datetime);
  return {
    entry,
    key: keyOf(entry),
    instant,
    time: epochMillisecondsOf(instant),
    isOpen: false,
    isFresh: false,
    height: undefined,
  };
}

/** The order of the service: by instant, and by id where instants are equal. */
export function isNewer(a: Row, b: Row): boolean {
  return a.instant === b.instant ? a.entry.id > b.entry.id : a.instant > b.instant;
}

/** Puts further rows among those of a list. All are newest first. */
export function mergeRows(rows: readonly Row[], added: readonly Row[]): Row[] {
  const merged: Row[] = [];
  let place = 0;
  for (const row of added) {
    for (let next = rows[place]; next && isNewer(next, row); next = rows[place]) {
      merged.push(next);
      place += 1;
    }
    merged.push(row);
  }
  return merged.concat(rows.slice(place));
}

/** The element of a row: a line, and while the row is open, its details below. */
export function createItem(row: Row, style: RowStyle, detail: HTMLElement | undefined): HTMLLIElement {
  const item = element('li', `entry ${row.entry.severity}`, '');
  item.classList.toggle('fresh', row.isFresh);
  row.isFresh = false;
  item.append(createLine(row.entry, style));
  showDetail(item, detail);
  return item;
}

/** Shows the details of an open row, or none. */
export function showDetail(item: HTMLLIElement, detail: HTMLElement | undefined): void {
  lineOf(item).ariaExpanded = String(detail !== undefined);
  item.querySelector('.detail')?.remove();
  if (detail) item.append(detail);
}

/** Opens or closes a row when its line is clicked, or with Enter or the space bar. */
export function bindLines(
  root: HTMLElement,
  rowOf: (target: EventTarget | null) => Row | undefined,
  toggle: (row: Row) => void,
): void {
  const rowOfLine = ({ target }: Event) =>
    target instanceof Element && target.closest('.line') ? rowOf(target) : undefined;
  root.addEventListener('click', (event) => {
    const row = rowOfLine(event);
    // A click that ends the selection of a text must not open or close the row.
    if (row && getSelection()?.isCollapsed !== false) toggle(row);
  });
  // A double click selects a word. Its first click has opened or closed the row, which is undone here.
  root.addEventListener('dblclick', (event) => {
    const row = rowOfLine(event);
    if (row) toggle(row);
  });
  root.addEventListener('keydown', (event) => {
    const row = rowOfLine(event);
    if (!row || !['Enter', ' '].includes(event.key)) return;
    event.preventDefault();
    toggle(row);
  });
}

/** Shows the time of a row in UTC or in local time. */
export function showZone(item: HTMLLIElement, { entry }: Row, local: boolean): void {
  const time = lineOf(item).querySelector('time');
  if (time) time.textContent = readableTime(entry.datetime, local);
}

export function lineOf(item: HTMLLIElement): HTMLElement {
  return item.firstElementChild as HTMLElement;
}

/** A button whose text can be selected. */
function createLine(entry: LogEntry, style: RowStyle): HTMLElement {
  const time = element('time', '', readableTime(entry.datetime, style.local));
  time.dateTime = entry.datetime;
  const id = element('span', 'id', '');
  showText(id, entry.id);
  const line = element('div', 'line', '');
  line.role = 'button';
  line.tabIndex = -1;
  line.append(time, element('span', 'severity', entry.severity), createMessage(entry, style.sought), id);
  putColumns(line, entry, style.columns);
  return line;
}

/** Shows the attributes of a row that are columns. */
export function showColumns(item: HTMLLIElement, { entry }: Row, columns: readonly string[]): void {
  putColumns(lineOf(item), entry, columns);
}

function createMessage(entry: LogEntry, sought: RegExp | undefined): HTMLElement {
  const text = messageOf(entry);
  const isOwn = text === entry.message;
  const marked = isOwn ? sought : undefined;
  const message = element('span', isOwn ? 'message' : 'message attributes', '');
  showText(message, previewOf(text, marked), marked);
  return message;
}

/** The part of a message that fits a line: its beginning, or what is around the first match. */
function previewOf(message: string, sought: RegExp | undefined): string {
  const place = sought ? message.search(sought) : 0;
  if (place <= LEAD_LENGTH * 2) return message.slice(0, PREVIEW_LENGTH);
  return `…${message.slice(place - LEAD_LENGTH, place - LEAD_LENGTH + PREVIEW_LENGTH)}`;
}
