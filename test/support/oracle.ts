import { expect } from '@jest/globals';
import type { LogEntry, Severity } from '../../entities/entry.ts';

/** What a list is asked for, in the words of the API. */
export interface Wanted {
  severities?: Severity[];
  from?: string;
  to?: string;
  contains?: string[];
  excludes?: string[];
  /** `smart`: a text without an upper-case letter matches both cases. */
  textCase?: 'sensitive' | 'smart';
  /** A key of the attributes, and the text of its value. */
  attribute?: { name: string; text: string };
  excludedAttribute?: { name: string; text: string };
}

/** The instant of an RFC 3339 date-time in nanoseconds since 1970, computed in another way than the service does. */
export function nanosecondsOf(datetime: string): bigint {
  const [, fraction = ''] = /\.(\d+)/.exec(datetime) ?? [];
  const milliseconds = Date.parse(datetime.replace(/\.\d+/, ''));
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** The entries that a list must yield, newest first: each of those stored once, however often it was sent. */
export function newestFirst(
  sent: LogEntry[],
  { severities, from, to, contains = [], excludes = [], textCase, attribute, excludedAttribute }: Wanted = {},
): LogEntry[] {
  const matches = (message: string, text: string) =>
    textCase === 'smart' && text === text.toLowerCase()
      ? message.toLowerCase().includes(text)
      : message.includes(text);
  const stored = new Map(sent.map((entry) => [JSON.stringify(inOrder(entry)), inOrder(entry)]));
  return [...stored.values()]
    .map((entry) => ({ entry, at: nanosecondsOf(entry.datetime) }))
    .filter(({ entry }) => !severities || severities.includes(entry.severity))
    .filter(({ entry }) => contains.every((text) => matches(entry.message, text)))
    .filter(({ entry }) => !excludes.some((text) => matches(entry.message, text)))
    .filter(({ entry }) => !attribute || hasAttribute(entry, attribute))
    .filter(({ entry }) => !excludedAttribute || !hasAttribute(entry, excludedAttribute))
    .filter(({ at }) => (!from || at >= nanosecondsOf(from)) && (!to || at < nanosecondsOf(to)))
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .map(({ entry }) => entry);
}

/** Expects the first of `expected`, whose entries of equal instants may be in any order. */
export function expectNewest(actual: LogEntry[], expected: LogEntry[], limit = expected.length): void {
  const instants = (entries: LogEntry[]) => entries.map(({ datetime }) => nanosecondsOf(datetime));
  expect(instants(actual)).toEqual(instants(expected.slice(0, limit)));
  const texts = actual.map((entry) => JSON.stringify(entry));
  expect(new Set(texts).size).toBe(actual.length);
  const allowed = new Set(expected.map((entry) => JSON.stringify(inOrder(entry))));
  expect(texts.filter((text) => !allowed.has(text))).toEqual([]);
}

/** An entry with its fields in the order of the answer. */
function inOrder({ id, datetime, severity, message, attributes }: LogEntry): LogEntry {
  return { id, datetime, severity, message, ...(attributes && { attributes }) };
}

function hasAttribute(
  { attributes = {} }: LogEntry,
  { name, text }: { name: string; text: string },
): boolean {
  if (!Object.hasOwn(attributes, name)) return false;
  const value = attributes[name];
  return (typeof value === 'string' ? value : JSON.stringify(value)) === text;
}
