import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import type { Item } from '../compile-put.ts';
import type { AnnounceDays } from '../day-catalogue.ts';
import type { ShardCounts, Timeline } from '../timeline.ts';
import { BATCH_SIZE, type Destination, type PutOutcome, putItems } from './put-items.ts';
import type { Spread } from './spread.ts';
import type { StoredKeys } from './stored-keys.ts';

/** BatchWriteItem calls under way at once: enough to hide the round trip, few enough to keep memory flat. */
const BATCHES_IN_FLIGHT = 16;

/** What became of the sources of one call. Whatever is in `unstored` is to be sent again. */
export interface AppendOutcome<Source> extends PutOutcome<Source> {
  stored: number;
}

/** A row that is put under a key, for some sources, on some timelines of a day. */
export interface Put<Source> {
  sources: Source[];
  key: string;
  timelines: Timeline[];
  day: string;
  /** The item, where timelines are spread over so many shards. */
  toItem(shards: ShardCounts): Item;
}

interface TimelineDestination extends Destination {
  announceDays: AnnounceDays;
  spread: Spread;
  /** What earlier requests have stored of this one. */
  storedKeys: StoredKeys;
}

/**
 * Writes puts as they are drawn: while earlier batches are under way, later puts are still being made.
 * A key that occurs twice is written once, because DynamoDB refuses a batch that repeats one. What a failed call has
 * stored is not written again.
 * DynamoDB's errors are in the outcome. It throws only what `puts` throws.
 */
export async function writeInBatches<Source>(
  destination: TimelineDestination,
  puts: Iterable<Put<Source>>,
): Promise<AppendOutcome<Source>> {
  // Every batch under way listens to the signal, which Node would report as a leak.
  setMaxListeners(0, destination.signal);
  const outcome: AppendOutcome<Put<Source>> = { stored: 0, unstored: [], retries: 0 };
  const keys = new Set<string>();
  const batches = batchesOf(puts, (key) => {
    if (keys.has(key) || destination.storedKeys.has(key)) return false;
    keys.add(key);
    return true;
  });
  await pMap(batches, (batch) => writeBatch(destination, batch, outcome), { concurrency: BATCHES_IN_FLIGHT });
  if (outcome.unstored.length > 0) {
    for (const { key } of outcome.unstored) keys.delete(key);
    destination.storedKeys.remember(keys);
  }
  return { ...outcome, unstored: sourcesOf(outcome.unstored) };
}

function* batchesOf<Source>(
  puts: Iterable<Put<Source>>,
  isNew: (key: string) => boolean,
): Generator<Put<Source>[]> {
  let batch: Put<Source>[] = [];
  for (const put of puts) {
    if (!isNew(put.key)) continue;
    batch.push(put);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Writes one batch and adds what became of it to the outcome. Before every attempt the catalogue hears of the
 * shards that it uses, so that readers find whatever is stored. Never rejects.
 */
async function writeBatch<Source>(
  { announceDays, spread, ...destination }: TimelineDestination,
  batch: Put<Source>[],
  outcome: AppendOutcome<Put<Source>>,
): Promise<void> {
  let tried = spread.shards;
  try {
    const { unstored, retries, cause } = await putItems(destination, {
      sources: batch,
      toItems: async (pending) => {
        tried = spread.shards;
        await announceDays(daysOf(pending, tried), destination.signal);
        return pending.map((put) => put.toItem(tried));
      },
      onThrottled: (pending) =>
        spread.widen(
          pending.map(({ timelines }) => timelines),
          tried,
        ),
    });
    outcome.retries += retries;
    outcome.stored += sourcesOf(batch).length - sourcesOf(unstored).length;
    outcome.unstored.push(...unstored);
    outcome.cause ??= cause;
  } catch (error) {
    outcome.unstored.push(...batch);
    outcome.cause ??= error;
  }
}

function sourcesOf<Source>(puts: Put<Source>[]): Source[] {
  return puts.flatMap(({ sources }) => sources);
}

function daysOf(puts: Put<unknown>[], shards: ShardCounts) {
  return puts.flatMap(({ timelines, day }) =>
    timelines.map((timeline) => ({ timeline, day, shards: shards[timeline] })),
  );
}
