import { escapeControls } from '../client/control-characters.ts';
import { isBlank, jsonOfAttributes } from '../client/entry-text.ts';
import { traceLink, traceOf } from '../client/known-attributes.ts';
import { readableTime } from '../client/time.ts';
import type { Attributes, LogEntry } from '../entities/entry.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { element } from './document.ts';
import { type JsonLine, layOutJson } from './pretty-json.ts';
import { showText } from './show-text.ts';
import { traceTemplate } from './trace-template.ts';

/** What the buttons of an open row do. */
export interface EntryActions {
  copyMessage(entry: LogEntry): void;
  copyJson(entry: LogEntry): void;
  copyLink(entry: LogEntry): void;
  showBefore(entry: LogEntry): void;
  showAround(entry: LogEntry): void;
  /** Shows all entries of a trace, from its first one on. */
  showTrace(traceId: string): void;
  /** Shows only entries whose message contains a text, and only those without it. */
  searchFor(text: string): void;
  leaveOut(text: string): void;
  /** Shows only entries with this attribute, and only those without it. */
  filterBy(attribute: AttributeFilter): void;
  filterOut(attribute: AttributeFilter): void;
}

/** What an open row shows below its line: the whole message, the attributes, the facts, and what can be done with it. */
export function createDetail(entry: LogEntry, actions: EntryActions, sought?: RegExp): HTMLElement {
  const detail = element('div', 'detail', '');
  detail.append(
    ...(isBlank(entry.message) ? [] : [createMessage(entry.message, actions, sought)]),
    ...(entry.attributes ? [createAttributes(entry.attributes, actions)] : []),
    createFacts(entry),
    createMenu(entry, actions),
  );
  return detail;
}

function createMessage(message: string, actions: EntryActions, sought?: RegExp): HTMLElement {
  return createText('Message', message, {
    sought,
    // The members of lists have no names, so they are searched for as they are written.
    filtersOf: (line) => {
      const { member, path } = line;
      if (path || member === undefined) return attributeFilters(line, actions);
      return [
        filterButton('narrow', `Search for ${member}`, () => actions.searchFor(member)),
        filterButton('narrow minus', `Leave out ${member}`, () => actions.leaveOut(member)),
      ];
    },
  });
}

function createAttributes(attributes: Attributes, actions: EntryActions): HTMLElement {
  return createText('Attributes', jsonOfAttributes(attributes), {
    filtersOf: (line) => attributeFilters(line, actions),
  });
}

function attributeFilters({ path, value }: JsonLine, actions: EntryActions): HTMLElement[] {
  const name = path?.join('.');
  if (!name || value === undefined) return [];
  const attribute = { name, text: value };
  const shown = escapeControls(`${name}=${value}`);
  return [
    filterButton('narrow', `Show only ${shown}`, () => actions.filterBy(attribute)),
    filterButton('narrow minus', `Leave out ${shown}`, () => actions.filterOut(attribute)),
  ];
}

/** A text with an accessible name. JSON is laid out, with filter buttons at the end of each line. */
function createText(
  name: string,
  content: string,
  { sought, filtersOf }: { sought?: RegExp; filtersOf: (line: JsonLine) => HTMLElement[] },
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
  const createLine = (tag: 'div' | 'summary', shown: JsonLine) => {
    const line = element(tag, 'json', '');
    showText(line, shown.text, sought);
    const filters = element('span', 'filters', '');
    filters.append(...filtersOf(shown));
    line.append(filters);
    return line;
  };
  /** The lines from one to before another, where those of a long object or array are folded. */
  const createLines = (first: number, end: number): HTMLElement[] => {
    const created: HTMLElement[] = [];
    for (let place = first; place < end; place += 1) {
      const line = lines[place] as JsonLine;
      if (line.fold) {
        created.push(
          createFold(createLine('summary', line), line.fold.items, createLines(place + 1, line.fold.end)),
        );
        place = line.fold.end - 1;
      } else created.push(createLine('div', line));
    }
    return created;
  };
  text.append(...createLines(0, lines.length));
  return text;
}

/** Lines that a click on the first of them shows. They are shown at once if the search has found something in them. */
function createFold(summary: HTMLElement, items: number, inner: HTMLElement[]): HTMLElement {
  const fold = element('details', '', '');
  // The style sheet shows the number, so that it is not copied with a selected text.
  summary.dataset.items = `… ${items.toLocaleString('en')} items`;
  fold.append(summary, ...inner);
  fold.open = fold.querySelector('mark') !== null;
  return fold;
}

function filterButton(className: string, label: string, action: () => void): HTMLButtonElement {
  // The sign is drawn by the style sheet, so that it is not copied with a selected text.
  const button = actionButton('', action);
  button.className = className;
  button.ariaLabel = label;
  button.title = label;
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
    ...traceButtons(entry, actions),
  );
  return menu;
}

function traceButtons(entry: LogEntry, actions: EntryActions): HTMLElement[] {
  const traceId = traceOf(entry);
  if (traceId === undefined) return [];
  const show = actionButton('Show this trace', () => actions.showTrace(traceId));
  const address = traceLink(traceTemplate(), traceId);
  if (address === undefined) return [show];
  const link = element('a', '', 'Open the trace');
  link.href = address;
  link.target = '_blank';
  link.rel = 'noreferrer';
  return [show, link];
}

function actionButton(label: string, action: () => void): HTMLButtonElement {
  const button = element('button', '', label);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}
