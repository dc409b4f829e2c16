import type { LogEntry } from '../entities/entry.ts';
import { attributesOf } from './attribute-values.ts';
import { csvRow, FIELDS } from './csv.ts';
import { type EntryLines, jsonOfAttributes } from './entry-text.ts';

/** A spreadsheet with more columns is slow to open, and each row has a comma for each of them. */
export const MOST_COLUMNS = 200;

/**
 * A table with a column for each attribute, in the order in which the names came. All entries are to be added before the
 * first line is written. Beyond MOST_COLUMNS names, an entry with further ones has its attributes as JSON in a last column.
 */
export function createAttributeTable() {
  const names = new Set<string>();
  let isCut = false;

  function lineOf(entry: LogEntry): string {
    const texts = new Map<string, string>();
    for (const { name, text } of attributesOf(entry)) if (!texts.has(name)) texts.set(name, text);
    const cells = [...FIELDS.map((field) => entry[field]), ...[...names].map((name) => texts.get(name))];
    if (!isCut) return csvRow(cells);
    const hasMore = [...texts.keys()].some((name) => !names.has(name));
    return csvRow([...cells, hasMore && entry.attributes ? jsonOfAttributes(entry.attributes) : undefined]);
  }

  return {
    add(entries: readonly LogEntry[]): void {
      for (const entry of entries)
        for (const { name } of attributesOf(entry)) {
          if (names.size < MOST_COLUMNS) names.add(name);
          else isCut ||= !names.has(name);
        }
    },
    get lines(): EntryLines {
      const taken = new Set<string>([...FIELDS, 'attributes']);
      const columns = [...names].map((name) => (taken.has(name) ? `attributes.${name}` : name));
      return { head: csvRow([...FIELDS, ...columns, ...(isCut ? ['attributes'] : [])]), lineOf };
    },
  };
}
