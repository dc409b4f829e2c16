import { type PackableEntry, windowOf } from '../log-block.ts';
import { type CheckedEntry, positionOf } from '../log-entry.ts';
import { bytesOf, JSON_LIMIT_BYTES, toCells } from '../packed-form.ts';

/** Bytes of JSON of the longest entry that is packed. Longer ones fill their write units alone. */
const LONGEST_PACKED_BYTES = 16_384;

/** Fewer entries are stored as rows, which can be found by id. */
const FEWEST_ENTRIES = 5;

/** Room for the brackets around columns. */
const BRACKETS_BYTES = 100;

interface Group {
  entries: PackableEntry[];
  bytes: number;
}

/**
 * Divides entries into groups that become a block each, and entries that become rows. Info entries of one window share
 * a block, each once. The same entries in the same order are always divided in the same way.
 */
export function* packEntries(entries: Iterable<CheckedEntry>): Generator<CheckedEntry | PackableEntry[]> {
  const seen = new Set<string>();
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const cells = toCells(entry);
    const bytes = bytesOf(cells);
    if (entry.severity !== 'info' || bytes > LONGEST_PACKED_BYTES) {
      yield entry;
      continue;
    }
    const position = positionOf(entry);
    if (seen.has(position)) continue;
    seen.add(position);
    const window = windowOf(position);
    let group = groups.get(window);
    if (group && group.bytes + bytes > JSON_LIMIT_BYTES - BRACKETS_BYTES) {
      yield* close(group);
      group = undefined;
    }
    group ??= { entries: [], bytes: 0 };
    groups.set(window, group);
    group.entries.push({ entry, position, cells });
    group.bytes += bytes;
  }
  for (const group of groups.values()) yield* close(group);
}

function* close({ entries }: Group): Generator<CheckedEntry | PackableEntry[]> {
  if (entries.length >= FEWEST_ENTRIES) yield entries;
  else for (const { entry } of entries) yield entry;
}
