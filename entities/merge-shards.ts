import type { ReadEffort, Sequence } from './read-page.ts';
import type { Shard } from './shard.ts';
import { isAbove, type Positioned } from './timeline.ts';

/** Rows that are asked of one shard at once, at most: about half of the 1 MB that a query may read. */
const MOST_ROWS_AT_ONCE = 1_000;

/** Rows of the usual size in 4 KB, half a read unit. Fewer cost no less. */
const ROWS_OF_LEAST_READ = 8;

/** Of a random spread, a shard holds more than its mean and 3.5 standard deviations once in 2,000 pages. */
const STANDARD_DEVIATIONS = 3.5;

/** Shards as one sequence, newest first, read no further than it is drawn. */
export class MergedShards<Row extends Positioned> implements Sequence<Row> {
  /** Where the sequence was left because the effort was spent. */
  below: string | undefined;

  private readonly effort: ReadEffort;
  private shards: Shard<Row>[];

  constructor(shards: Shard<Row>[], effort: ReadEffort) {
    this.shards = shards;
    this.effort = effort;
  }

  /** The newest row not yet taken. Absent, the sequence has ended, or is left at `below`. */
  async peek(): Promise<Row | undefined> {
    for (;;) {
      this.shards = this.shards.filter(({ isDone }) => !isDone);
      const newest = newestOf(this.shards);
      // What is still in the table but older need not be known yet.
      const blocking = this.shards.filter(
        ({ isDry, below = '' }) => isDry && (!newest || !isAbove(newest.position, below)),
      );
      if (blocking.length === 0) return newest;
      if (this.effort.isSpent) {
        this.below = blocking.map(({ below = '' }) => below).reduce((a, b) => (isAbove(a, b) ? a : b));
        return undefined;
      }
      await this.fill(blocking);
    }
  }

  /** Takes a row that was peeked, from every shard that has it: an index may show a row in two for a moment. */
  take({ position }: Row): void {
    for (const shard of this.shards) if (shard.head?.position === position) shard.take();
  }

  /** Whether there may be rows that were not taken. */
  async mayHaveMore(): Promise<boolean> {
    return this.shards.some(({ isDone }) => !isDone);
  }

  /** Adds shards, and reads their newest rows. */
  async add(shards: Shard<Row>[]): Promise<void> {
    this.shards.push(...shards);
    await this.fill(shards);
  }

  /** Reads on in several shards in one round trip, in each of them its share of the rows that are wanted. */
  private async fill(shards: Shard<Row>[]): Promise<void> {
    const days = new Set(shards.map(({ day }) => day));
    const sharing = this.shards.filter(({ day, isDone }) => !isDone && days.has(day));
    const rows = shareOf(this.effort.rowsWanted, sharing.length);
    await Promise.all(
      shards.map(async (shard) => {
        const page = await shard.fill(rows);
        this.effort.enter(page.lookedAt, page.rows.length);
      }),
    );
  }
}

/** How many rows to ask of one of so many shards, so that one round trip is nearly always enough. */
function shareOf(rows: number, shards: number): number {
  const mean = rows / shards;
  const share = Math.max(Math.ceil(mean + STANDARD_DEVIATIONS * Math.sqrt(mean)), ROWS_OF_LEAST_READ);
  // One row more than is wanted tells whether there are more.
  return Math.min(share, rows + 1, MOST_ROWS_AT_ONCE);
}

function newestOf<Row extends Positioned>(shards: Shard<Row>[]): Row | undefined {
  let newest: Row | undefined;
  for (const { head } of shards)
    if (head && (!newest || isAbove(head.position, newest.position))) newest = head;
  return newest;
}
