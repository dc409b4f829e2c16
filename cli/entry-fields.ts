import { attributeText, attributeValue } from '../client/attribute-values.ts';
import { escapeLine } from '../client/control-characters.ts';
import { csvRow, FIELDS } from '../client/csv.ts';
import { type EntryLines, jsonOfAttributes } from '../client/entry-text.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { ReadOptions } from './arguments.ts';

type Form = ReadOptions['output'];

/** Lines with these fields of entries alone: with tabs between them for people, as members, or as columns. */
export function linesOfFields(names: readonly string[], output: Form, local: boolean): EntryLines {
  if (output === 'json') return { head: '', lineOf: (entry) => `${jsonOf(entry, names)}\n` };
  if (output === 'csv')
    return { head: csvRow(names), lineOf: (entry) => csvRow(names.map((name) => textOf(entry, name))) };
  const shown = (entry: LogEntry, name: string) =>
    name === 'datetime' ? readableTime(entry.datetime, local) : escapeLine(textOf(entry, name) ?? '');
  return { head: '', lineOf: (entry) => `${names.map((name) => shown(entry, name)).join('\t')}\n` };
}

/** The fields that an entry has, in the order of the names. */
function jsonOf(entry: LogEntry, names: readonly string[]): string {
  const members = names.flatMap((name) => {
    const value = ownText(entry, name) ?? attributeValue(entry, name);
    const json = name === 'attributes' ? attributesOf(entry) : value !== undefined && JSON.stringify(value);
    return json ? [`${JSON.stringify(name)}:${json}`] : [];
  });
  return `{${members.join()}}`;
}

function textOf(entry: LogEntry, name: string): string | undefined {
  return name === 'attributes' ? attributesOf(entry) : (ownText(entry, name) ?? attributeText(entry, name));
}

function ownText(entry: LogEntry, name: string): string | undefined {
  const own = FIELDS.find((field) => field === name);
  return own && entry[own];
}

function attributesOf({ attributes }: LogEntry): string | undefined {
  return attributes && jsonOfAttributes(attributes);
}
