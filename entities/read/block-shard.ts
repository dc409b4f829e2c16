import { endOfWindow } from '../log-block.ts';
import { dayOf, isAbove, type Positioned } from '../timeline.ts';
import type { BucketPage, Shard } from './shard.ts';

/** What is read of a bucket of blocks at once. `below` is the position of the last block. */
export interface BlocksPage<Row> extends BucketPage<Row> {
  /** The positions of the blocks that were read, newest first. */
  blocks: string[];
}

/**
 * Reads blocks of a bucket below a position, looking at no more than `limit` of them. Of their rows it finds those
 * below `start`, in any order.
 */
export type ReadBlocks<Row> = (
  bucket: string,
  below: string,
  limit: number,
  start: string,
) => Promise<BlocksPage<Row>>;

/** Blocks that are asked of one shard at once, at most. Unpacked they take 4 MB. */
const MOST_BLOCKS_AT_ONCE = 64;

/**
 * A bucket of blocks. Blocks overlap: one that is unread may hold entries that are newer than some of those in hand, so
 * the last block that was read is always the frontier.
 */
export class BlockShard<Row extends Positioned> implements Shard<Row> {
  readonly kind = 'blocks';
  readonly day: string;
  frontier: string | undefined;

  private readonly read: ReadBlocks<Row>;
  private readonly bucket: string;
  private readonly start: string;
  private readonly blocksPerEntry: number;
  private readonly blocks: string[] = [];
  private fills = 0;
  private rows: Row[] = [];
  private at = 0;

  /** @param start exclusive upper bound of the entries. Blocks that hold some of them may stand above it. */
  constructor(read: ReadBlocks<Row>, bucket: string, start: string, blocksPerEntry: number) {
    this.read = read;
    this.bucket = bucket;
    this.start = start;
    this.frontier = endOfWindow(start);
    this.day = dayOf(start);
    this.blocksPerEntry = blocksPerEntry;
  }

  get head(): Row | undefined {
    return this.rows[this.at];
  }

  get isDone(): boolean {
    return this.head === undefined && this.frontier === undefined;
  }

  take(): void {
    this.at++;
  }

  async fill(rowsWanted: number, sharing: number): Promise<BlocksPage<Row>> {
    // Where blocks overlap more than was expected, each round trip reads twice as many as the one before.
    const share = Math.ceil((rowsWanted * this.blocksPerEntry) / sharing) + 1;
    const limit = Math.min(share * 2 ** this.fills++, MOST_BLOCKS_AT_ONCE);
    const page = await this.read(this.bucket, this.frontier ?? '', limit, this.start);
    this.rows = mergeRows(this.rows.slice(this.at), page.rows);
    this.at = 0;
    this.blocks.push(...page.blocks);
    this.frontier = page.below;
    return page;
  }

  itemsDownTo(position: string): number {
    return this.blocks.filter((block) => isAbove(block, position)).length;
  }
}

/** Newest first, each position once: an entry that was sent again in other company is in several blocks. */
function mergeRows<Row extends Positioned>(...lists: Row[][]): Row[] {
  const sorted = lists.flat().toSorted((a, b) => (isAbove(a.position, b.position) ? -1 : 1));
  return sorted.filter(({ position }, at) => position !== sorted[at - 1]?.position);
}
