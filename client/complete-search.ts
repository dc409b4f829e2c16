import { SEVERITIES } from '../entities/entry.ts';
import type { Field } from './field-counts.ts';
import { printAttribute } from './search-query.ts';

/** A way to go on with a search that is being typed. */
export interface Completion {
  /** The part that it completes, as it is then typed. */
  label: string;
  /** How many of the entries that were looked at have it. */
  count?: number;
  /** The whole search with it. */
  typed: string;
}

const MOST = 8;
/** The last part of a search: a minus sign, a name, and what follows it. */
const LAST_PART = /(?<=^|\s)(-?)([^\s"=:]*)(?:([=:])(?:"([^"]*)|([^\s"]*)))?$/;

/**
 * Completes the last part of a search: the name of an attribute, its value, or a severity.
 * @param searches the texts of saved searches by their names: `@name` becomes the text
 */
export function completionsOf(
  typed: string,
  fields: readonly Field[],
  searches: Readonly<Record<string, string>> = {},
): Completion[] {
  const match = LAST_PART.exec(typed);
  if (!match) return [];
  const [whole, minus = '', name = '', sign, phrase, bare = ''] = match;
  const value = phrase ?? bare;
  const before = typed.slice(0, match.index);
  const complete = (label: string, end: string, count?: number): Completion => ({
    label,
    count,
    typed: `${before}${minus}${label}${end}`,
  });
  if (whole === '' || (sign === undefined && name === '')) return [];
  if (sign === ':')
    return name !== 'level' && name !== 'severity'
      ? []
      : SEVERITIES.filter((one) => isLike(one, value)).map((one) => complete(`${name}:${one}`, ' '));
  if (sign === '=') {
    const top = fields.find((field) => field.name === name)?.top ?? [];
    return bestOf(top, value, ({ text }) => text).map(({ text, count }) =>
      complete(printAttribute({ name, text }), ' ', count),
    );
  }
  const names = bestOf(fields, name, (field) => field.name).map((field) =>
    complete(printAttribute({ name: field.name, text: 'x' }).slice(0, -1), '', field.entries),
  );
  if (name.startsWith('@') && minus === '') {
    const saved = bestOf(Object.entries(searches), name.slice(1), ([known]) => known);
    const asTexts = saved.map(([known, text]) => ({ label: `@${known}`, typed: `${before}${text} ` }));
    return [...asTexts, ...names].slice(0, MOST);
  }
  return 'level'.startsWith(name.toLowerCase())
    ? [...names.slice(0, MOST - 1), complete('level:', '')]
    : names;
}

/** Those that contain a text, first those that begin with it. */
function bestOf<Item>(items: readonly Item[], text: string, nameOf: (item: Item) => string): Item[] {
  const alike = items.filter((item) => isLike(nameOf(item), text));
  const [first, others] = [true, false].map((begins) =>
    alike.filter((item) => nameOf(item).toLowerCase().startsWith(text.toLowerCase()) === begins),
  );
  return [...(first ?? []), ...(others ?? [])].slice(0, MOST);
}

function isLike(name: string, text: string): boolean {
  return name.toLowerCase().includes(text.toLowerCase());
}
