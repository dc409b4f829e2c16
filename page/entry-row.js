// @ts-check
import { instantOf, readableTime } from './instant.js';

/** Enough to fill a line; a message may be 256 KiB long, and a thousand of them are on the page. */
const PREVIEW_LENGTH = 400;

/**
 * One entry of the list: a line, and below it, once it is open, all there is to know. Text of an entry only
 * ever becomes text.
 *
 * @typedef {import('./follow.d.ts').Entry} Entry
 * @typedef {{ entry: Entry, instant: string, item: HTMLLIElement, line: HTMLButtonElement, time: HTMLTimeElement }} Row
 */

/**
 * @param {Entry} entry
 * @param {boolean} local
 * @returns {Row}
 */
export function createRow(entry, local) {
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
  const row = { entry, instant: instantOf(entry.datetime), item, line, time };
  setZone(row, local);
  return row;
}

/**
 * @param {Row} row
 * @param {boolean} local
 */
export function setZone({ entry, time }, local) {
  time.textContent = readableTime(entry.datetime, local);
}

/**
 * Opens or closes a row.
 *
 * @param {Row} row
 * @param {{ copyMessage: (entry: Entry) => void, copyJson: (entry: Entry) => void, showBefore: (entry: Entry) => void }} actions
 */
export function toggleRow({ entry, item, line }, actions) {
  const open = line.ariaExpanded !== 'true';
  line.ariaExpanded = String(open);
  if (open) item.append(createDetail(entry, actions));
  else item.lastElementChild?.remove();
}

/**
 * @param {Entry} entry
 * @param {Parameters<typeof toggleRow>[1]} actions
 */
function createDetail(entry, { copyMessage, copyJson, showBefore }) {
  const facts = element('dl', '', '');
  for (const [name, value] of [
    ['id', entry.id],
    ['as sent', entry.datetime],
    ['UTC', readableTime(entry.datetime, false)],
    ['local', readableTime(entry.datetime, true)],
  ]) {
    const fact = element('div', '', '');
    fact.append(element('dt', '', name ?? ''), element('dd', '', value ?? ''));
    facts.append(fact);
  }

  const menu = element('div', 'actions', '');
  menu.append(
    actionButton('Copy message', () => copyMessage(entry)),
    actionButton('Copy JSON', () => copyJson(entry)),
    actionButton('What led to it', () => showBefore(entry)),
  );
  const detail = element('div', 'detail', '');
  detail.append(element('pre', '', entry.message), facts, menu);
  return detail;
}

/**
 * @param {string} label
 * @param {() => void} action
 */
function actionButton(label, action) {
  const button = element('button', '', label);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {string} text
 */
function element(name, className, text) {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text;
  return created;
}
