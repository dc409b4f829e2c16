import type { LogEntry } from '../entities/entry.ts';
import { attributesOf } from './attribute-values.ts';

/** An attribute that some entries have. */
export interface Field {
  name: string;
  /** How many entries have it. */
  entries: number;
  /** How many different values it has. */
  distinct: number;
  /** The values that most entries have, the most frequent first. */
  top: { text: string; count: number }[];
}

/** Counts which attributes entries have, and with which values, as the entries come page by page. */
export function createFieldCounts() {
  const fields = new Map<string, Map<string, number>>();
  const entriesWith = new Map<string, number>();

  const addEntry = (entry: LogEntry) => {
    const seen = new Set<string>();
    for (const { name, text } of attributesOf(entry)) {
      const values = fields.get(name) ?? new Map<string, number>();
      fields.set(name, values.set(text, (values.get(text) ?? 0) + 1));
      // Two members may lead to one name, as of {"a":{"b":1},"a.b":2}.
      if (!seen.has(name)) entriesWith.set(name, (entriesWith.get(name) ?? 0) + 1);
      seen.add(name);
    }
  };

  return {
    add(entries: readonly LogEntry[]): void {
      for (const entry of entries) addEntry(entry);
    },
    /** The names, those that most entries have first. @param most values for each, at most */
    fields(most: number): Field[] {
      return [...fields]
        .map(([name, values]) => ({
          name,
          entries: entriesWith.get(name) ?? 0,
          distinct: values.size,
          top: topOf(values, most),
        }))
        .sort((a, b) => b.entries - a.entries || (a.name < b.name ? -1 : 1));
    },
  };
}

/** There may be ten thousand values that occur once, so they are not all sorted. */
function topOf(values: ReadonlyMap<string, number>, most: number): Field['top'] {
  const top: Field['top'] = [];
  for (const [text, count] of values) {
    const place = top.findIndex(
      (other) => count > other.count || (count === other.count && text < other.text),
    );
    if (place !== -1) top.splice(place, 0, { text, count });
    else if (top.length < most) top.push({ text, count });
    if (top.length > most) top.pop();
  }
  return top;
}
