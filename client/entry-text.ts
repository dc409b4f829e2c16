import type { Attributes, LogEntry } from '../entities/entry.ts';
import { compactJson, jsonTokens, parseExactly } from '../entities/json-text.ts';
import { RENDITION } from './styled-text.ts';

/** A form in which entries are given to other programs: text of one or more lines an entry. */
export type EntryLines = Lines<LogEntry>;

export interface Lines<Item> {
  /** Comes before the first line; empty where the form needs none. */
  head: string;
  lineOf(item: Item): string;
}

/** One JSON object a line (NDJSON): each entry as the service gives it. */
export const ndjson: EntryLines = { head: '', lineOf: (entry) => `${jsonOfEntry(entry)}\n` };

/** The JSON of attributes that JSON.stringify would write in another way, such as a number of more than 17 digits. */
const asGiven = new WeakMap<Attributes, string>();

/** The JSON of an entry as the service gave it. */
export function jsonOfEntry(entry: LogEntry): string {
  const { attributes, ...fields } = entry;
  if (!attributes || !asGiven.has(attributes)) return JSON.stringify(entry);
  return `${JSON.stringify(fields).slice(0, -1)},"attributes":${jsonOfAttributes(attributes)}}`;
}

/** The JSON of an entry's attributes as the service gave them. */
export function jsonOfAttributes(attributes: Attributes): string {
  return asGiven.get(attributes) ?? JSON.stringify(attributes);
}

/** An entry's attributes with numbers of many digits as the text that the service compares them by. */
export function exactAttributes(attributes: Attributes): Attributes {
  const json = asGiven.get(attributes);
  return json === undefined ? attributes : (parseExactly(json) as Attributes);
}

/** JSON for people: a text of several lines, such as a stack trace, is shown as these lines between its quotes. */
export function readableJson(json: string): string {
  if (!json.includes('\\')) return json;
  let shown = '';
  let isAfterLines = false;
  for (const { token } of jsonTokens(json)) {
    const readable = readableToken(token);
    shown += isAfterLines && token === ',' ? ',\n' : readable;
    isAfterLines = readable !== token;
  }
  return shown;
}

/**
 * The same for one token of JSON. A line break at the end of a text makes no further line. Some loggers write the line
 * breaks of a stack trace as a backslash and an n: then these are its lines.
 */
export function readableToken(token: string): string {
  if (!token.startsWith('"') || !token.includes('\\')) return token;
  const text: string = JSON.parse(token);
  if (text.trimEnd().includes('\n')) return `"${text}"`;
  if (!WRITTEN_BREAK.test(text)) return token;
  return `"${text.replaceAll(/(?<!\\)(?:\\r)?\\n(?:\\t)?/g, (mark) => (mark.endsWith('t') ? '\n\t' : '\n'))}"`;
}

/** A line break of a stack trace, whose next line is indented, as JSON would write it. */
const WRITTEN_BREAK = /\\n(?:\\t| +)\S/;

/** Whether a message shows nothing: it has no more than blanks and colours. */
export function isBlank(message: string): boolean {
  return message.replace(RENDITION, '').trim() === '';
}

/** What stands for an entry in one line: its message, or its attributes if the message is blank. */
export function messageOf({ message, attributes }: LogEntry): string {
  return attributes && isBlank(message) ? jsonOfAttributes(attributes) : message;
}

/** A text that differs between any two entries: the service keeps different entries that share an id. */
export function keyOf({ id, datetime, severity, message, attributes }: LogEntry): string {
  return JSON.stringify([id, datetime, severity, message]) + (attributes ? jsonOfAttributes(attributes) : '');
}

/** Remembers the attributes' JSON where parsing has lost digits or order. @param body the JSON of the entries */
export function rememberJson(entries: readonly LogEntry[], body: string): void {
  // Most pages lose nothing, and looking for what was lost takes longer.
  if (JSON.stringify(entries) === body) return;
  let at = -1;
  let depth = 0;
  let key = '';
  let start = 0;
  for (const { token, index } of jsonTokens(body)) {
    if (token === '{' || token === '[') {
      depth += 1;
      if (depth === 2) at += 1;
      if (depth === 3) start = index;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth === 2 && key === '"attributes"') remember(entries[at], body.slice(start, index + 1));
    } else if (depth === 2 && token.startsWith('"')) key = token;
  }
}

function remember(entry: LogEntry | undefined, json: string): void {
  if (!entry?.attributes || JSON.stringify(entry.attributes) === json) return;
  // A slice would keep the whole body in memory.
  asGiven.set(entry.attributes, JSON.parse(JSON.stringify(compactJson(json))));
}
