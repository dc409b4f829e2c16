import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compilePut } from './compile-put.ts';
import { createLogDayEntity, type LogDay, toLogDayRow } from './log-day.ts';
import { BATCH_SIZE, writeBatch } from './write-batch.ts';

const DAY_SECONDS = 86_400;

/** A day once announced is not announced again for an hour ... */
const REMEMBERED_MS = 3_600_000;

/** ... and its row outlives the last entry of that hour, and every clock that is wrong by less than a day. */
const MARGIN_SECONDS = 2 * DAY_SECONDS;

/** Days kept in memory. Entries of more days than this in one hour are announced more than once. */
const MEMORY_LIMIT = 10_000;

/** The catalogue could not be written, so entries of its days must not be: nobody would find them. */
export class DayNotAnnouncedError extends Error {
  override readonly name = 'DayNotAnnouncedError';
}

export type AnnounceDays = (days: LogDay[], signal: AbortSignal) => Promise<void>;

/**
 * Makes the function that writes days into the catalogue, before the first entry of a day is written.
 * Callers that need the same day at the same time share one write.
 */
export function createAnnounceDays(
  client: DynamoDBClient,
  table: string,
  retentionDays: number,
): AnnounceDays {
  const toItem = compilePut(createLogDayEntity({ client, table }), {
    pk: 'timeline',
    spread: 'spread',
    expiresAt: 1,
  });
  const announced = new Map<string, { at: number; written: Promise<void> }>();

  async function write(days: LogDay[], now: number, signal: AbortSignal): Promise<void> {
    const expiresAt = Math.ceil(now / 1000) + retentionDays * DAY_SECONDS + MARGIN_SECONDS;
    const items = days.map((day) => toItem(toLogDayRow(day, retentionDays, expiresAt)));
    const { unwritten, cause } = await writeBatch(client, table, items, signal);
    if (unwritten.length > 0)
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
