import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ListDays } from '../day-catalogue.ts';
import { instantAt, secondsNow } from '../instant.ts';
import { type createLogEntryEntity, type StoredEntry, toStoredEntry } from '../log-entry.ts';
import { TABLE } from '../table.ts';
import {
  ABOVE_ALL,
  BELOW_ALL,
  dayOf,
  endOfDay,
  FIRST_DAY,
  isAbove,
  LAST_DAY,
  newerOf,
  type Timeline,
} from '../timeline.ts';
import type { BlocksWhere } from './block-reader.ts';
import { DayShards } from './day-shards.ts';
import { timeOfId } from './id-time.ts';
import { MergedShards } from './merge-shards.ts';
import type { BlockSource, DaySource } from './open-shards.ts';
import { bucketReader } from './read-bucket.ts';
import { type Collect, type Page, type PageQuery, type Placed, readPage } from './read-page.ts';
import { type BucketPage, MOST_ROWS_AT_ONCE, RowShard } from './shard.ts';

/** Days of the catalogue that are looked at to learn whether there are blocks. */
const DAYS_LOOKED_AT = 60;

/** How far behind an id's own time an entry may be dated, because clocks differ. */
const CLOCK_DIFFERENCE_MS = 10_000;

/** Ends the position at which a search goes on. No other position ends like this. */
const SEARCH_MARK = '~search';

type FoundEntry = Placed<StoredEntry>;

interface IdSource {
  client: DynamoDBClient;
  logEntries: ReturnType<typeof createLogEntryEntity>;
  listDays: ListDays;
  blocksWhere: BlocksWhere;
  shardsSeen: Map<Timeline, number>;
}

/**
 * Reads the entries under one id. Entries with rows are found by their key, which is all that a found row costs. If
 * there is none, blocks are searched, newest first. A time span makes pages of that search follow rows too.
 */
export function createReadById({ client, logEntries, listDays, blocksWhere, shardsSeen }: IdSource) {
  const rowsWith = (now: number, from: string) =>
    bucketReader(client, { sortKey: TABLE.sortKey, toValue: toStoredEntry }, (pk, below) => {
      // The entries under one id stand together in the table itself.
      const parameters = logEntries.query
        .byId({ pk })
        .between({ position: from }, { position: below })
        .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
        .params({ order: 'desc' });
      return { entity: logEntries, parameters };
    });

  function readRows(
    id: string,
    { limit, from, below }: PageQuery,
    collect: Collect<StoredEntry>,
  ): Promise<Page> {
    const shard = new RowShard(rowsWith(secondsNow(), from ?? BELOW_ALL), id, below ?? ABOVE_ALL);
    return readPage(
      async (effort) => {
        const rows = new MergedShards<FoundEntry>(effort, below);
        await rows.add([shard]);
        return rows;
      },
      limit,
      collect,
    );
  }

  async function mayHaveBlocks({ from = FIRST_DAY, to = LAST_DAY }: PageQuery): Promise<boolean> {
    const range = { newest: dayOf(to), oldest: dayOf(from) };
    const { days, unlisted } = await listDays('all', range, DAYS_LOOKED_AT);
    return unlisted !== undefined || days.some(({ timeline }) => timeline === 'blocks');
  }

  /** An entry that has a row too is on an earlier page. */
  async function withoutRow(id: string, found: FoundEntry[]): Promise<FoundEntry[]> {
    if (found.length === 0) return [];
    const positions = new Set(found.map(({ position }) => position));
    const newest = [...positions].reduce(newerOf);
    const oldest = [...positions].reduce((a, b) => (isAbove(a, b) ? b : a));
    const readBucket = rowsWith(secondsNow(), oldest);
    let below: string | undefined = newest + ABOVE_ALL;
    while (below !== undefined) {
      const page: BucketPage<FoundEntry> = await readBucket(id, below, MOST_ROWS_AT_ONCE);
      for (const { position } of page.rows) positions.delete(position);
      below = page.below;
    }
    return found.filter(({ position }) => positions.has(position));
  }

  async function search(
    id: string,
    { limit, ...range }: PageQuery,
    collect: Collect<StoredEntry>,
  ): Promise<Page> {
    const { from, onUnreadableBlock } = range;
    const readBlocks = blocksWhere({ from, onUnreadableBlock, isWanted: (entry) => entry.id === id });
    const blocks: BlockSource<FoundEntry> = {
      read: async (...bounds) => {
        const page = await readBlocks(...bounds);
        return { ...page, rows: await withoutRow(id, page.rows) };
      },
      itemsPerEntry: new Map(),
    };
    const source: DaySource<FoundEntry> = {
      timelines: [],
      listDays,
      shardsSeen,
      readBucket: rowsWith(secondsNow(), BELOW_ALL),
      blocks,
    };
    const page = await readPage((effort) => DayShards.open(source, range, effort), limit, collect);
    return { ...page, below: page.below && page.below + SEARCH_MARK };
  }

  return async function readById(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page> {
    const { below, from, to } = query;
    if (below?.endsWith(SEARCH_MARK))
      return search(id, { ...query, below: below.slice(0, -SEARCH_MARK.length) }, collect);

    const page = await readRows(id, query, collect);
    if (page.below !== undefined) return page;
    const start = to ?? startFor(id, from);
    if (page.count === 0) return search(id, { ...query, below: start }, collect);
    const isSpanGiven = from !== undefined || to !== undefined;
    if (!isSpanGiven || !(await mayHaveBlocks(query))) return page;
    return { ...page, below: (start ?? endOfDay(LAST_DAY)) + SEARCH_MARK };
  };
}

/** Where the search for an id begins: nothing is logged long after its id was made. */
function startFor(id: string, from = BELOW_ALL): string | undefined {
  const time = timeOfId(id);
  return time === undefined ? undefined : newerOf(instantAt(time + CLOCK_DIFFERENCE_MS), from);
}
