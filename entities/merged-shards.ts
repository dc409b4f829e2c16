import { instantAt } from './instant.ts';
import type { ListDays } from './list-days.ts';
import type { LogDay } from './log-day.ts';
import { NewestDays } from './newest-days.ts';
import { isAbove, type Positioned } from './position.ts';
import { type ReadBucket, ShardStream } from './shard-stream.ts';
import { bucketOf, endOfStretch, firstDayOf, type Timeline } from './timeline.ts';

/** Stretches opened side by side, at most: where they hold few rows each, every round opens more of them. */
const MOST_DAYS_AT_ONCE = 8;

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-01-01';

/** How many rows to ask of a shard: one that was never asked, or one that has run dry, in the n-th round trip. */
export type RowsToAsk = (at: { isUnread: boolean; round: number }) => number;

export interface MergeOptions<Row> {
  readBucket: ReadBucket<Row>;
  listDays: ListDays;
  timelines: Timeline[];
  /** Rows at this position and above are passed over. */
  below?: string;
  /** Instant of the oldest row wanted. */
  from?: string;
  /** How many shards today's writers are thought to use. Wrong, it costs a round trip. */
  shards: number;
  rowsToAsk: RowsToAsk;
  /** Whether reading must stop. Asked before every round trip but those that open the sequence. */
  isSpent: () => boolean;
}

/** All shards of all stretches of some timelines as one sequence, newest first, read no further than it is drawn. */
export class MergedShards<Row extends Positioned> {
  /** Where the sequence was left because reading had to stop. */
  pausedBelow: string | undefined;

  private readonly options: MergeOptions<Row>;
  private readonly days: NewestDays;
  private streams: ShardStream<Row>[];
  private newest: ShardStream<Row> | undefined;
  private daysAtOnce = 1;
  private round = 0;

  private constructor(options: MergeOptions<Row>, days: NewestDays, streams: ShardStream<Row>[]) {
    this.options = options;
    this.days = days;
    this.streams = streams;
  }

  /** Asks for the newest possible stretch and for the catalogue in the same round trip. */
  static async open<Row extends Positioned>(options: MergeOptions<Row>): Promise<MergedShards<Row>> {
    const { listDays, timelines, below, from, shards } = options;
    const probedDay = firstDayOf(below ?? newerOf(instantAt(Date.now()), from ?? ''));
    const days = new NewestDays(listDays, timelines, {
      newest: below === undefined ? LAST_DAY : probedDay,
      oldest: from === undefined ? FIRST_DAY : firstDayOf(from),
    });
    const probed = timelines.flatMap((timeline) => openShards(options, { timeline, day: probedDay, shards }));
    const merge = new MergedShards(options, days, probed);
    await Promise.all([days.peek(), merge.fill(probed)]);

    // Entries may be dated up to a day ahead, and other writers may spread the probed stretch further.
    const alsoOpen = await days.takeFrom(probedDay);
    const missed = alsoOpen.flatMap((day) => openShards(options, day, day.day === probedDay ? shards : 0));
    await merge.fill(missed);
    merge.streams.push(...missed);
    return merge;
  }

  /** The newest row not yet taken. Absent, the sequence has ended, or is paused: see `pausedBelow`. */
  async peek(): Promise<Row | undefined> {
    for (;;) {
      const dry = this.streams.filter((stream) => stream.isDry);
      const unreadBelow = dry.map(({ frontier }) => frontier).reduce(newerOf, '');
      this.newest = newestOf(this.streams);
      // What is still in the table is older: it need not be known yet.
      if (this.newest?.head && isAbove(this.newest.head.position, unreadBelow)) return this.newest.head;
      if (dry.length === 0) {
        if (await this.openNextDays()) continue;
        return undefined;
      }
      if (this.options.isSpent()) {
        this.pausedBelow = unreadBelow;
        return undefined;
      }
      await this.fill(dry);
    }
  }

  /** Takes the row that was peeked. */
  take(): void {
    this.newest?.take();
  }

  /** Whether there may be rows that were not taken. */
  async mayHaveMore(): Promise<boolean> {
    return this.streams.some((stream) => !stream.isDone) || (await this.days.peek()) !== undefined;
  }

  /** Reads on in several shards in one round trip. */
  private async fill(streams: ShardStream<Row>[]): Promise<void> {
    const round = this.round++;
    await Promise.all(
      streams.map((stream) => stream.fill(this.options.rowsToAsk({ isUnread: stream.isUnread, round }))),
    );
  }

  private async openNextDays(): Promise<boolean> {
    const next = await this.days.peek();
    if (!next) return false;
    if (this.options.isSpent()) {
      this.pausedBelow = endOfStretch(next.day);
      return false;
    }
    const opened = await this.days.take(this.daysAtOnce);
    this.daysAtOnce = Math.min(2 * this.daysAtOnce, MOST_DAYS_AT_ONCE);
    this.streams = opened.flatMap((day) => openShards(this.options, day));
    return true;
  }
}

/** Streams over the shards of a stretch, from number `first` on. */
function openShards<Row extends Positioned>(
  { readBucket, below }: MergeOptions<Row>,
  { timeline, day, shards }: LogDay,
  first = 0,
): ShardStream<Row>[] {
  // A pause before a shard's first answer must not lead back further than to the shard's own stretch.
  const start = below !== undefined && firstDayOf(below) === day ? below : endOfStretch(day);
  const count = Math.max(shards - first, 0);
  return Array.from(
    { length: count },
    (_, at) => new ShardStream(readBucket, bucketOf(timeline, day, first + at), start),
  );
}

function newestOf<Row extends Positioned>(streams: ShardStream<Row>[]): ShardStream<Row> | undefined {
  let newest: ShardStream<Row> | undefined;
  for (const stream of streams) {
    if (stream.head && (!newest?.head || isAbove(stream.head.position, newest.head.position)))
      newest = stream;
  }
  return newest;
}

function newerOf(a: string, b: string): string {
  return isAbove(a, b) ? a : b;
}
