import type { Attributes, LogEntry } from '../entities/entry.ts';

/** The JSON of attributes that JSON.stringify would write in another way, such as a number of more than 17 digits. */
const asGiven = new WeakMap<Attributes, string>();

/** A string, or what opens or closes an object or array. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;

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

/** Remembers what the attributes of entries have lost, for as long as these live. @param body the entries' JSON */
export function rememberJson(entries: readonly LogEntry[], body: string): void {
  // Most pages lose nothing, and looking for what was lost takes longer.
  if (JSON.stringify(entries) === body) return;
  let at = -1;
  let depth = 0;
  let key = '';
  let start = 0;
  for (const { 0: token, index } of body.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth += 1;
      if (depth === 2) at += 1;
      if (depth === 3) start = index;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth === 2 && key === '"attributes"') remember(entries[at], body.slice(start, index + 1));
    } else if (depth === 2) key = token;
  }
}

function remember(entry: LogEntry | undefined, json: string): void {
  if (!entry?.attributes || JSON.stringify(entry.attributes) === json) return;
  // A slice would keep the whole body in memory.
  asGiven.set(entry.attributes, JSON.parse(JSON.stringify(json)));
}
