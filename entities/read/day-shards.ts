import { instantAt } from '../instant.ts';
import type { LogDay } from '../log-day.ts';
import {
  BELOW_ALL,
  bucketOf,
  dayOf,
  endOfDay,
  FIRST_DAY,
  isBlockTimeline,
  LAST_DAY,
  newerOf,
  type Timeline,
  topOf,
} from '../timeline.ts';
import {
  daysToOpen,
  MOST_SHARDS_AT_ONCE,
  PAGE_BUDGET,
  type PageBudget,
  type Parts,
  partOf,
  partOfDay,
  partsOf,
  rowsWanted,
} from './how-much.ts';
import { DayQueue, type ListDays } from './list-days.ts';
import {
  type Collect,
  type Page,
  type PageQuery,
  Progress,
  readOn,
  readPage,
  type ShardSource,
} from './read-page.ts';
import { type ReadBucket, Shard } from './shard.ts';

/** What a process remembers of the pages that it read, so that the next one takes fewer round trips. */
export interface ReadMemory {
  /** How many shards each timeline had. */
  shards: Map<Timeline, number>;
  /** The parts that pages have shown, by which timelines and whether the newest were asked for. */
  parts: Map<string, Parts>;
}

/** Where the values of timelines are read from. */
export interface DaySource<Value> {
  timelines: readonly Timeline[];
  listDays: ListDays;
  readBucket(timeline: Timeline): ReadBucket<Value>;
  memory: ReadMemory;
  /** Default: PAGE_BUDGET. */
  budget?: PageBudget;
}

/** Reads one page of timelines: day shards, newest first, until `limit` values are collected. */
export async function readDays<Value>(
  source: DaySource<Value>,
  query: PageQuery,
  collect: Collect<Value>,
): Promise<Page> {
  const progress = new Progress(query.limit, source.budget ?? PAGE_BUDGET);
  const shards = new DayShards(source, query);
  const page = await readPage(shards, query, collect, progress);
  shards.learnFrom(progress, page.below);
  return page;
}

/** The shards of the days of some timelines, opened as far as they are needed. */
class DayShards<Value> implements ShardSource<Value> {
  private readonly source: DaySource<Value>;
  private readonly days: DayQueue;
  /** The instant, position or end of a day at which the page begins. */
  private readonly start: string;
  private readonly upperBound: string;
  private readonly kindOfPage: string;
  /** How many days are open. Of the newest day, the part below the upper bound counts. */
  private daysOpened = 0;
  private readonly opened: Shard<Value>[] = [];

  constructor(source: DaySource<Value>, { below, from }: Pick<PageQuery, 'below' | 'from'>) {
    this.source = source;
    this.start = below ?? newerOf(instantAt(Date.now()), from ?? '');
    this.upperBound = below ?? endOfDay(dayOf(this.start));
    // Far more blocks have entries around an instant in the past than have the newest entries.
    this.kindOfPage = `${source.timelines} ${below === undefined ? 'newest' : 'below'}`;
    this.days = new DayQueue(source.listDays, source.timelines, {
      // Without an upper bound, entries may be dated up to a day ahead.
      newest: below === undefined ? LAST_DAY : dayOf(below),
      oldest: from === undefined ? FIRST_DAY : dayOf(from),
    });
  }

  /** Reads the newest day and the catalogue of days in one round trip, then what that did not ask for. */
  async openNewest(progress: Progress): Promise<Shard<Value>[]> {
    const { timelines, memory } = this.source;
    const newestDay = dayOf(this.start);
    const asked = timelines.map((timeline) => ({
      timeline,
      day: newestDay,
      // Most logs have no blocks.
      shards: memory.shards.get(timeline) ?? (isBlockTimeline(timeline) || timeline === 'filters' ? 0 : 1),
    }));
    const shards = this.shardsOf(asked);
    await Promise.all([this.days.listTo(newestDay), readOn(shards, shards, progress)]);
    this.rememberShards();

    const missed = this.days.takeWhile(({ day }) => day >= newestDay);
    const opened = new Map(asked.map((day) => [day.timeline, day.shards]));
    const further = this.shardsOf(missed, (day) => (day.day === newestDay ? opened.get(day.timeline) : 0));
    const all = [...shards, ...further];
    await readOn(further, all, progress);
    if (progress.lookedAt > 0) this.daysOpened = partOfDay(this.start);
    return all;
  }

  async unopened(): Promise<string | undefined> {
    const next = await this.days.peek();
    return next === undefined ? undefined : endOfDay(next);
  }

  /** Opens as many days as are likely to have the rows that are wanted. */
  async openNext(progress: Progress): Promise<Shard<Value>[]> {
    const { daysOpened } = this;
    const wanted = daysToOpen({ rows: rowsWanted(progress), lookedAt: progress.lookedAt, daysOpened });
    const names = new Set<string>();
    let count = 0;
    const opened = this.days.takeWhile(({ day, shards }) => {
      const isEnough = names.size >= wanted || (names.size > 0 && count >= MOST_SHARDS_AT_ONCE);
      if (isEnough && !names.has(day)) return false;
      names.add(day);
      count += shards;
      return true;
    });
    this.daysOpened += names.size;
    const wantsMoreDays = names.size < wanted && this.days.isUnlisted;
    const shards = this.shardsOf(opened);
    await Promise.all([readOn(shards, shards, progress), wantsMoreDays && this.days.list()]);
    return shards;
  }

  /** Remembers the parts of the timelines for pages of the same kind. @param end where the page ended */
  learnFrom(progress: Progress, end = BELOW_ALL): void {
    const parts = partsOf(progress, this.source.timelines, (timeline) =>
      this.opened.reduce((sum, shard) => sum + (shard.timeline === timeline ? shard.itemsFor(end) : 0), 0),
    );
    if (parts) this.source.memory.parts.set(this.kindOfPage, parts);
  }

  /** A timeline has as many shards as on its newest listed day that the page reads. */
  private rememberShards(): void {
    const { timelines, memory } = this.source;
    const { listed } = this.days;
    for (const timeline of listed.length > 0 ? timelines : []) {
      const days = listed.filter((day) => day.timeline === timeline);
      const latest = days.find(({ day }) => day <= dayOf(this.start)) ?? days[0];
      memory.shards.set(timeline, latest?.shards ?? 0);
    }
  }

  /** The shards of days, without the first ones of a day that are open already. */
  private shardsOf(
    days: LogDay[],
    alreadyOpen: (day: LogDay) => number | undefined = () => 0,
  ): Shard<Value>[] {
    const { timelines, memory, readBucket } = this.source;
    const learnt = memory.parts.get(this.kindOfPage) ?? new Map();
    const ofDays = new Map<string, Timeline[]>();
    for (const { timeline, day, shards } of days)
      if (shards > 0) ofDays.set(day, [...(ofDays.get(day) ?? []), timeline]);
    const opened = days.flatMap((day) => {
      const first = alreadyOpen(day) ?? 0;
      const { timeline } = day;
      const start = day.day === dayOf(this.start) ? this.upperBound : endOfDay(day.day);
      const part = partOf(timeline, { timelines, learnt, ofDay: ofDays.get(day.day) ?? [] });
      return Array.from(
        { length: Math.max(day.shards - first, 0) },
        (_, at) =>
          new Shard({
            timeline,
            bucket: bucketOf(timeline, day.day, first + at),
            start,
            // A block may have entries below the start and be above it itself.
            top: topOf(timeline, start),
            part,
            read: readBucket(timeline),
          }),
      );
    });
    this.opened.push(...opened);
    return opened;
  }
}
