import type { ListDays } from './list-days.ts';
import { MergedShards, type RowsToAsk } from './merged-shards.ts';
import type { Positioned } from './position.ts';
import { ReadBudget } from './read-budget.ts';
import type { ReadBucket } from './shard-stream.ts';
import type { Timeline } from './timeline.ts';

/** Rows that a filter looks at in one shard at once, at most: about half of the 1 MB that a query may read. */
const MOST_ROWS_AT_ONCE = 1_000;

/** Of a random spread, a shard holds more than its mean and 3.5 standard deviations once in 2,000 pages. */
const STANDARD_DEVIATIONS = 3.5;

/** Which part of a sequence is wanted. */
export interface PageQuery {
  /** The oldest instant wanted, inclusive. */
  from?: string;
  /** Exclusive upper bound: an instant, or the position at which another page ended. */
  below?: string;
  limit: number;
}

/**
 * Takes the values of a page, newest first. Answers whether it took the value, or has no room for it;
 * the first value of a page it always takes, so that every page gets on.
 */
export type Collect<Value> = (value: Value) => boolean;

/** What was collected, and the number of queries of day shards behind it. */
export interface Page {
  count: number;
  /** The position below which the next page begins. Absent, nothing follows. */
  below?: string;
  queries: number;
}

/** A value and its place on its timeline. */
export interface Placed<Value> extends Positioned {
  value: Value;
}

/** Where a sequence of values is read from. */
export interface Sequence<Value> {
  timelines: Timeline[];
  /** How many shards today's writers are thought to use. */
  shards: number;
  listDays: ListDays;
  readBucket: ReadBucket<Placed<Value>>;
  /** Whether most rows may be passed over. */
  isFiltered: boolean;
}

/**
 * Reads one page: `limit` values, fewer where one no longer fits or the budget of reading is spent.
 */
export async function readPage<Value>(
  { listDays, readBucket, timelines, shards, isFiltered }: Sequence<Value>,
  { limit, below, from }: PageQuery,
  collect: Collect<Value>,
): Promise<Page> {
  const budget = new ReadBudget();
  const merge = await MergedShards.open<Placed<Value>>({
    listDays,
    timelines,
    below,
    from,
    shards,
    rowsToAsk: isFiltered ? growing(limit, shards) : sharing(limit, shards),
    readBucket: async (bucket, belowPosition, rows) => {
      const bucketPage = await readBucket(bucket, belowPosition, rows);
      budget.enter(bucketPage.lookedAt);
      return bucketPage;
    },
    isSpent: () => budget.isSpent,
  });

  let count = 0;
  let last: string | undefined;
  while (count < limit) {
    const row = await merge.peek();
    if (!row) return { count, below: merge.pausedBelow, queries: budget.queries };
    if (!collect(row.value) && count > 0) break;
    count++;
    last = row.position;
    merge.take();
  }
  return { count, below: (await merge.mayHaveMore()) ? last : undefined, queries: budget.queries };
}

/** Asks each shard for so much that one round trip is nearly always enough, and for no more than that. */
function sharing(limit: number, shards: number): RowsToAsk {
  const mean = limit / shards;
  const first = Math.min(Math.ceil(mean + STANDARD_DEVIATIONS * Math.sqrt(mean)), limit);
  return ({ isUnread }) => (isUnread ? first : Math.ceil(mean));
}

/** Asks for twice as much each round: cheap where the filter passes most rows, quick where it passes few. */
function growing(limit: number, shards: number): RowsToAsk {
  const first = sharing(limit, shards)({ isUnread: true, round: 0 });
  return ({ round }) => Math.min(first * 2 ** round, MOST_ROWS_AT_ONCE);
}
