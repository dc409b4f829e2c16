import type { ListDays } from './day-catalogue.ts';
import { DayQueue } from './day-queue.ts';
import { instantAt } from './instant.ts';
import type { LogDay } from './log-day.ts';
import { MergedShards } from './merge-shards.ts';
import type { PageQuery, ReadEffort, Sequence } from './read-page.ts';
import { type ReadBucket, Shard } from './shard.ts';
import {
  bucketOf,
  dayOf,
  elapsedPartOfDay,
  endOfDay,
  newerOf,
  type Positioned,
  type Timeline,
} from './timeline.ts';

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';

/** Days that are opened together while nothing is known of how many rows a day has. */
const DAYS_AT_FIRST = 8;
/** Rows that must have been seen before their mean per day is relied on, and the most days opened until then. */
const TELLING_ROWS = 4;
const MOST_DAYS_UNTIL_THEN = 32;
/** Days are opened with a margin of a tenth, because they hold more and less than their mean. */
const MARGIN = 1.1;
/** A smaller part of a day says too little about the whole of it. */
const LEAST_PART_OF_DAY = 0.25;
/** Shards that are opened together. A single day may have more. */
const MOST_SHARDS_AT_ONCE = 128;

/** Where the rows of timelines are read from. */
export interface DaySource<Row> {
  timelines: Timeline[];
  listDays: ListDays;
  readBucket: ReadBucket<Row>;
  /** How many shards this process last saw a timeline have. Reading keeps it up to date. */
  shardsSeen: Map<Timeline, number>;
}

/** The day shards of some timelines as one sequence, newest first, opened as far as it is drawn. */
export class DayShards<Row extends Positioned> implements Sequence<Row> {
  private readonly source: DaySource<Row>;
  private readonly effort: ReadEffort;
  private readonly days: DayQueue;
  private readonly merge: MergedShards<Row>;
  /** How many days have been opened. Of the newest day, the part below the upper bound counts. */
  private daysOpened = 0;
  private pausedBelow: string | undefined;

  private constructor(source: DaySource<Row>, effort: ReadEffort, days: DayQueue) {
    this.source = source;
    this.effort = effort;
    this.days = days;
    this.merge = new MergedShards([], effort);
  }

  /** Asks for the newest day and for the catalogue of days in one round trip. */
  static async open<Row extends Positioned>(
    source: DaySource<Row>,
    { below, from }: Omit<PageQuery, 'limit'>,
    effort: ReadEffort,
  ): Promise<DayShards<Row>> {
    const start = below ?? newerOf(instantAt(Date.now()), from ?? '');
    const newestDay = dayOf(start);
    const upperBound = below ?? endOfDay(newestDay);
    const days = new DayQueue(source.listDays, source.timelines, {
      // Without an upper bound, entries may be dated up to a day ahead.
      newest: below === undefined ? LAST_DAY : newestDay,
      oldest: from === undefined ? FIRST_DAY : dayOf(from),
    });
    const asked = source.timelines.map((timeline) => ({
      timeline,
      day: newestDay,
      shards: source.shardsSeen.get(timeline) ?? 1,
    }));
    const sequence = new DayShards(source, effort, days);
    await Promise.all([days.listTo(newestDay), sequence.merge.add(openShards(source, asked, upperBound))]);
    await sequence.openMissed(asked, newestDay, upperBound);
    sequence.daysOpened = effort.lookedAt === 0 ? 0 : Math.max(elapsedPartOfDay(start), LEAST_PART_OF_DAY);
    return sequence;
  }

  get below(): string | undefined {
    return this.merge.below ?? this.pausedBelow;
  }

  async peek(): Promise<Row | undefined> {
    for (;;) {
      const row = await this.merge.peek();
      if (row || this.below !== undefined || !(await this.openNextDays())) return row;
    }
  }

  take(row: Row): void {
    this.merge.take(row);
  }

  async mayHaveMore(): Promise<boolean> {
    return (await this.merge.mayHaveMore()) || (await this.days.peek()) !== undefined;
  }

  /** Opens what the first round trip did not ask for: days ahead, and further shards of the newest day. */
  private async openMissed(asked: LogDay[], newestDay: string, upperBound: string): Promise<void> {
    const { listed } = this.days;
    for (const timeline of this.source.timelines) {
      const days = listed.filter((day) => day.timeline === timeline);
      const latest = days.find(({ day }) => day <= newestDay) ?? days[0];
      if (latest) this.source.shardsSeen.set(timeline, latest.shards);
    }
    const missed = this.days
      .takeWhile(({ day }) => day >= newestDay)
      .flatMap((day) => {
        if (day.day !== newestDay) return openShards(this.source, [day]);
        const alreadyOpen = asked.find(({ timeline }) => timeline === day.timeline)?.shards;
        return openShards(this.source, [day], upperBound, alreadyOpen);
      });
    if (missed.length > 0) await this.merge.add(missed);
  }

  /** Opens as many days as are likely to hold the rows that are wanted. Answers whether there were any. */
  private async openNextDays(): Promise<boolean> {
    const next = await this.days.peek();
    if (next === undefined) return false;
    if (this.effort.isSpent) {
      this.pausedBelow = endOfDay(next);
      return false;
    }
    const wanted = this.daysWanted;
    const names = new Set<string>();
    let shards = 0;
    const opened = this.days.takeWhile((day) => {
      const isEnough = names.size >= wanted || (names.size > 0 && shards >= MOST_SHARDS_AT_ONCE);
      if (isEnough && !names.has(day.day)) return false;
      names.add(day.day);
      shards += day.shards;
      return true;
    });
    this.daysOpened += names.size;
    const wantsMoreDays = names.size < wanted && this.days.isUnlisted;
    await Promise.all([this.merge.add(openShards(this.source, opened)), wantsMoreDays && this.days.list()]);
    return true;
  }

  /** How many days hold the rows that are wanted, if they hold as many as those so far. */
  private get daysWanted(): number {
    const { rowsWanted, lookedAt } = this.effort;
    if (lookedAt === 0) return DAYS_AT_FIRST;
    const expected = Math.ceil((MARGIN * rowsWanted * this.daysOpened) / lookedAt);
    return lookedAt < TELLING_ROWS ? Math.min(expected, MOST_DAYS_UNTIL_THEN) : expected;
  }
}

/** The shards of days, from number `first` on. */
function openShards<Row extends Positioned>(
  { readBucket }: DaySource<Row>,
  days: LogDay[],
  below?: string,
  first = 0,
): Shard<Row>[] {
  return days.flatMap(({ timeline, day, shards }) =>
    Array.from(
      { length: Math.max(shards - first, 0) },
      (_, at) => new Shard(readBucket, bucketOf(timeline, day, first + at), below ?? endOfDay(day)),
    ),
  );
}
