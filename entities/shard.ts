import { dayOf, type Positioned } from './timeline.ts';

/** Part of a bucket, newest first. */
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
export class Shard<Row extends Positioned> {
  /** The day that it is read in. */
  readonly day: string;
  /** The position below which the table has not been read. Absent, all of it has been. */
  below: string | undefined;

  private readonly read: ReadBucket<Row>;
  private readonly bucket: string;
  private rows: Row[] = [];
  private at = 0;

  constructor(read: ReadBucket<Row>, bucket: string, below: string) {
    this.read = read;
    this.bucket = bucket;
    this.below = below;
    this.day = dayOf(below);
  }

  /** The newest row not yet taken, of those that were read. */
  get head(): Row | undefined {
    return this.rows[this.at];
  }

  /** Whether the next row, if there is one, is still in the table. */
  get isDry(): boolean {
    return this.head === undefined && this.below !== undefined;
  }

  /** Whether all rows have been taken. */
  get isDone(): boolean {
    return this.head === undefined && this.below === undefined;
  }

  take(): void {
    this.at++;
  }

  /** Reads up to `limit` further rows. It is called while the shard is dry. */
  async fill(limit: number): Promise<BucketPage<Row>> {
    const page = await this.read(this.bucket, this.below ?? '', limit);
    this.rows = page.rows;
    this.at = 0;
    this.below = page.below;
    return page;
  }
}
