import { readableTime } from '../client/readable-time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import { element } from './elements.ts';

/** Enough to fill a line. A message may be 256 KiB long, and a thousand of them may be on the page. */
const PREVIEW_LENGTH = 400;

/** One entry of the list: a line and, while it is open, its details below. */
export interface Row {
  entry: LogEntry;
  instant: string;
  item: HTMLLIElement;
  line: HTMLButtonElement;
  time: HTMLTimeElement;
}

/** What the buttons of an open row do. */
export interface EntryActions {
  copyMessage(entry: LogEntry): void;
  copyJson(entry: LogEntry): void;
  showBefore(entry: LogEntry): void;
}

/** A closed row. The texts of an entry are shown as text and never as markup. */
export function createRow(entry: LogEntry, local: boolean): Row {
  const time = element('time', '', '');
  time.dateTime = entry.datetime;
  const line = element('button', 'line', '');
  line.type = 'button';
  line.tabIndex = -1;
  line.ariaExpanded = 'false';
  line.append(
    time,
    element('span', 'severity', entry.severity),
    element('span', 'message', entry.message.slice(0, PREVIEW_LENGTH)),
    element('span', 'id', entry.id),
  );
  const item = element('li', `entry ${entry.severity}`, '');
  item.append(line);
  const row = { entry, instant: parseInstant(entry.datetime), item, line, time };
  setZone(row, local);
  return row;
}

/** Shows the row's time in UTC or in local time. */
export function setZone({ entry, time }: Row, local: boolean): void {
  time.textContent = readableTime(entry.datetime, local);
}

/** Opens or closes a row. */
export function toggleRow({ entry, item, line }: Row, actions: EntryActions): void {
  const open = line.ariaExpanded !== 'true';
  line.ariaExpanded = String(open);
  if (open) item.append(createDetail(entry, actions));
  else item.lastElementChild?.remove();
}

function createDetail(entry: LogEntry, actions: EntryActions): HTMLElement {
  const facts = element('dl', '', '');
  for (const [name, value] of [
    ['id', entry.id],
    ['as sent', entry.datetime],
    ['UTC', readableTime(entry.datetime, false)],
    ['local', readableTime(entry.datetime, true)],
  ] as const) {
    const fact = element('div', '', '');
    fact.append(element('dt', '', name), element('dd', '', value));
    facts.append(fact);
  }

  const menu = element('div', 'actions', '');
  menu.append(
    actionButton('Copy message', () => actions.copyMessage(entry)),
    actionButton('Copy JSON', () => actions.copyJson(entry)),
    actionButton('What led to it', () => actions.showBefore(entry)),
  );
  const detail = element('div', 'detail', '');
  detail.append(element('pre', '', entry.message), facts, menu);
  return detail;
}

function actionButton(label: string, action: () => void): HTMLButtonElement {
  const button = element('button', '', label);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}
