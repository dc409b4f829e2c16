import type { LogBlockRow, UnreadableBlockError } from '../log-block.ts';
import { ABOVE_ALL, isAbove, newerOf, type Timeline } from '../timeline.ts';
import { costOf, itemsToAsk, type PageBudget, rowsWanted } from './how-much.ts';
import type { Placed, Shard } from './shard.ts';

/** Called with each block of packed entries that is skipped because it is damaged. */
export type OnUnreadableBlock = (
  block: Pick<LogBlockRow, 'bucket' | 'place'>,
  error: UnreadableBlockError,
) => void;

/** Which part of a sequence is wanted. */
export interface PageQuery {
  /** The oldest instant wanted, inclusive. */
  from?: string;
  /** Exclusive upper bound: an instant, or the position at which another page ended. */
  below?: string;
  /** Exclusive upper bound of all pages, an instant. */
  to?: string;
  limit: number;
  onUnreadableBlock?: OnUnreadableBlock;
}

/**
 * Takes the values of a page, newest first. Returns whether it took the value; false if it has no room for it. It
 * always takes the first value of a page, so that every page makes progress.
 */
export type Collect<Value> = (value: Value) => boolean;

/** What was collected, and what it took. */
export interface Page {
  /** How many values were collected. */
  count: number;
  /** The position below which the next page begins. Absent, nothing follows. */
  below?: string;
  /** How many queries of shards it took. */
  queries: number;
}

/** Where the shards of a page come from, the newest first. */
export interface ShardSource<Value> {
  /** Opens the shards that may have the newest values. */
  openNewest(progress: Progress): Promise<Shard<Value>[]>;
  /** The upper bound of what is not open. Absent, everything is. */
  unopened(): Promise<string | undefined>;
  /** Opens the next shards. */
  openNext(progress: Progress): Promise<Shard<Value>[]>;
}

/**
 * Reads one page: shards, newest first, until `limit` values are collected. It ends earlier where a value has no room
 * or the budget is spent.
 */
export async function readPage<Value>(
  source: ShardSource<Value>,
  { limit, below: start = ABOVE_ALL }: Pick<PageQuery, 'limit' | 'below'>,
  collect: Collect<Value>,
  progress: Progress,
): Promise<Page> {
  let shards = await source.openNewest(progress);
  let last: string | undefined;
  const endBelow = (below?: string) => ({ count: progress.collected, below, queries: progress.queries });

  while (progress.collected < limit) {
    shards = shards.filter(({ head, frontier }) => head !== undefined || frontier !== undefined);
    const newest = newestOf(shards);
    const unread = shards.filter((shard) => shard.mayHaveAbove(newest?.position));
    if (unread.length > 0) {
      const frontier = unread.map(({ frontier = '' }) => frontier).reduce(newerOf);
      // A page that ended above its own start would lead back to itself.
      if (progress.isSpent && isAbove(start, frontier)) return endBelow(frontier);
      await readOn(unread, shards, progress);
    } else if (newest) {
      if (!collect(newest.value) && progress.collected > 0) break;
      take(newest, shards, progress);
      last = newest.position;
    } else {
      const below = await source.unopened();
      if (below === undefined || progress.isSpent) return endBelow(below);
      shards = await source.openNext(progress);
    }
  }
  const hasMore = shards.some(({ head, frontier }) => head !== undefined || frontier !== undefined);
  return endBelow(hasMore || (await source.unopened()) !== undefined ? last : undefined);
}

function newestOf<Value>(shards: Shard<Value>[]): Placed<Value> | undefined {
  let newest: Placed<Value> | undefined;
  for (const { head } of shards)
    if (head && (!newest || isAbove(head.position, newest.position))) newest = head;
  return newest;
}

/**
 * Takes a value from every shard that has it: an entry that was sent again may have rows in several shards, and it may
 * be in a row and in blocks.
 */
function take<Value>({ position }: Placed<Value>, shards: Shard<Value>[], progress: Progress): void {
  progress.collected++;
  for (const shard of shards) if (shard.head?.position === position) shard.take();
}

/** Reads on in several shards in one round trip, in each of them its share of the rows that are wanted. */
export async function readOn<Value>(
  shards: Shard<Value>[],
  open: Shard<Value>[],
  progress: Progress,
): Promise<void> {
  const days = new Set(shards.map(({ day }) => day));
  const spread = new Map<Timeline, number>();
  for (const { day, timeline } of open)
    if (days.has(day)) spread.set(timeline, (spread.get(timeline) ?? 0) + 1);
  const rows = rowsWanted(progress);
  await Promise.all(
    shards.map(async (shard) => {
      const { timeline, part, reads } = shard;
      const limit = itemsToAsk({ timeline, rows, part, shards: spread.get(timeline) ?? 1, reads });
      const page = await shard.read(limit, () => progress.isTimeUp);
      progress.countQuery(page.lookedAt, page.rows.length);
    }),
  );
}

/** How far the reading of a page is, and whether it may continue. */
export class Progress {
  readonly limit: number;
  collected = 0;
  queries = 0;
  /** Rows that were read, including those that a filter skipped. */
  lookedAt = 0;
  /** How many of these matched. */
  found = 0;
  private readonly budget: PageBudget;
  private readonly began = performance.now();
  private cost = 0;

  constructor(limit: number, budget: PageBudget) {
    this.limit = limit;
    this.budget = budget;
  }

  get isSpent(): boolean {
    return this.cost >= this.budget.rows || this.isTimeUp;
  }

  get isTimeUp(): boolean {
    return performance.now() >= this.began + this.budget.milliseconds;
  }

  countQuery(lookedAt: number, found: number): void {
    this.queries++;
    this.lookedAt += lookedAt;
    this.found += found;
    this.cost += costOf(lookedAt);
  }
}
