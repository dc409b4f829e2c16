import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import type { Item } from './compile-put.ts';
import type { AnnounceDays } from './day-catalogue.ts';
import { BATCH_SIZE, type Destination, type PutOutcome, putItems } from './put-items.ts';
import type { Spread } from './spread.ts';
import type { ShardCounts, Timeline } from './timeline.ts';

/** BatchWriteItem calls under way at once: enough to hide the round trip, few enough to keep memory flat. */
const BATCHES_IN_FLIGHT = 16;

/** What became of the sources of one call. Whatever is in `unstored` is to be sent again. */
export interface AppendOutcome<Source> extends PutOutcome<Source> {
  stored: number;
}

/** What a source becomes: a row under a key, on some timelines of a day. */
export interface Put {
  key: string;
  timelines: Timeline[];
  day: string;
  /** The item, where timelines are spread over so many shards. */
  toItem(shards: ShardCounts): Item;
}

interface TimelineDestination extends Destination {
  announceDays: AnnounceDays;
  spread: Spread;
}

interface Pending<Source> {
  source: Source;
  put: Put;
}

/**
 * Writes sources as they are drawn: while earlier batches are under way, later sources are still being made.
 * A key that occurs twice is written once, because DynamoDB refuses a batch that repeats one.
 * DynamoDB's errors are in the outcome. It throws only what `sources` or `toPut` throw.
 */
export async function writeInBatches<Source>(
  destination: TimelineDestination,
  sources: Iterable<Source>,
  toPut: (source: Source) => Put,
): Promise<AppendOutcome<Source>> {
  // Every batch under way listens to the signal, which Node would report as a leak.
  setMaxListeners(0, destination.signal);
  const outcome: AppendOutcome<Source> = { stored: 0, unstored: [], retries: 0 };
  const batches = batchesOf(sources, toPut);
  await pMap(batches, (batch) => writeBatch(destination, batch, outcome), { concurrency: BATCHES_IN_FLIGHT });
  return outcome;
}

function* batchesOf<Source>(
  sources: Iterable<Source>,
  toPut: (source: Source) => Put,
): Generator<Pending<Source>[]> {
  const seen = new Set<string>();
  let batch: Pending<Source>[] = [];
  for (const source of sources) {
    const put = toPut(source);
    if (seen.has(put.key)) continue;
    seen.add(put.key);
    batch.push({ source, put });
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
  batch: Pending<Source>[],
  outcome: AppendOutcome<Source>,
): Promise<void> {
  let tried = spread.shards;
  try {
    const { unstored, retries, cause } = await putItems(destination, {
      sources: batch,
      toItems: async (pending) => {
        tried = spread.shards;
        await announceDays(daysOf(pending, tried), destination.signal);
        return pending.map(({ put }) => put.toItem(tried));
      },
      onThrottled: (pending) =>
        spread.widen(
          pending.map(({ put }) => put.timelines),
          tried,
        ),
    });
    outcome.retries += retries;
    outcome.stored += batch.length - unstored.length;
    outcome.unstored.push(...unstored.map(({ source }) => source));
    outcome.cause ??= cause;
  } catch (error) {
    outcome.unstored.push(...batch.map(({ source }) => source));
    outcome.cause ??= error;
  }
}

function daysOf(pending: Pending<unknown>[], shards: ShardCounts) {
  return pending.flatMap(({ put: { timelines, day } }) =>
    timelines.map((timeline) => ({ timeline, day, shards: shards[timeline] })),
  );
}
