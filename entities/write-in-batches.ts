import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AnnounceDays } from './announce-days.ts';
import type { Item } from './compile-put.ts';
import type { LogDay } from './log-day.ts';
import { TABLE } from './table.ts';
import { BATCH_SIZE, writeBatch } from './write-batch.ts';

/** BatchWriteItem calls under way at once: enough to hide the round trip, few enough to keep memory flat. */
const BATCHES_IN_FLIGHT = 16;

/** What became of the sources of one call. Whatever is in `unstored` is to be sent again. */
export interface AppendOutcome<Source> {
  stored: number;
  unstored: Source[];
  retries: number;
  /** Why something was not stored, where an error said so. */
  cause?: unknown;
}

/** A source's item, the key it stands under, and the days that must be in the catalogue before it. */
export interface Put {
  key: string;
  item: Item;
  days: LogDay[];
}

interface Destination {
  client: DynamoDBClient;
  table: string;
  announceDays: AnnounceDays;
  signal: AbortSignal;
}

/**
 * Writes sources as they are drawn: while earlier batches are under way, later sources are still being made.
 * A key that occurs twice is written once, for DynamoDB refuses a batch that repeats one.
 * DynamoDB's errors never throw, they are in the outcome; an error of `sources` or `toPut` does.
 */
export async function writeInBatches<Source>(
  destination: Destination,
  sources: Iterable<Source>,
  toPut: (source: Source) => Put,
): Promise<AppendOutcome<Source>> {
  const outcome: AppendOutcome<Source> = { stored: 0, unstored: [], retries: 0 };
  const seen = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let batch = new Batch<Source>();

  const flush = async () => {
    const writing: Promise<void> = writeOne(destination, batch, outcome).finally(() =>
      underWay.delete(writing),
    );
    underWay.add(writing);
    batch = new Batch();
    if (underWay.size >= BATCHES_IN_FLIGHT) await Promise.race(underWay);
  };

  try {
    for (const source of sources) {
      const put = toPut(source);
      if (seen.has(put.key)) continue;
      seen.add(put.key);
      batch.add(source, put);
      if (batch.sources.length === BATCH_SIZE) await flush();
    }
    if (batch.sources.length > 0) await flush();
  } finally {
    await Promise.all(underWay);
  }
  return outcome;
}

class Batch<Source> {
  readonly sources: Source[] = [];
  readonly items: Item[] = [];
  readonly days: LogDay[] = [];

  add(source: Source, { item, days }: Put): void {
    this.sources.push(source);
    this.items.push(item);
    this.days.push(...days);
  }
}

/** Writes one batch and adds what became of it to the outcome. Never rejects. */
async function writeOne<Source>(
  { client, table, announceDays, signal }: Destination,
  { sources, items, days }: Batch<Source>,
  outcome: AppendOutcome<Source>,
): Promise<void> {
  try {
    await announceDays(days, signal);
    const { unwritten, retries, cause } = await writeBatch(client, table, items, signal);
    outcome.retries += retries;
    outcome.stored += items.length - unwritten.length;
    if (unwritten.length === 0) return;
    const left = new Set(unwritten.map(primaryKeyOf));
    outcome.unstored.push(...sources.filter((_, at) => left.has(primaryKeyOf(items[at]))));
    outcome.cause ??= cause;
  } catch (error) {
    outcome.unstored.push(...sources);
    outcome.cause ??= error;
  }
}

function primaryKeyOf(item: Item | undefined): string {
  return `${item?.[TABLE.partitionKey]?.S}\n${item?.[TABLE.sortKey]?.S}`;
}
