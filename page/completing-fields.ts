import { createFieldCounts, type Field } from '../client/field-counts.ts';
import type { LogEntry } from '../entities/entry.ts';

/** Entries whose attributes complete a search, and values of each attribute. So many are counted within 20 ms. */
const MOST_COUNTED = 1_000;
const MOST_VALUES = 100;

/** The attributes that a search is completed with: those of the first entries of a list. */
export function completingFields(entries: readonly LogEntry[]): Field[] {
  const counts = createFieldCounts();
  counts.add(entries.slice(0, MOST_COUNTED));
  return counts.fields(MOST_VALUES);
}
