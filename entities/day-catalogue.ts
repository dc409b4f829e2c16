import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compilePut } from './compile-put.ts';
import { secondsNow } from './instant.ts';
import { createLogDayEntity, type LogDay, type LogDayRow, toLogDay, toLogDayRow } from './log-day.ts';
import { queryRows } from './query-rows.ts';
import type { Timeline } from './timeline.ts';
import { BATCH_SIZE, putItems } from './write/put-items.ts';

const DAY_SECONDS = 86_400;

/** A day once announced is not announced again for an hour. */
const REMEMBERED_MS = 3_600_000;

/** Its row outlives the last entry of that hour, whose writing may have taken a while. */
const MARGIN_SECONDS = (2 * REMEMBERED_MS) / 1000;

/** Days kept in memory. Entries of more days than this in one hour are announced more than once. */
const MEMORY_LIMIT = 10_000;

/** The catalogue could not be written, so entries of its days must not be: nobody would find them. */
export class DayNotAnnouncedError extends Error {
  override readonly name = 'DayNotAnnouncedError';
}

/** Writes days into the catalogue. @throws DayNotAnnouncedError when one is not written until the signal aborts */
export type AnnounceDays = (days: LogDay[], signal: AbortSignal) => Promise<void>;

/** The table is no part of an item, so all tables share one layout. */
const logDayItem = compilePut<LogDayRow>(createLogDayEntity({ table: 'any' }), {
  pk: 'timeline',
  spread: 'spread',
  expiresAt: 1,
});

/** Makes the writing side of the catalogue. Callers that need the same day at the same time share one write. */
export function createAnnounceDays(
  client: DynamoDBClient,
  table: string,
  retentionDays: number,
): AnnounceDays {
  const announced = new Map<string, { at: number; written: Promise<void> }>();

  async function write(days: LogDay[], now: number, signal: AbortSignal): Promise<void> {
    const expiresAt = Math.ceil(now / 1000) + retentionDays * DAY_SECONDS + MARGIN_SECONDS;
    const { unstored, cause } = await putItems(
      { client, table, signal },
      {
        sources: days,
        toItems: (left) => left.map((day) => logDayItem(toLogDayRow(day, retentionDays, expiresAt))),
      },
    );
    if (unstored.length > 0)
      throw new DayNotAnnouncedError('The catalogue of days was not written', { cause });
  }

  return async (days, signal) => {
    const now = Date.now();
    if (announced.size > MEMORY_LIMIT) announced.clear();
    const keyed = new Map(days.map((day) => [`${day.timeline}#${day.day}#${day.shards}`, day]));
    const unknown = [...keyed].filter(([key]) => !((announced.get(key)?.at ?? 0) > now - REMEMBERED_MS));
    for (let at = 0; at < unknown.length; at += BATCH_SIZE) {
      const batch = unknown.slice(at, at + BATCH_SIZE);
      const written = write(
        batch.map(([, day]) => day),
        now,
        signal,
      );
      for (const [key] of batch) announced.set(key, { at: now, written });
      written.catch(() => {
        for (const [key] of batch) announced.delete(key);
      });
    }
    await Promise.all([...keyed.keys()].map((key) => announced.get(key)?.written));
  };
}

/** Part of the days of a timeline, newest first. Days of `blocks` stand among those of `all`. */
export interface DayList {
  days: LogDay[];
  /** The newest day that may not be listed. Absent, all are listed. */
  unlisted?: string;
}

/**
 * Lists the days of a timeline from `newest` down to `oldest`, both inclusive, newest first, each once.
 * A day has the largest number of shards that any writer used.
 * @param limit of the rows of the catalogue to read, at least
 */
export type ListDays = (
  timeline: Timeline,
  range: { newest: string; oldest: string },
  limit: number,
) => Promise<DayList>;

/** Sorts behind every number of shards, so that a day is its own upper bound. */
const END_OF_DAY = '#~';

/** Makes the reading side of the catalogue. */
export function createListDays(client: DynamoDBClient, table: string): ListDays {
  const entity = createLogDayEntity({ client, table });

  return async function listDays(timeline, { newest, oldest }, limit) {
    const now = secondsNow();
    const parameters = entity.query
      .byTimeline({ pk: timeline })
      .between({ spread: oldest }, { spread: newest + END_OF_DAY })
      .params({ order: 'desc' });
    const { rows, lastKey } = await queryRows<LogDayRow>(client, { entity, parameters, limit });
    const listed = rows.map((row) => ({ ...toLogDay(row), isExpired: row.expiresAt <= now }));
    const last = lastKey && listed.at(-1)?.day;
    // The last day of a page may have more rows behind it. A page of one day alone is read again, and further.
    if (last !== undefined && last === listed[0]?.day)
      return listDays(timeline, { newest, oldest }, 2 * limit);

    const days = new Map<string, LogDay>();
    for (const { isExpired, ...day } of listed) {
      const key = `${day.day}#${day.timeline}`;
      // DynamoDB deletes what has expired up to days later.
      if (!isExpired && day.day !== last && day.shards > (days.get(key)?.shards ?? 0)) days.set(key, day);
    }
    return { days: [...days.values()], unlisted: last };
  };
}
