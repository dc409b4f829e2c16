import { attributeText } from '../client/attribute-values.ts';
import { escapeLine } from '../client/control-characters.ts';
import { sourceOf } from '../client/known-attributes.ts';
import type { LogEntry } from '../entities/entry.ts';
import { element } from './document.ts';
import { SOURCE } from './view-state.ts';

/** Enough to fill a column. */
const PREVIEW_LENGTH = 100;
/** Different enough to be told apart beside each other. */
const HUES = 12;
const WHOLE_CIRCLE = 360;

/** Shows the attributes of an entry that are columns, between its severity and its message. */
export function putColumns(line: HTMLElement, entry: LogEntry, columns: readonly string[]): void {
  for (const old of line.querySelectorAll('.column')) old.remove();
  line.querySelector('.message')?.before(...columns.map((name) => createColumn(entry, name)));
}

/** Makes room for the columns of a list. */
export function prepareColumns(root: HTMLElement, columns: readonly string[]): void {
  const others = columns.filter((name) => name !== SOURCE).length;
  root.classList.remove('sources');
  root.style.setProperty('--other-columns', others > 0 ? `repeat(${others}, 14ch)` : '');
}

/** The column of the source takes room only in a list in which an entry has one. */
export function noteSources(root: HTMLElement, rows: readonly { entry: LogEntry }[]): void {
  if (!root.matches('.sources') && rows.some(({ entry }) => sourceOf(entry))) root.classList.add('sources');
}

function createColumn(entry: LogEntry, name: string): HTMLElement {
  const attribute = name === SOURCE ? sourceOf(entry) : { name, text: attributeText(entry, name) ?? '' };
  const text = escapeLine(attribute?.text.slice(0, PREVIEW_LENGTH) ?? '');
  const column = element('span', name === SOURCE ? 'column source' : 'column', text);
  if (attribute) column.title = `${escapeLine(attribute.name)}: ${text}`;
  if (name === SOURCE) column.style.setProperty('--hue', String(hueOf(text)));
  return column;
}

/** The same service has the same colour on every page. */
function hueOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return (sum % HUES) * (WHOLE_CIRCLE / HUES);
}
