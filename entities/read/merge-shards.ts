import { ABOVE_ALL, isAbove, newerOf, type Positioned } from '../timeline.ts';
import type { ReadEffort, Sequence } from './read-page.ts';
import type { Shard } from './shard.ts';

/** Shards as one sequence, newest first, read no further than it is drawn. */
export class MergedShards<Row extends Positioned> implements Sequence<Row> {
  /** Where the sequence was left because the effort was spent. */
  below: string | undefined;

  private readonly effort: ReadEffort;
  private readonly start: string;
  private readonly opened: Shard<Row>[] = [];
  private shards: Shard<Row>[] = [];

  /** @param start exclusive upper bound of the rows */
  constructor(effort: ReadEffort, start = ABOVE_ALL) {
    this.effort = effort;
    this.start = start;
  }

  /** The newest row not yet taken. Absent, the sequence has ended, or is left at `below`. */
  async peek(): Promise<Row | undefined> {
    for (;;) {
      this.shards = this.shards.filter(({ isDone }) => !isDone);
      const newest = newestOf(this.shards);
      // What is still in the table but older need not be known yet.
      const blocking = this.shards.filter(
        ({ frontier }) => frontier !== undefined && (!newest || isAbove(frontier, newest.position)),
      );
      if (blocking.length === 0) return newest;
      const frontier = blocking.map(({ frontier = '' }) => frontier).reduce(newerOf);
      // A page that ended above its own start would lead back to itself.
      if (this.effort.isSpent && isAbove(this.start, frontier)) {
        this.below = frontier;
        return undefined;
      }
      await this.fill(blocking);
    }
  }

  /**
   * Takes a row that was peeked, from every shard that has it: an index may show a row in two for a moment, and an
   * entry may be in a row and in blocks.
   */
  take({ position }: Row): void {
    for (const shard of this.shards) if (shard.head?.position === position) shard.take();
  }

  /** Whether there may be rows that were not taken. */
  async mayHaveMore(): Promise<boolean> {
    return this.shards.some(({ isDone }) => !isDone);
  }

  /** Adds shards, and reads their newest rows. */
  async add(shards: Shard<Row>[]): Promise<void> {
    this.opened.push(...shards);
    this.shards.push(...shards);
    await this.fill(shards);
  }

  /** How many items of a kind had to be read to know all rows down to a position. */
  itemsDownTo(position: string, kind: Shard<Row>['kind']): number {
    return this.opened
      .filter((shard) => shard.kind === kind)
      .reduce((items, shard) => items + shard.itemsDownTo(position), 0);
  }

  /** Reads on in several shards in one round trip, in each of them its share of the rows that are wanted. */
  private async fill(shards: Shard<Row>[]): Promise<void> {
    const days = new Set(shards.map(({ day }) => day));
    const open = this.shards.filter(({ day, isDone }) => !isDone && days.has(day));
    const wanted = this.effort.rowsWanted;
    const rows = open.filter(({ kind }) => kind === 'rows').length;
    const sharing = { rows, blocks: open.length - rows };
    await Promise.all(
      shards.map(async (shard) => {
        const page = await shard.fill(wanted, sharing[shard.kind]);
        this.effort.enter(page.lookedAt, page.rows.length);
      }),
    );
  }
}

function newestOf<Row extends Positioned>(shards: Shard<Row>[]): Row | undefined {
  let newest: Row | undefined;
  for (const { head } of shards)
    if (head && (!newest || isAbove(head.position, newest.position))) newest = head;
  return newest;
}
