import { SEVERITIES, type Severity } from '../entities/entry.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { isWord } from '../entities/token-filter.ts';
import { type Clock, looksLikeMoment, readBound, readMoment } from './read-moment.ts';

/** What a search asks for. All of its parts apply. docs/search.md has the grammar. */
export interface Search {
  /** Empty for all. */
  severity: string[];
  /** Texts that a message contains, and texts that it does not contain. */
  contains: string[];
  excludes: string[];
  /** Words that are the id or that the message or the attributes have. */
  word: string[];
  /** Attributes that an entry has, and attributes that it does not have. */
  where: readonly AttributeFilter[];
  whereNot: readonly AttributeFilter[];
  /** RFC 3339: the moment to go to; empty for none. */
  at: string;
}

export const EMPTY_SEARCH: Search = {
  severity: [],
  contains: [],
  excludes: [],
  word: [],
  where: [],
  whereNot: [],
  at: '',
};

/** A part of a search: how it is typed, and the search without it. */
export interface SearchPart {
  text: string;
  others: Search;
}

const SHORT_NAMES: Record<string, Severity> = {
  err: 'error',
  errors: 'error',
  crit: 'error',
  critical: 'error',
  fatal: 'error',
  information: 'info',
  warn: 'warning',
  warnings: 'warning',
};

/** A quoted text up to its end. A backslash before a quote or a backslash is read in one way only, so in one pass. */
const quoted = (name: string) => String.raw`"(?<${name}>(?:[^"\\]|\\["\\]|\\(?!["\\]))*)`;
/** The end of a search may lack the quote: it is still being typed. */
const CLOSE = String.raw`(?:"(?=\s|$)|$)`;
const NAME = String.raw`[\p{L}_@$][\p{L}\p{N}_.@$/[\]-]*`;
const BARE_VALUE = String.raw`[^\s"=]\S*`;
const TERM = new RegExp(
  [
    `(?<minus>-?)(?:(?:${quoted('quotedName')}"|(?<name>${NAME}))(?<not>!?)=(?:${quoted('quotedValue')}${CLOSE}|(?<value>${BARE_VALUE}))`,
    `(?<key>level|severity|trace|id|word|at):(?:${quoted('quotedArgument')}${CLOSE}|(?<argument>${BARE_VALUE}))`,
    `${quoted('phrase')}${CLOSE}`,
    String.raw`\S+)`,
  ].join('|'),
  'gu',
);
const WHOLE_NAME = new RegExp(`^${NAME}$`, 'u');
const WHOLE_VALUE = new RegExp(`^${BARE_VALUE}$`, 'u');
const ESCAPED = /\\(["\\])/g;

/**
 * Reads what people type: `payment "disk full" -debug service.name=checkout level:error`. Whatever is not understood is
 * a text to search for.
 */
export function parseSearch(typed: string, clock: Clock): Search {
  const at = readMoment(typed, clock);
  if (at !== undefined) return { ...EMPTY_SEARCH, at };
  let search = EMPTY_SEARCH;
  for (const match of typed.matchAll(TERM)) search = addTerm(search, match, clock);
  return search;
}

/** Writes a search as people type it, so that `parseSearch` reads the same. */
export function printSearch(search: Search): string {
  return partsOf(search)
    .map(({ text }) => text)
    .join(' ');
}

/** The parts of a search, each as it is typed. */
export function partsOf(search: Search): SearchPart[] {
  const { severity, contains, excludes, word, where, whereNot, at } = search;
  const part = (text: string, changed: Partial<Search>) => ({ text, others: { ...search, ...changed } });
  // Texts that are a moment together, such as a date and a time, are texts only in quotes.
  const isMoment = looksLikeMoment([...contains, ...excludes.map((text) => `-${text}`)].join(' '));
  const write = (text: string) => (isMoment ? quote(text) : writeText(text));
  return [
    ...contains.map((text, at) => part(write(text), { contains: contains.toSpliced(at, 1) })),
    ...excludes.map((text, at) => part(`-${write(text)}`, { excludes: excludes.toSpliced(at, 1) })),
    ...word.map((text, at) => part(`word:${text}`, { word: word.toSpliced(at, 1) })),
    ...where.map((one, at) => part(printAttribute(one), { where: where.toSpliced(at, 1) })),
    ...whereNot.map((one, at) => part(`-${printAttribute(one)}`, { whereNot: whereNot.toSpliced(at, 1) })),
    ...(severity.length > 0 ? [part(`level:${severity.join()}`, { severity: [] })] : []),
    ...(at ? [part(`at:${at}`, { at: '' })] : []),
  ];
}

/** The severity that a text names, in any case, or by a short name. */
export function severityOf(text: string): Severity | undefined {
  const name = text.trim().toLowerCase();
  return SEVERITIES.find((one) => one === name) ?? SHORT_NAMES[name];
}

function addTerm(search: Search, { 0: term, groups = {} }: RegExpExecArray, clock: Clock): Search {
  const { minus, not, key, phrase } = groups;
  const name = groups.name ?? unquote(groups.quotedName);
  const value = groups.value ?? unquote(groups.quotedValue);
  if (name && value !== undefined) {
    const list = Boolean(minus) === Boolean(not) ? 'where' : 'whereNot';
    return { ...search, [list]: [...search[list], { name, text: value }] };
  }
  const argument = groups.argument ?? unquote(groups.quotedArgument) ?? '';
  const isSeverity = key === 'level' || key === 'severity';
  const changed = isSeverity
    ? addSeverities(search.severity, argument, minus === '-')
    : key && !minus && addKey(search, key, argument, clock);
  if (changed) return { ...search, ...changed };

  // A minus sign alone is the beginning of a word that is still being typed.
  const text = phrase === undefined ? term.slice(term === '-' ? 1 : minus?.length) : unquote(phrase);
  if (!text) return search;
  const list = minus ? 'excludes' : 'contains';
  return { ...search, [list]: [...search[list], text] };
}

/** Several terms add severities, those with a minus sign take some away. Undefined where none is left. */
function addSeverities(known: string[], names: string, isNot: boolean): Partial<Search> | undefined {
  const named = names.split(',').map(severityOf);
  if (named.includes(undefined)) return undefined;
  const wanted: readonly string[] = known.length === 0 && isNot ? SEVERITIES : known;
  const severity = SEVERITIES.filter((one) => (named.includes(one) ? !isNot : wanted.includes(one)));
  if (severity.length === 0) return undefined;
  return { severity: severity.length === SEVERITIES.length ? [] : severity };
}

function addKey(search: Search, key: string, argument: string, clock: Clock): Partial<Search> | undefined {
  if (key !== 'at') return isWord(argument) ? { word: [...search.word, argument] } : undefined;
  const at = readBound(argument, clock);
  return at === undefined ? undefined : { at };
}

/** Quotes only a text that would be read as something else. */
function writeText(text: string): string {
  const read = parseSearch(`${text} x`, { now: 0, local: false });
  const isRead = isSame(read, { ...EMPTY_SEARCH, contains: [text, 'x'] });
  // Whether it is a moment depends on the time now.
  return isRead && !text.startsWith('at:') ? text : quote(text);
}

function isSame(one: Search, other: Search): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** An attribute as it is typed. */
export function printAttribute({ name, text }: AttributeFilter): string {
  return `${WHOLE_NAME.test(name) ? name : quote(name)}=${WHOLE_VALUE.test(text) ? text : quote(text)}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function unquote(text: string | undefined): string | undefined {
  return text?.replace(ESCAPED, '$1');
}
