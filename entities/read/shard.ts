import { dayOf, type Positioned } from '../timeline.ts';

/** What is read of a bucket at once, newest first. */
export interface BucketPage<Row> {
  rows: Row[];
  /** The position below which the rest begins. Absent, there is no rest. */
  below?: string;
  /** How many rows were read for it, those that a filter passed over included. */
  lookedAt: number;
}

/** Reads rows of a bucket below a position, looking at no more than `limit` of them. */
export type ReadBucket<Row> = (bucket: string, below: string, limit: number) => Promise<BucketPage<Row>>;

/** One bucket, read lazily from its newest row down. */
export interface Shard<Row extends Positioned> {
  readonly kind: 'rows' | 'blocks';
  /** The day that it is read in. */
  readonly day: string;
  /** The newest row not yet taken, of those that were read. */
  readonly head: Row | undefined;
  /** Nothing below this position may be taken before more is read. Absent, nothing that is unread is newer than `head`. */
  readonly frontier: string | undefined;
  /** Whether all rows have been taken. */
  readonly isDone: boolean;
  take(): void;
  /** Reads on, for a shard that is one of `sharing` in which so many rows are wanted. */
  fill(rowsWanted: number, sharing: number): Promise<BucketPage<Row>>;
  /** How many items had to be read to know all rows down to a position. */
  itemsDownTo(position: string): number;
}

/** Rows that are asked of one shard at once, at most: about half of the 1 MB that a query may read. */
export const MOST_ROWS_AT_ONCE = 1_000;

/** Rows of the usual size in 4 KB, half a read unit. Fewer cost no less. */
const ROWS_OF_LEAST_READ = 8;

/** Of a random spread, a shard holds more than its mean and 3.5 standard deviations once in 2,000 pages. */
const STANDARD_DEVIATIONS = 3.5;

/** A bucket of rows. */
export class RowShard<Row extends Positioned> implements Shard<Row> {
  readonly kind = 'rows';
  readonly day: string;

  private readonly read: ReadBucket<Row>;
  private readonly bucket: string;
  /** The position below which the table has not been read. Absent, all of it has been. */
  private below: string | undefined;
  private rowsPerEntry: number;
  private rows: Row[] = [];
  private at = 0;
  private taken = 0;

  /** @param rowsPerEntry the part of the entries that are rows. The others are in blocks beside them. */
  constructor(read: ReadBucket<Row>, bucket: string, below: string, rowsPerEntry = 1) {
    this.read = read;
    this.bucket = bucket;
    this.below = below;
    this.day = dayOf(below);
    this.rowsPerEntry = rowsPerEntry;
  }

  get head(): Row | undefined {
    return this.rows[this.at];
  }

  get frontier(): string | undefined {
    return this.head === undefined ? this.below : undefined;
  }

  get isDone(): boolean {
    return this.head === undefined && this.below === undefined;
  }

  take(): void {
    this.at++;
    this.taken++;
  }

  /** It is called while all rows that were read are taken. */
  async fill(rowsWanted: number, sharing: number): Promise<BucketPage<Row>> {
    const limit = shareOf(Math.ceil(rowsWanted * this.rowsPerEntry), sharing);
    const page = await this.read(this.bucket, this.below ?? '', limit);
    this.rows = page.rows;
    this.at = 0;
    this.below = page.below;
    // There were more than expected.
    this.rowsPerEntry = 1;
    return page;
  }

  itemsDownTo(): number {
    return this.taken;
  }
}

/** How many rows to ask of one of so many shards, so that one round trip is nearly always enough. */
function shareOf(rows: number, shards: number): number {
  const mean = rows / shards;
  const share = Math.max(Math.ceil(mean + STANDARD_DEVIATIONS * Math.sqrt(mean)), ROWS_OF_LEAST_READ);
  // One row more than is wanted tells whether there are more.
  return Math.min(share, rows + 1, MOST_ROWS_AT_ONCE);
}
