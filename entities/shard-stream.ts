import type { Positioned } from './position.ts';

/** Part of a bucket, newest first. */
export interface BucketPage<Row> {
  rows: Row[];
  /** Where the rest begins. Absent, there is no rest. */
  resumeBelow?: string;
  /** How many rows were read for it, those that a filter passed over included. */
  lookedAt: number;
}

/** Reads rows of a bucket below a position, looking at no more than `limit` of them. */
export type ReadBucket<Row> = (bucket: string, below: string, limit: number) => Promise<BucketPage<Row>>;

/** One bucket, read lazily from its newest row down. */
export class ShardStream<Row extends Positioned> {
  private readonly read: ReadBucket<Row>;
  private readonly bucket: string;
  private rows: Row[] = [];
  private at = 0;
  private reads = 0;
  private resumeBelow: string | undefined;

  constructor(read: ReadBucket<Row>, bucket: string, below: string) {
    this.read = read;
    this.bucket = bucket;
    this.resumeBelow = below;
  }

  /** The newest row not yet taken, of those that were read. */
  get head(): Row | undefined {
    return this.rows[this.at];
  }

  /** Whether the next row, if there is one, is still in the table. */
  get isDry(): boolean {
    return this.head === undefined && this.resumeBelow !== undefined;
  }

  /** Whether it has never been asked. */
  get isUnread(): boolean {
    return this.reads === 0;
  }

  /** Whether all rows have been taken. */
  get isDone(): boolean {
    return this.head === undefined && this.resumeBelow === undefined;
  }

  /** The position below which the table has not been read. */
  get frontier(): string {
    return this.resumeBelow ?? '';
  }

  take(): void {
    this.at++;
  }

  async fill(limit: number): Promise<void> {
    if (this.resumeBelow === undefined) return;
    const page = await this.read(this.bucket, this.resumeBelow, limit);
    this.reads++;
    this.rows = page.rows;
    this.at = 0;
    this.resumeBelow = page.resumeBelow;
  }
}
