import { epochMillisecondsOf } from '../instant.ts';
import type { PackableEntry } from '../log-block.ts';
import { type CheckedEntry, positionOf } from '../log-entry.ts';
import { bytesOf, JSON_LIMIT_BYTES, toCells } from '../packed-form.ts';
import type { Packing } from '../table.ts';
import { BLOCK_SPANS, dayOf, isAbove } from '../timeline.ts';

/** Bytes of JSON of the longest entry that is packed. Longer ones fill their write units alone. */
const LONGEST_PACKED_BYTES = 16_384;

/** Room for the brackets around columns. */
const BRACKETS_BYTES = 100;

/** How many entries a block must have on average before a request is cut into blocks of half the span. */
const ENTRIES_OF_BLOCK = 40;

const [, SHORTEST_CUT, , , LONGEST_CUT] = BLOCK_SPANS;

/**
 * Divides entries into groups that become a block each, newest first, and entries that become rows. A block has entries
 * of one severity and day, each once. The same set of entries is always divided in the same way.
 */
export function* packEntries(
  entries: Iterable<CheckedEntry>,
  packing: Packing,
): Generator<CheckedEntry | PackableEntry[]> {
  const companies = new Map<string, PackableEntry[]>();
  for (const entry of entries) {
    const packable = packing === 'all' || entry.severity === packing ? toPackable(entry) : undefined;
    if (!packable) {
      yield entry;
      continue;
    }
    const name = `${entry.severity} ${dayOf(packable.position)}`;
    const company = companies.get(name);
    if (company) company.push(packable);
    else companies.set(name, [packable]);
  }
  for (const company of companies.values()) {
    company.sort((a, b) => (isAbove(a.position, b.position) ? -1 : 1));
    const newestFirst = company.filter(({ position }, at) => position !== company[at - 1]?.position);
    yield* cut(newestFirst, spanFor(newestFirst), JSON_LIMIT_BYTES - BRACKETS_BYTES);
  }
}

/** Undefined if the entry is too long. */
function toPackable(entry: CheckedEntry): PackableEntry | undefined {
  const cells = toCells(entry);
  const bytes = bytesOf(entry, cells);
  if (bytes > LONGEST_PACKED_BYTES) return undefined;
  return {
    entry,
    position: positionOf(entry),
    milliseconds: epochMillisecondsOf(entry.instant),
    cells,
    bytes,
  };
}

/** Halved as long as enough entries are in a block: then pages below an instant look at few entries beside theirs. */
function spanFor(newestFirst: PackableEntry[]): number {
  const most = newestFirst.length / ENTRIES_OF_BLOCK;
  let span: number = LONGEST_CUT;
  while (span > SHORTEST_CUT && [...cut(newestFirst, span / 2)].length <= most) span /= 2;
  return span;
}

/** Groups of neighbours that span so many milliseconds, and take so many bytes, at most. */
function* cut(
  newestFirst: PackableEntry[],
  span: number,
  mostBytes = Number.POSITIVE_INFINITY,
): Generator<PackableEntry[]> {
  let first = 0;
  let bytes = 0;
  for (const [at, { milliseconds, bytes: more }] of newestFirst.entries()) {
    const spanned = (newestFirst[first] as PackableEntry).milliseconds - milliseconds;
    if (at > first && (spanned > span || bytes + more > mostBytes)) {
      yield newestFirst.slice(first, at);
      first = at;
      bytes = 0;
    }
    bytes += more;
  }
  yield newestFirst.slice(first);
}
