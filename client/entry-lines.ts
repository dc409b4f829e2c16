import type { LogEntry } from '../entities/entry.ts';
import { jsonOfAttributes, jsonOfEntry } from './entry-json.ts';

/** A form in which entries are given to other programs: text of one or more lines an entry. */
export interface EntryLines {
  /** Stands before the first entry; empty where the form needs none. */
  head: string;
  lineOf(entry: LogEntry): string;
}

const COLUMNS = ['datetime', 'severity', 'id', 'message', 'attributes'] as const;
/** A spreadsheet reads a cell that begins so as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** One JSON object a line (NDJSON): each entry as the service gives it. */
export const ndjson: EntryLines = { head: '', lineOf: (entry) => `${jsonOfEntry(entry)}\n` };

/** A table (RFC 4180), with the attributes as JSON. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export const csv: EntryLines = {
  head: `${COLUMNS.join(',')}\r\n`,
  lineOf: (entry) => `${COLUMNS.map((name) => cellOf(textOf(entry[name]))).join(',')}\r\n`,
};

function textOf(value: LogEntry[keyof LogEntry]): string {
  return typeof value === 'object' ? jsonOfAttributes(value) : (value ?? '');
}

function cellOf(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
