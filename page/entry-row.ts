import { keyOf, messageOf } from '../client/entry-text.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../entities/instant.ts';
import { element } from './document.ts';
import { createDetail, type EntryActions } from './entry-detail.ts';
import { showText } from './show-text.ts';

/** Enough to fill a line. A message may be 256 KiB long, and thousands of them may be on the page. */
const PREVIEW_LENGTH = 400;
/** Characters that are shown before the match in a long message. */
const LEAD_LENGTH = 12;

/** One entry of the list: a line and, while it is open, its details below. */
export interface Row {
  entry: LogEntry;
  key: string;
  instant: string;
  /** Milliseconds since 1970. */
  time: number;
  item: HTMLLIElement;
  line: HTMLDivElement;
}

/** How the rows show their entries. */
export interface RowStyle {
  /** In local time instead of UTC. */
  local: boolean;
  /** Its matches in a message are marked. */
  sought: RegExp | undefined;
}

/** A closed row. Its line is a button whose text can be selected. */
export function createRow(entry: LogEntry, style: RowStyle): Row {
  const time = element('time', '', readableTime(entry.datetime, style.local));
  time.dateTime = entry.datetime;
  const message = createMessage(entry, style.sought);
  const id = element('span', 'id', '');
  showText(id, entry.id);
  const line = element('div', 'line', '');
  line.role = 'button';
  line.tabIndex = -1;
  line.ariaExpanded = 'false';
  line.append(time, element('span', 'severity', entry.severity), message, id);
  const item = element('li', `entry ${entry.severity}`, '');
  item.append(line);
  const instant = parseInstant(entry.datetime);
  return { entry, key: keyOf(entry), instant, time: epochMillisecondsOf(instant), item, line };
}

function createMessage(entry: LogEntry, sought: RegExp | undefined): HTMLElement {
  const text = messageOf(entry);
  const isOwn = text === entry.message;
  const marked = isOwn ? sought : undefined;
  const message = element('span', isOwn ? 'message' : 'message attributes', '');
  showText(message, previewOf(text, marked), marked);
  return message;
}

/** Shows the row's time in UTC or in local time. */
export function setZone({ entry, line }: Row, local: boolean): void {
  const time = line.querySelector('time');
  if (time) time.textContent = readableTime(entry.datetime, local);
}

export function isOpen({ line }: Row): boolean {
  return line.ariaExpanded === 'true';
}

/** Opens or closes a row. */
export function toggleRow(row: Row, actions: EntryActions, sought: RegExp | undefined): void {
  const { entry, item, line } = row;
  const open = !isOpen(row);
  line.ariaExpanded = String(open);
  if (open) item.append(createDetail(entry, actions, sought));
  else item.lastElementChild?.remove();
}

/** The part of a message that fits a line: its beginning, or what is around the first match. */
function previewOf(message: string, sought: RegExp | undefined): string {
  const place = sought ? message.search(sought) : 0;
  if (place <= LEAD_LENGTH * 2) return message.slice(0, PREVIEW_LENGTH);
  return `…${message.slice(place - LEAD_LENGTH, place - LEAD_LENGTH + PREVIEW_LENGTH)}`;
}
