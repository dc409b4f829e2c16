import type { ListDays } from '../day-catalogue.ts';
import { catalogueOf, type LogDay } from '../log-day.ts';
import type { Timeline } from '../timeline.ts';

/** Rows of the catalogue in the first listing: 60 stay below 4 KB, half a read unit. */
const FIRST_LISTING = 60;
/** Each further listing reads so many times as many rows. */
const GROWTH_OF_LISTING = 4;

/** The days of some timelines that are still to be read, newest first. They are listed as far as they are asked for. */
export class DayQueue {
  private readonly listDays: ListDays;
  private readonly timelines: Timeline[];
  private readonly oldest: string;
  private days: LogDay[] = [];
  /** For each part of the catalogue that is not listed to its end, the newest day that may not be listed. */
  private unlisted: Map<Timeline, string>;
  private listing = FIRST_LISTING;

  /** @param range the newest and the oldest day wanted, both inclusive */
  constructor(listDays: ListDays, timelines: Timeline[], range: { newest: string; oldest: string }) {
    this.listDays = listDays;
    this.timelines = timelines;
    this.oldest = range.oldest;
    this.unlisted = new Map(timelines.map((timeline) => [catalogueOf(timeline), range.newest]));
  }

  /** The listed days, each with every timeline that has entries on it. */
  get listed(): LogDay[] {
    const end = [...this.unlisted.values()].toSorted().at(-1) ?? '';
    return this.days.filter(({ day }) => day > end);
  }

  /** Whether the catalogue may hold days that are not listed. */
  get isUnlisted(): boolean {
    return this.unlisted.size > 0;
  }

  /** The newest day. Absent, the queue is empty. */
  async peek(): Promise<string | undefined> {
    while (this.listed.length === 0 && this.isUnlisted) await this.list();
    return this.listed[0]?.day;
  }

  /** Takes the newest listed days, as long as each is wanted. */
  takeWhile(isWanted: (day: LogDay) => boolean): LogDay[] {
    const { listed } = this;
    const end = listed.findIndex((day) => !isWanted(day));
    return this.days.splice(0, end < 0 ? listed.length : end);
  }

  /** Lists all days from `oldest` on. */
  async listTo(oldest: string): Promise<void> {
    do await this.list();
    while ([...this.unlisted.values()].some((day) => day >= oldest));
  }

  /** Lists further days of all timelines that are not listed to their end. */
  async list(): Promise<void> {
    const limit = this.listing;
    this.listing *= GROWTH_OF_LISTING;
    const lists = await Promise.all(
      [...this.unlisted].map(async ([timeline, newest]) => ({
        timeline,
        ...(await this.listDays(timeline, { newest, oldest: this.oldest }, limit)),
      })),
    );
    this.unlisted = new Map(
      lists.flatMap(({ timeline, unlisted }) => (unlisted === undefined ? [] : [[timeline, unlisted]])),
    );
    const found = lists.flatMap(({ days }) =>
      days.filter(({ timeline }) => this.timelines.includes(timeline)),
    );
    this.days = [...this.days, ...found].toSorted((a, b) => (a.day < b.day ? 1 : -1));
  }
}
