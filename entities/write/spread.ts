import { DAY_SECONDS } from '../instant.ts';
import { type LogDay, logDayItem, toLayoutRow, toLogDayRows } from '../log-day.ts';
import { daysKept, type Retention, type Timeline } from '../timeline.ts';
import { BATCH_SIZE, type Destination, putItems } from './put-items.ts';

/**
 * How many shards this process spreads each timeline over. Every timeline begins on one shard. A throttle doubles its
 * number up to the ceiling, and the number is kept for as long as the process runs.
 */
export class Spread {
  private readonly ceiling: number;
  private readonly counts = new Map<Timeline, number>();

  /** @param ceiling the most shards of a timeline, 1 or more */
  constructor(ceiling: number) {
    this.ceiling = ceiling;
  }

  /** The number of shards of a timeline now. */
  of(timeline: Timeline): number {
    return this.counts.get(timeline) ?? 1;
  }

  /** The largest number of any timeline. */
  get largest(): number {
    return Math.max(1, ...this.counts.values());
  }

  /**
   * Doubles the shards of a timeline that was throttled. Throttles of writes that were under way together double it
   * once, because each doubles the number at which it was tried.
   * @param tried the number of shards for which the throttled item was made
   */
  widen(timeline: Timeline, tried: number): void {
    this.counts.set(timeline, Math.max(this.of(timeline), Math.min(2 * tried, this.ceiling)));
  }
}

/** A day that was announced is not announced again for an hour. */
const REMEMBERED_MS = 3_600_000;

/** A row outlives the last entry of its hour, even if writing that entry took a while. */
const MARGIN_SECONDS = (2 * REMEMBERED_MS) / 1000;

/** Days kept in memory. If the entries of one hour are of more days than this, some days are announced again. */
const MEMORY_LIMIT = 10_000;

/** The catalogue could not be written. Entries of its days must not be written then, because no reader finds them. */
export class DayNotAnnouncedError extends Error {
  override readonly name = 'DayNotAnnouncedError';
}

/**
 * Writes days into the catalogue.
 * @param countRetries called with how many requests were sent again, by the one of several callers that sent them
 * @throws DayNotAnnouncedError when one is not written before the signal aborts
 */
export type AnnounceDays = (
  days: LogDay[],
  signal: AbortSignal,
  countRetries?: (retries: number) => void,
) => Promise<void>;

/** Makes the writing side of the catalogue. Callers that need the same day at the same time share one write. */
export function createAnnounceDays(table: Omit<Destination, 'signal'>, retention: Retention): AnnounceDays {
  const announced = new Map<string, { at: number; written: Promise<void> }>();

  async function write(
    days: LogDay[],
    now: number,
    signal: AbortSignal,
    countRetries: (retries: number) => void,
  ): Promise<void> {
    const rows = days.flatMap((day) => {
      const kept = daysKept(retention, day.timeline);
      const expiresAt = Math.ceil(now / 1000) + kept * DAY_SECONDS + MARGIN_SECONDS;
      return [toLayoutRow(kept, expiresAt), ...toLogDayRows(day, kept, expiresAt)];
    });
    // DynamoDB refuses a batch that repeats a key, as the mark of the layout would.
    const different = new Map(rows.map((row) => [`${row.catalogue}#${row.spread}`, row]));
    const items = [...different.values()].map(logDayItem);
    for (let at = 0; at < items.length; at += BATCH_SIZE) {
      const { unstored, retries, cause } = await putItems(
        { ...table, signal },
        { sources: items.slice(at, at + BATCH_SIZE), toItems: (pending) => pending },
      );
      countRetries(retries);
      if (unstored.length > 0)
        throw new DayNotAnnouncedError('The catalogue of days was not written', { cause });
    }
  }

  return async (days, signal, countRetries = () => {}) => {
    const now = Date.now();
    if (announced.size > MEMORY_LIMIT) announced.clear();
    const keyed = new Map(days.map((day) => [`${day.timeline}#${day.day}#${day.shards}`, day]));
    const unknown = [...keyed].filter(([key]) => !((announced.get(key)?.at ?? 0) > now - REMEMBERED_MS));
    if (unknown.length > 0) {
      const written = write(
        unknown.map(([, day]) => day),
        now,
        signal,
        countRetries,
      );
      for (const [key] of unknown) announced.set(key, { at: now, written });
      written.catch(() => {
        for (const [key] of unknown) announced.delete(key);
      });
    }
    // Nothing is still being written when it throws.
    const outcomes = await Promise.allSettled([...keyed.keys()].map((key) => announced.get(key)?.written));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
}
