import { instantAt } from '../instant.ts';
import type { LogDay } from '../log-day.ts';
import {
  dayOf,
  elapsedPartOfDay,
  endOfDay,
  FIRST_DAY,
  LAST_DAY,
  newerOf,
  type Positioned,
  type Timeline,
} from '../timeline.ts';
import { DayQueue } from './day-queue.ts';
import { MergedShards } from './merge-shards.ts';
import { type DaySource, openShards } from './open-shards.ts';
import type { PageQuery, ReadEffort, Sequence } from './read-page.ts';

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

/** A shorter page says too little about what entries of other pages take. */
const LEAST_ENTRIES_TO_LEARN = 50;

type DayRange = Pick<PageQuery, 'below' | 'from'>;

/** The day shards of some timelines as one sequence, newest first, opened as far as it is drawn. */
export class DayShards<Row extends Positioned> implements Sequence<Row> {
  private readonly source: DaySource<Row>;
  private readonly timelines: Timeline[];
  private readonly effort: ReadEffort;
  private readonly days: DayQueue;
  private readonly merge: MergedShards<Row>;
  /** How many days have been opened. Of the newest day, the part below the upper bound counts. */
  private daysOpened = 0;
  private pausedBelow: string | undefined;
  private taken = 0;
  private last = '';

  private constructor(source: DaySource<Row>, { below, from }: DayRange, effort: ReadEffort) {
    this.source = source;
    this.timelines = source.blocks ? [...source.timelines, 'blocks'] : source.timelines;
    this.effort = effort;
    this.days = new DayQueue(source.listDays, this.timelines, {
      // Without an upper bound, entries may be dated up to a day ahead.
      newest: below === undefined ? LAST_DAY : dayOf(below),
      oldest: from === undefined ? FIRST_DAY : dayOf(from),
    });
    this.merge = new MergedShards(effort, below);
  }

  /** Asks for the newest day and for the catalogue of days in one round trip. */
  static async open<Row extends Positioned>(
    source: DaySource<Row>,
    range: DayRange,
    effort: ReadEffort,
  ): Promise<DayShards<Row>> {
    const { below, from } = range;
    const start = below ?? newerOf(instantAt(Date.now()), from ?? '');
    const newestDay = dayOf(start);
    const upperBound = below ?? endOfDay(newestDay);
    const sequence = new DayShards(source, range, effort);
    const asked = sequence.timelines.map((timeline) => ({
      timeline,
      day: newestDay,
      // Most logs have no blocks.
      shards: source.shardsSeen.get(timeline) ?? (timeline === 'blocks' ? 0 : 1),
    }));
    await Promise.all([
      sequence.days.listTo(newestDay),
      sequence.merge.add(openShards(source, asked, upperBound)),
    ]);
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
    this.taken++;
    this.last = row.position;
  }

  async mayHaveMore(): Promise<boolean> {
    this.learnItemsPerEntry();
    return (await this.merge.mayHaveMore()) || (await this.days.peek()) !== undefined;
  }

  /** Opens what the first round trip did not ask for: days ahead, and further shards of the newest day. */
  private async openMissed(asked: LogDay[], newestDay: string, upperBound: string): Promise<void> {
    const { listed } = this.days;
    for (const timeline of this.timelines) {
      const days = listed.filter((day) => day.timeline === timeline);
      const latest = days.find(({ day }) => day <= newestDay) ?? days[0];
      // After packing was switched off, days without blocks are not asked for them.
      if (timeline === 'blocks')
        this.source.shardsSeen.set(timeline, latest?.day === newestDay ? latest.shards : 0);
      else if (latest) this.source.shardsSeen.set(timeline, latest.shards);
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

  private learnItemsPerEntry(): void {
    const { found, lookedAt } = this.effort;
    if (!this.source.blocks || this.taken < LEAST_ENTRIES_TO_LEARN || found < lookedAt) return;
    const { itemsPerEntry } = this.source.blocks;
    const blocks = this.merge.itemsDownTo(this.last, 'blocks');
    if (blocks === 0) return;
    itemsPerEntry.set('blocks', blocks / this.taken);
    itemsPerEntry.set('rows', this.merge.itemsDownTo(this.last, 'rows') / this.taken);
  }

  /** How many days hold the rows that are wanted, if they hold as many as those so far. */
  private get daysWanted(): number {
    const { rowsWanted, lookedAt } = this.effort;
    // The first round trip may have met nothing but blocks of newer entries.
    if (lookedAt === 0 || this.daysOpened === 0) return DAYS_AT_FIRST;
    const expected = Math.ceil((MARGIN * rowsWanted * this.daysOpened) / lookedAt);
    return lookedAt < TELLING_ROWS ? Math.min(expected, MOST_DAYS_UNTIL_THEN) : expected;
  }
}
