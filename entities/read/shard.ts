import { queryRows, type RowQuery, type TableClient } from '../electro.ts';
import { dayOf, isAbove, type Positioned, positionIn, type Timeline } from '../timeline.ts';

/** A value and its place on its timeline. */
export interface Placed<Value> extends Positioned {
  value: Value;
}

/** What is read of a bucket at once. */
export interface BucketPage<Value> {
  /** Newest first within an item. */
  rows: Placed<Value>[];
  /** The positions of the items. */
  items: string[];
  /** The position of the last item that was read. Absent, the bucket has been read to its end. */
  below?: string;
  /** How many rows were looked at, including those that a filter skipped. */
  lookedAt: number;
}

/** How far one read of a bucket goes. */
export interface ReadBounds {
  /** Exclusive upper bound of the items. */
  below: string;
  /** Exclusive upper bound of the values, which may be lower. */
  start: string;
  /** The most items. */
  limit: number;
  /** Whether the time is up, so that the read stops after the item at hand. */
  isTimeUp(): boolean;
}

/** Reads items of a bucket. */
export type ReadBucket<Value> = (bucket: string, bounds: ReadBounds) => Promise<BucketPage<Value>>;

/** How a bucket is read. */
interface BucketReading<Row, Value> {
  /** The field of the place. */
  sortKey: string;
  /** A query of the rows of a bucket below a position. */
  query(bucket: string, below: string): RowQuery<Row>;
  /** The values of an item below `start`, newest first. */
  unfold(row: Row, start: string): (Positioned & { value: Value })[];
  isWanted?(value: Value): boolean;
}

/** Makes a function that reads buckets of a table. */
export function bucketReader<Row extends { place: string }, Value>(
  table: TableClient,
  { sortKey, query, unfold, isWanted = () => true }: BucketReading<Row, Value>,
): ReadBucket<Value> {
  return async (bucket, { below, start, limit, isTimeUp }) => {
    const { rows, lastKey, lookedAt } = await queryRows(table, query(bucket, below), limit);
    const last = lastKey?.[sortKey]?.S;
    const page: BucketPage<Value> = {
      rows: [],
      items: [],
      below: last && positionIn(last),
      lookedAt: lookedAt - rows.length,
    };
    for (const row of rows) {
      page.items.push(positionIn(row.place));
      for (const { position, value } of unfold(row, start)) {
        page.lookedAt++;
        if (isWanted(value)) page.rows.push({ position, value });
      }
      if (!isTimeUp()) continue;
      page.below = positionIn(row.place);
      break;
    }
    return page;
  };
}

/** A shard that is opened. */
interface Opening<Value> {
  timeline: Timeline;
  bucket: string;
  /** Exclusive upper bound of its values. */
  start: string;
  /** Exclusive upper bound of its items. Default: `start`. */
  top?: string;
  /** How many of its items there are likely to be for each row of a page (see partOf). Default: 1. */
  part?: number;
  read: ReadBucket<Value>;
}

/**
 * One bucket, read from its newest item down as far as needed. No item has a value above its own position, so nothing
 * that is unread is above the last item that was read.
 */
export class Shard<Value> {
  readonly timeline: Timeline;
  /** The day in which it is read. */
  readonly day: string;
  readonly part: number;
  /** The position of the last item that was read: values that are unread are below it. Absent, all are read. */
  frontier: string | undefined;
  /** How often it was read. */
  reads = 0;

  private readonly opening: Opening<Value>;
  private readonly items: string[] = [];
  private rows: Placed<Value>[] = [];
  private at = 0;

  constructor(opening: Opening<Value>) {
    this.opening = opening;
    this.timeline = opening.timeline;
    this.day = dayOf(opening.start);
    this.part = opening.part ?? 1;
    this.frontier = opening.top ?? opening.start;
  }

  /** The newest value not yet taken, of those that were read. */
  get head(): Placed<Value> | undefined {
    return this.rows[this.at];
  }

  /** Whether something unread may be above a position; without a position, whether anything is unread. */
  mayHaveAbove(position: string | undefined): boolean {
    return this.frontier !== undefined && (position === undefined || isAbove(this.frontier, position));
  }

  take(): void {
    this.at++;
  }

  /** How many items it had to read for the values at a position and above. */
  itemsFor(position: string): number {
    return this.items.filter((item) => !isAbove(position, item)).length;
  }

  /** Reads on, at most `limit` items. */
  async read(limit: number, isTimeUp: () => boolean): Promise<BucketPage<Value>> {
    const { bucket, start, read } = this.opening;
    this.reads++;
    const page = await read(bucket, { below: this.frontier ?? '', start, limit, isTimeUp });
    this.items.push(...page.items);
    this.rows = merge([...this.rows.slice(this.at), ...page.rows]);
    this.at = 0;
    this.frontier = page.below;
    return page;
  }
}

/** Newest first, each position once: an entry that was sent again may be in several rows and blocks. */
function merge<Value>(rows: Placed<Value>[]): Placed<Value>[] {
  const sorted = rows.sort((a, b) => (isAbove(a.position, b.position) ? -1 : 1));
  return sorted.filter(({ position }, at) => position !== sorted[at - 1]?.position);
}
