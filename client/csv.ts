import { type EntryLines, jsonOfAttributes } from './entry-text.ts';

/** The columns of a table before those of the attributes. */
export const FIELDS = ['datetime', 'severity', 'id', 'message'] as const;
/** A spreadsheet reads a cell that begins like this as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A table, with the attributes as JSON. */
export const csv: EntryLines = {
  head: csvRow([...FIELDS, 'attributes']),
  lineOf({ attributes, ...entry }) {
    return csvRow([...FIELDS.map((name) => entry[name]), attributes && jsonOfAttributes(attributes)]);
  },
};

/** A row of a table (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvRow(cells: readonly (string | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(text = ''): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
