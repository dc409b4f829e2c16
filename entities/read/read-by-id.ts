import type { TableClient } from '../electro.ts';
import { SEVERITIES } from '../entry.ts';
import { instantAt } from '../instant.ts';
import { entriesWithId, type StoredEntry, toStoredEntry } from '../log-entry.ts';
import { TABLE } from '../table.ts';
import {
  ABOVE_ALL,
  BELOW_ALL,
  dayOf,
  endOfDay,
  FIRST_DAY,
  isAbove,
  isBlockTimeline,
  LAST_DAY,
  newerOf,
  positionIn,
} from '../timeline.ts';
import { hashOf } from '../token-filter.ts';
import { blockReader } from './block-reader.ts';
import { type DaySource, readDays } from './day-shards.ts';
import { filterReader } from './filter-reader.ts';
import { MOST_ROWS_AT_ONCE, PAGE_BUDGET } from './how-much.ts';
import { type Collect, type Page, type PageQuery, Progress, readPage } from './read-page.ts';
import { bucketReader, type Placed, Shard } from './shard.ts';

/** Days of the catalogue that are looked at to learn whether there are blocks. */
const DAYS_LOOKED_AT = 60;

/** How much later than its id an entry may be dated, because clocks differ. */
const CLOCK_DIFFERENCE_MS = 10_000;

/** Ends the position at which a search continues. No other position ends like this. */
const SEARCH_MARK = '~search';

/**
 * Makes a function that reads the entries under one id. Entries with rows are found by their key, in one query. Blocks
 * are searched, newest first, if no row has the id. For a time span they are searched after the rows too, on further
 * pages.
 */
export function createReadById(
  table: TableClient,
  shared: Pick<DaySource<StoredEntry>, 'listDays' | 'memory' | 'budget'>,
) {
  /** The rows under an id are together in one partition of the table itself. */
  const readRowsFrom = (from: string) =>
    bucketReader(table, {
      sortKey: TABLE.sortKey,
      query: (id, below) => entriesWithId(id, { from, upTo: below }),
      unfold: (row) => [{ position: positionIn(row.place), value: toStoredEntry(row) }],
    });

  function readRows(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page> {
    const { from = BELOW_ALL, below = ABOVE_ALL } = query;
    const shard = new Shard({ timeline: 'info', bucket: id, start: below, read: readRowsFrom(from) });
    const source = {
      openNewest: async () => [shard],
      unopened: async () => undefined,
      openNext: async () => [],
    };
    return readPage(source, query, collect, new Progress(query.limit, shared.budget ?? PAGE_BUDGET));
  }

  async function mayHaveBlocks({ from = FIRST_DAY, to = LAST_DAY }: PageQuery): Promise<boolean> {
    const range = { newest: dayOf(to), oldest: dayOf(from) };
    const { days, unlisted } = await shared.listDays('entries', range, DAYS_LOOKED_AT);
    return unlisted !== undefined || days.some(({ timeline }) => isBlockTimeline(timeline));
  }

  /** An entry that has a row too is on an earlier page. */
  async function withoutRow(id: string, found: Placed<StoredEntry>[]): Promise<Placed<StoredEntry>[]> {
    if (found.length === 0) return [];
    const positions = new Set(found.map(({ position }) => position));
    const newest = [...positions].reduce(newerOf);
    const oldest = [...positions].reduce((a, b) => (isAbove(a, b) ? b : a));
    const read = readRowsFrom(oldest);
    let below: string | undefined = newest + ABOVE_ALL;
    while (below !== undefined) {
      const bounds = { below, start: below, limit: MOST_ROWS_AT_ONCE, isTimeUp: () => false };
      const page = await read(id, bounds);
      for (const { position } of page.rows) positions.delete(position);
      below = page.below;
    }
    return found.filter(({ position }) => positions.has(position));
  }

  async function search(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page> {
    const { from = BELOW_ALL, onUnreadableBlock } = query;
    const filter = { from, onUnreadableBlock, isWanted: (entry: StoredEntry) => entry.id === id };
    const readBlocks = blockReader(table, filter);
    const readFilters = filterReader(table, shared.listDays, {
      ...filter,
      hashes: [hashOf(id)],
      severities: SEVERITIES,
    });
    const source: DaySource<StoredEntry> = {
      ...shared,
      // Blocks of form 1 have no filters.
      timelines: ['filters', 'blocks'],
      readBucket: (timeline) => async (bucket, bounds) => {
        const page = await (timeline === 'filters' ? readFilters : readBlocks)(bucket, bounds);
        return { ...page, rows: await withoutRow(id, page.rows) };
      },
    };
    const page = await readDays(source, query, collect);
    return { ...page, below: page.below && page.below + SEARCH_MARK };
  }

  return async function readById(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page> {
    const { below, from, to } = query;
    if (below?.endsWith(SEARCH_MARK))
      return search(id, { ...query, below: below.slice(0, -SEARCH_MARK.length) }, collect);

    const page = await readRows(id, query, collect);
    if (page.below !== undefined) return page;
    const start = to ?? startFor(id, from);
    const isFirst = below === undefined || below === to;
    if (isFirst && page.count === 0) return search(id, { ...query, below: start }, collect);
    const isSpanGiven = from !== undefined || to !== undefined;
    if (!isSpanGiven || !(await mayHaveBlocks(query))) return page;
    return { ...page, below: (start ?? endOfDay(LAST_DAY)) + SEARCH_MARK };
  };
}

/** The upper bound of the search for an id: nothing is logged long after its id was made. */
function startFor(id: string, from = BELOW_ALL): string | undefined {
  const time = timeOfId(id);
  return time === undefined ? undefined : newerOf(instantAt(time + CLOCK_DIFFERENCE_MS), from);
}

/** RFC 9562 section 5.7: 48 bits of milliseconds since 1970, then the version. */
const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** github.com/ulid/spec: 48 bits of milliseconds since 1970 in ten characters of Crockford's base 32, then random ones. */
const ULID = /^([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/i;
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Both formats are younger than this. Other text that looks the same seldom names a time between this and now. */
const EARLIEST = Date.parse('2016-01-01T00:00:00Z');

/** The time at which an id was made, in milliseconds since 1970. Absent, the id does not name one. */
export function timeOfId(id: string): number | undefined {
  const time = timeOfUuid(id) ?? timeOfUlid(id);
  return time !== undefined && time >= EARLIEST && time <= Date.now() ? time : undefined;
}

function timeOfUuid(id: string): number | undefined {
  const match = UUID_7.exec(id);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : undefined;
}

function timeOfUlid(id: string): number | undefined {
  const time = ULID.exec(id)?.[1];
  if (time === undefined) return undefined;
  return [...time.toUpperCase()].reduce((sum, digit) => sum * 32 + BASE_32.indexOf(digit), 0);
}
