import type { UnreadableBlockError } from '../log-block.ts';
import type { Positioned } from '../timeline.ts';

/** Rows one page may look at. A filter that finds nothing in so many hands on to the next page. */
const MOST_ROWS = 50_000;

/** Time one page may take: a third of the 29 seconds that API Gateway waits. */
const MOST_MILLISECONDS = 8_000;

/** A query costs half a read unit, 4 KB of rows, however little it finds. */
const LEAST_ROWS_OF_QUERY = 10;

/** Is told of each block of packed entries that is passed over because it is damaged. */
export type OnUnreadableBlock = (block: Positioned & { pk: string }, error: UnreadableBlockError) => void;

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
 * Takes the values of a page, newest first. Answers whether it took the value, or has no room for it. It always
 * takes the first value of a page, so that every page gets on.
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

/** A value and its place on its timeline. */
export interface Placed<Value> extends Positioned {
  value: Value;
}

/** Rows, newest first, read as they are drawn. */
export interface Sequence<Row> {
  /** The newest row not yet taken. Absent, the sequence has ended, or was left at `below`. */
  peek(): Promise<Row | undefined>;
  /** Takes the row that was peeked. */
  take(row: Row): void;
  /** Whether there may be rows that were not taken. */
  mayHaveMore(): Promise<boolean>;
  /** Where it was left because the effort was spent. */
  readonly below: string | undefined;
}

/** Reads one page: `limit` values, fewer where one has no room or the effort is spent. */
export async function readPage<Value>(
  open: (effort: ReadEffort) => Promise<Sequence<Placed<Value>>>,
  limit: number,
  collect: Collect<Value>,
): Promise<Page> {
  const effort = new ReadEffort(limit);
  const sequence = await open(effort);
  let last: string | undefined;
  while (effort.collected < limit) {
    const row = await sequence.peek();
    if (!row) return { count: effort.collected, below: sequence.below, queries: effort.queries };
    if (!collect(row.value) && effort.collected > 0) break;
    effort.collected++;
    last = row.position;
    sequence.take(row);
  }
  const below = (await sequence.mayHaveMore()) ? last : undefined;
  return { count: effort.collected, below, queries: effort.queries };
}

/** What reading a page has taken so far, and what it may take yet. */
export class ReadEffort {
  collected = 0;
  queries = 0;
  /** Rows that were read, those that a filter passed over included. */
  lookedAt = 0;
  /** Of these, how many passed it. */
  found = 0;
  private readonly limit: number;
  private cost = 0;
  private readonly deadline = performance.now() + MOST_MILLISECONDS;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Enters a query that looked at some rows and found some of them. */
  enter(lookedAt: number, found: number): void {
    this.queries++;
    this.lookedAt += lookedAt;
    this.found += found;
    this.cost += Math.max(lookedAt, LEAST_ROWS_OF_QUERY);
  }

  /**
   * How many rows the next round trip should look at. It follows from the part that passed the filter so far, but
   * a round trip never more than doubles what was looked at.
   */
  get rowsWanted(): number {
    const missing = this.limit - this.collected;
    if (this.found === this.lookedAt) return missing;
    const expected = Math.ceil((missing * this.lookedAt) / Math.max(this.found, 1));
    return Math.min(expected, Math.max(this.limit, this.lookedAt));
  }

  get isSpent(): boolean {
    return this.cost >= MOST_ROWS || performance.now() >= this.deadline;
  }
}
