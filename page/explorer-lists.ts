import { escapeLine } from '../client/control-characters.ts';
import type { Field } from '../client/field-counts.ts';
import type { AlikeEntries } from '../client/pattern-counts.ts';
import { readableSecond } from '../client/time.ts';
import { epochMillisecondsOf } from '../entities/instant.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { element } from './document.ts';
import type { Sample } from './sample.ts';

export interface ExplorerActions {
  filterBy(attribute: AttributeFilter): void;
  filterOut(attribute: AttributeFilter): void;
  /** Shows only entries of this severity whose message contains all of these texts. */
  showAlike(alike: AlikeEntries): void;
  /** Shows an attribute as a column of the list, or no longer. */
  toggleColumn(name: string): void;
  isColumn(name: string): boolean;
}

/** Entries may have any number of names, of values, and of patterns. */
const MOST_FIELDS = 200;
const MOST_VALUES = 10;
const MOST_PATTERNS = 100;

/** Lists the fields of a sample. Those that are open stay open. */
export function showFields(part: HTMLElement, { fields, entries }: Sample, actions: ExplorerActions): void {
  const list = listIn(part);
  const open = [...list.querySelectorAll<HTMLElement>('details[open]')].map(({ dataset }) => dataset.name);
  list.replaceChildren(
    ...fields
      .fields(MOST_VALUES)
      .slice(0, MOST_FIELDS)
      .map((field) => createField(field, entries, open.includes(field.name), actions)),
  );
  if (list.childElementCount === 0) list.append(element('li', 'note', 'No entry has attributes.'));
}

/** Lists the patterns of a sample, the most frequent first. */
export function showPatterns(
  part: HTMLElement,
  { patterns, entries }: Sample,
  actions: ExplorerActions,
  local: boolean,
): void {
  const groups = patterns.groups.slice(0, MOST_PATTERNS);
  listIn(part).replaceChildren(...groups.map((group) => createPattern(group, entries, actions, local)));
}

function listIn(part: HTMLElement): HTMLElement {
  return part.querySelector('ol') ?? part;
}

function createField(field: Field, entries: number, isOpen: boolean, actions: ExplorerActions): HTMLElement {
  const { name } = field;
  const shown = escapeLine(name);
  const summary = element('summary', '', '');
  summary.append(element('span', 'text', shown), element('span', 'count', shareOf(field.entries, entries)));
  summary.title = `${field.entries.toLocaleString('en')} entries have ${shown}`;
  const details = element('details', '', '');
  details.dataset.name = name;
  details.open = isOpen;
  details.append(summary);
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(...createValues(field, actions));
  };
  details.addEventListener('toggle', fill);
  fill();
  const item = element('li', '', '');
  item.append(details);
  return item;
}

function createValues({ name, entries, distinct, top }: Field, actions: ExplorerActions): HTMLElement[] {
  const values = element('ul', '', '');
  for (const { text, count } of top) {
    const shown = escapeLine(text);
    const condition = `${escapeLine(name)}=${shown}`;
    const value = element('span', 'text', shown);
    value.title = shown;
    const item = element('li', '', '');
    item.append(
      value,
      element('span', 'count', shareOf(count, entries)),
      sign('narrow', `Show only ${condition}`, () => actions.filterBy({ name, text })),
      sign('narrow minus', `Leave out ${condition}`, () => actions.filterOut({ name, text })),
    );
    values.append(item);
  }
  const more = distinct - top.length;
  if (more > 0) values.append(element('li', 'count', `and ${more.toLocaleString('en')} more`));
  const column = element('button', 'mode', 'Column');
  column.type = 'button';
  column.title = `Show ${escapeLine(name)} as a column`;
  column.ariaPressed = String(actions.isColumn(name));
  column.addEventListener('click', () => {
    actions.toggleColumn(name);
    column.ariaPressed = String(actions.isColumn(name));
  });
  return [values, column];
}

function sign(className: string, label: string, action: () => void): HTMLButtonElement {
  const button = element('button', className, '');
  button.type = 'button';
  button.ariaLabel = label;
  button.title = label;
  button.addEventListener('click', action);
  return button;
}

function createPattern(
  alike: AlikeEntries,
  entries: number,
  actions: ExplorerActions,
  local: boolean,
): HTMLElement {
  const { pattern, severity, count, first, last, example } = alike;
  const item = element('li', severity, '');
  const button = element('button', 'pattern', '');
  button.type = 'button';
  button.title = `Show these lines, such as: ${escapeLine(example.slice(0, 400))}`;
  button.disabled = alike.fixed.length === 0;
  button.append(
    element('span', 'share', shareOf(count, entries)),
    element('span', 'text', escapeLine(pattern) || '(blank)'),
    element('span', 'count', `${count.toLocaleString('en')} × ${severity}, ${spanOf(first, last, local)}`),
  );
  button.addEventListener('click', () => actions.showAlike(alike));
  item.append(button);
  return item;
}

/** The date is shown once where both are on one day. */
function spanOf(first: string, last: string, local: boolean): string {
  const [from = '', to = ''] = [first, last].map((at) => readableSecond(epochMillisecondsOf(at), local));
  if (from === to) return from;
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** Less than everything is never 100 %, and something is never 0 %. */
function shareOf(count: number, of: number): string {
  const share = (count / of) * 100;
  if (count > 0 && share < 1) return '< 1 %';
  return `${count < of ? Math.min(99, Math.round(share)) : 100} %`;
}
