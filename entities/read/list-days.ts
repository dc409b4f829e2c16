import { queryRows, readWithinPage, type TableClient } from '../electro.ts';
import { secondsNow } from '../instant.ts';
import {
  type Catalogue,
  cataloguesOf,
  daysInCatalogue,
  type LogDay,
  layoutRows,
  toLayout,
  toLogDay,
} from '../log-day.ts';
import { LAYOUT } from '../table.ts';
import type { Timeline } from '../timeline.ts';
import { rowsToList } from './how-much.ts';

/** Days, both inclusive. */
interface DayRange {
  newest: string;
  oldest: string;
}

/** Part of the days of a catalogue, newest first. */
export interface DayList {
  days: LogDay[];
  /** The newest day that may not be listed. Absent, all are listed. */
  unlisted?: string;
}

/**
 * Lists the days of a catalogue, newest first, each timeline of a day once, with the largest number of shards that any
 * writer used.
 * @param limit how many rows of the catalogue to read, at least
 */
export type ListDays = (catalogue: Catalogue, range: DayRange, limit: number) => Promise<DayList>;

/** Makes the reading side of the catalogue. */
export function createListDays(table: TableClient): ListDays {
  return async function listDays(catalogue, range, limit) {
    const now = secondsNow();
    const { rows, lastKey } = await queryRows(table, daysInCatalogue(catalogue, range), limit);
    const listed = rows.map((row) => ({ ...toLogDay(row), isExpired: row.expiresAt <= now }));
    const last = lastKey && listed.at(-1)?.day;
    // There may be more rows of the last day of a page. A page of one day alone is read again, and further.
    if (last !== undefined && last === listed[0]?.day) return listDays(catalogue, range, 2 * limit);

    const days = new Map<string, LogDay>();
    for (const { isExpired, ...day } of listed) {
      const key = `${day.day}#${day.timeline}`;
      // DynamoDB deletes expired items up to days later.
      if (!isExpired && day.day !== last && day.shards > (days.get(key)?.shards ?? 0)) days.set(key, day);
    }
    return { days: [...days.values()], unlisted: last };
  };
}

/** The days of some timelines that are still to be read, newest first. They are listed as far as they are needed. */
export class DayQueue {
  private readonly listDays: ListDays;
  private readonly timelines: readonly Timeline[];
  private readonly oldest: string;
  private days: LogDay[] = [];
  /** For each catalogue that is not listed to its end, the newest day that may not be listed. */
  private unlisted: Map<Catalogue, string>;
  private listings = 0;

  constructor(listDays: ListDays, timelines: readonly Timeline[], { newest, oldest }: DayRange) {
    this.listDays = listDays;
    this.timelines = timelines;
    this.oldest = oldest;
    this.unlisted = new Map(cataloguesOf(timelines).map((catalogue) => [catalogue, newest]));
  }

  /** The listed days, each with every timeline that has entries on it. */
  get listed(): LogDay[] {
    const end = [...this.unlisted.values()].toSorted().at(-1) ?? '';
    return this.days.filter(({ day }) => day > end);
  }

  /** Whether the catalogue may have days that are not listed. */
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

  /** Lists further days of all catalogues that are not listed to their end. */
  async list(): Promise<void> {
    const limit = rowsToList(this.listings++);
    const lists = await Promise.all(
      [...this.unlisted].map(async ([catalogue, newest]) => ({
        catalogue,
        ...(await this.listDays(catalogue, { newest, oldest: this.oldest }, limit)),
      })),
    );
    this.unlisted = new Map(
      lists.flatMap(({ catalogue, unlisted }) => (unlisted === undefined ? [] : [[catalogue, unlisted]])),
    );
    const found = lists.flatMap(({ days }) =>
      days.filter(({ timeline }) => this.timelines.includes(timeline)),
    );
    this.days = [...this.days, ...found].toSorted((a, b) => (a.day < b.day ? 1 : -1));
  }
}

/** The table has entries that this version would not find. */
export class OtherLayoutError extends Error {
  override readonly name = 'OtherLayoutError';
}

/** Rows of layouts that are looked at. The newest day of a catalogue expires last. */
const LAYOUTS_LOOKED_AT = 100;

/** Makes a function that throws OtherLayoutError if the table has another layout. After a success it asks no more. */
export function createRequireLayout(table: TableClient): () => Promise<void> {
  let isKnown = false;
  return async () => {
    if (isKnown) return;
    const answers = await readWithinPage(table, (page) =>
      Promise.all(layoutRows().map((query) => queryRows(page, query, LAYOUTS_LOOKED_AT))),
    );
    const now = secondsNow();
    const live = answers.flatMap(({ rows }) => rows).filter(({ expiresAt }) => expiresAt > now);
    const other = live.map(toLayout).find((layout) => layout !== LAYOUT);
    if (other !== undefined)
      throw new OtherLayoutError(
        `The table has entries of another version of the service (layout ${other}, this version reads ${LAYOUT}): carry them over as docs/deploy.md says under Upgrading`,
      );
    isKnown = true;
  };
}
