import type { Severity } from '../entry.ts';
import { epochMillisecondsOf } from '../instant.ts';
import { logBlockItem, type PackableEntry, placeLogBlockRow, toLogBlockRow } from '../log-block.ts';
import { type CheckedEntry, positionOf } from '../log-entry.ts';
import {
  type FilteredBlock,
  filterOf,
  logFilterItem,
  placeLogFilterRow,
  toLogFilterRow,
} from '../log-filter.ts';
import { bytesOf, JSON_LIMIT_BYTES, toCells } from '../packed-form.ts';
import type { Packing } from '../table.ts';
import { BLOCK_SPANS, dayOf, FILTERED_SPAN, instantOf, isAbove } from '../timeline.ts';
import type { Put } from './write-in-batches.ts';

/** Bytes of JSON of the longest entry that is packed. Longer ones fill their write units alone. */
const LONGEST_PACKED_BYTES = 16_384;

/** Room for the brackets around columns. */
const BRACKETS_BYTES = 100;

/** How many entries a block must have on average before a request is cut into blocks of half the span. */
const ENTRIES_OF_BLOCK = 40;

const [, SHORTEST_CUT, , , LONGEST_CUT] = BLOCK_SPANS;

/**
 * The puts of entries that are packed: of blocks, and then of their filters; and the entries that become rows.
 * @param stamp what all rows have
 */
export function* packedPuts(
  entries: Iterable<CheckedEntry>,
  packing: Packing,
  stamp: Stamp,
): Generator<CheckedEntry | Put<CheckedEntry>> {
  const blocks: Block[] = [];
  for (const part of packEntries(entries, packing)) {
    if (!Array.isArray(part)) {
      yield part;
      continue;
    }
    const sources = part.map(({ entry }) => entry);
    const [{ severity }] = sources as [CheckedEntry];
    const row = toLogBlockRow(part, stamp.expiryOf(severity), stamp.sender);
    const { timeline, position, expiresAt } = row;
    blocks.push({ sources, timeline, position, expiresAt, filter: filterOf(sources) });
    yield {
      sources,
      key: position,
      timeline,
      day: dayOf(position),
      toItem: (shards) => logBlockItem(placeLogBlockRow(row, shards)),
    };
  }
  for (const group of groupsOf(blocks)) yield toFilterPut(group);
}

interface Stamp {
  /** In seconds since 1970. */
  expiryOf(severity: Severity): number;
  sender?: string;
}

/**
 * Divides entries into groups that become a block each, newest first, and entries that become rows. A block has entries
 * of one severity and day, each once. The same set of entries is always divided in the same way.
 */
function* packEntries(
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

/** A block and what its entries are. */
interface Block extends FilteredBlock {
  sources: CheckedEntry[];
  expiresAt: number;
}

/** Blocks whose filters share a row. More would take more than two write units at once, and be read in vain. */
const BLOCKS_OF_FILTER = 16;

/**
 * Blocks of one day and FILTERED_SPAN that expire together, newest first. Otherwise an error would keep the filters of
 * info for longer.
 */
function* groupsOf(blocks: Block[]): Generator<Block[]> {
  const newestFirst = blocks.sort(
    (a, b) => b.expiresAt - a.expiresAt || (isAbove(a.position, b.position) ? -1 : 1),
  );
  let group: Block[] = [];
  for (const block of newestFirst) {
    const [first = block] = group;
    const isTogether =
      dayOf(first.position) === dayOf(block.position) &&
      first.expiresAt === block.expiresAt &&
      newestOf(first) - newestOf(block) <= FILTERED_SPAN;
    if (group.length === BLOCKS_OF_FILTER || !isTogether) {
      yield group;
      group = [];
    }
    group.push(block);
  }
  if (group.length > 0) yield group;
}

/** The newest instant of a block, in milliseconds since 1970. */
function newestOf({ position }: FilteredBlock): number {
  return epochMillisecondsOf(instantOf(position));
}

/** An entry is stored once its block and the filter of the block are. */
function toFilterPut(blocks: Block[]): Put<CheckedEntry> {
  const [{ expiresAt }] = blocks as [Block];
  const row = toLogFilterRow(blocks, expiresAt);
  return {
    sources: blocks.flatMap(({ sources }) => sources),
    others: blocks.map(({ position }) => position),
    key: `filter ${row.position}`,
    timeline: 'filters',
    day: dayOf(row.position),
    toItem: (shards) => logFilterItem(placeLogFilterRow(row, shards)),
  };
}
