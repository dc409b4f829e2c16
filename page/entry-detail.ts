import { readableTime } from '../client/readable-time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { element } from './elements.ts';
import { layOutJson } from './pretty-json.ts';
import { showText } from './show-text.ts';

/** What the buttons of an open row do. */
export interface EntryActions {
  copyMessage(entry: LogEntry): void;
  copyJson(entry: LogEntry): void;
  copyLink(entry: LogEntry): void;
  showBefore(entry: LogEntry): void;
  showAround(entry: LogEntry): void;
  searchFor(text: string): void;
}

/** What an open row shows below its line: the whole message, the attributes, the facts, and what can be done with it. */
export function createDetail(entry: LogEntry, actions: EntryActions, sought: string): HTMLElement {
  const detail = element('div', 'detail', '');
  detail.append(
    createText('Message', entry.message, sought, actions.searchFor),
    ...(entry.attributes ? [createText('Attributes', JSON.stringify(entry.attributes), '')] : []),
    createFacts(entry),
    createMenu(entry, actions),
  );
  return detail;
}

/** A text under its name. JSON is laid out, with buttons that search for its members where `searchFor` is given. */
function createText(
  name: string,
  content: string,
  sought: string,
  searchFor?: (text: string) => void,
): HTMLElement {
  const text = element('pre', '', '');
  // It can be scrolled, so the keyboard must reach it.
  text.tabIndex = 0;
  text.role = 'group';
  text.ariaLabel = name;
  const lines = layOutJson(content);
  if (!lines) {
    showText(text, content, sought);
    return text;
  }
  for (const { text: shown, member } of lines) {
    const line = element('div', 'json', '');
    showText(line, shown, sought);
    if (searchFor && member !== undefined) line.append(searchButton(member, searchFor));
    text.append(line);
  }
  return text;
}

function searchButton(member: string, searchFor: (text: string) => void): HTMLButtonElement {
  // The sign is drawn by the style sheet, so that it is no part of a text that is selected.
  const button = actionButton('', () => searchFor(member));
  button.className = 'narrow';
  button.ariaLabel = `Search for ${member}`;
  button.title = button.ariaLabel;
  return button;
}

function createFacts(entry: LogEntry): HTMLElement {
  const facts = element('dl', '', '');
  for (const [name, value] of [
    ['id', entry.id],
    ['as sent', entry.datetime],
    ['UTC', readableTime(entry.datetime, false)],
    ['local', readableTime(entry.datetime, true)],
  ] as const) {
    const fact = element('div', '', '');
    const shown = element('dd', '', '');
    showText(shown, value);
    fact.append(element('dt', '', name), shown);
    facts.append(fact);
  }
  return facts;
}

function createMenu(entry: LogEntry, actions: EntryActions): HTMLElement {
  const menu = element('div', 'actions', '');
  menu.append(
    actionButton('Copy message', () => actions.copyMessage(entry)),
    actionButton('Copy JSON', () => actions.copyJson(entry)),
    actionButton('Copy link', () => actions.copyLink(entry)),
    actionButton('What led to it', () => actions.showBefore(entry)),
    actionButton('Lines around it', () => actions.showAround(entry)),
  );
  return menu;
}

function actionButton(label: string, action: () => void): HTMLButtonElement {
  const button = element('button', '', label);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}
