import type { ListDays } from '../day-catalogue.ts';
import type { LogDay } from '../log-day.ts';
import { bucketOf, endOfDay, type Positioned, type Timeline } from '../timeline.ts';
import { BlockShard, type ReadBlocks } from './block-shard.ts';
import { type ReadBucket, RowShard, type Shard } from './shard.ts';

/** Where the rows of timelines are read from. */
export interface DaySource<Row> {
  timelines: Timeline[];
  listDays: ListDays;
  readBucket: ReadBucket<Row>;
  /** How many shards this process last saw a timeline have. Reading keeps it up to date. */
  shardsSeen: Map<Timeline, number>;
  /** The blocks beside the timelines. Absent, there are none. */
  blocks?: BlockSource<Row>;
}

export interface BlockSource<Row> {
  read: ReadBlocks<Row>;
  /** How many rows and blocks a page took for each entry, where a day had both. Reading keeps it up to date. */
  itemsPerEntry: Map<'rows' | 'blocks', number>;
}

/** Blocks for each entry of a page, before a page was read. */
const BLOCKS_PER_ENTRY_AT_FIRST = 0.05;

/** The shards of days, from number `first` on. */
export function openShards<Row extends Positioned>(
  { readBucket, blocks }: DaySource<Row>,
  days: LogDay[],
  below?: string,
  first = 0,
): Shard<Row>[] {
  const packedDays = new Set(
    days.flatMap(({ timeline, day, shards }) => (timeline === 'blocks' && shards > 0 ? [day] : [])),
  );
  return days.flatMap(({ timeline, day, shards }) =>
    Array.from({ length: Math.max(shards - first, 0) }, (_, at) => {
      const bucket = bucketOf(timeline, day, first + at);
      const start = below ?? endOfDay(day);
      const perEntry = packedDays.has(day) ? blocks?.itemsPerEntry : undefined;
      return timeline === 'blocks' && blocks
        ? new BlockShard(blocks.read, bucket, start, perEntry?.get('blocks') ?? BLOCKS_PER_ENTRY_AT_FIRST)
        : new RowShard(readBucket, bucket, start, perEntry?.get('rows'));
    }),
  );
}
