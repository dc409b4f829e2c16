import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import type { Item } from '../electro.ts';
import type { Timeline } from '../timeline.ts';
import { BATCH_SIZE, type Destination, type PutOutcome, putItems } from './put-items.ts';
import type { AnnounceDays, Spread } from './spread.ts';

/** BatchWriteItem calls under way at once: enough to hide the round trip, few enough to keep memory flat. */
const BATCHES_IN_FLIGHT = 16;

/** What became of the sources of one call. Whatever is in `unstored` must be sent again. */
export interface AppendOutcome<Source> extends PutOutcome<Source> {
  /** How many of the sources are stored, each counted once. */
  stored: number;
  /** How many sources each timeline was to take, each counted once: those stored and those in `unstored`. */
  drawn: ReadonlyMap<Timeline, number>;
  /** How many items that took. A block is an item of many entries. */
  items: number;
}

/** An item for some sources, which has a place on one day of a timeline. */
export interface Put<Source> {
  sources: Source[];
  key: string;
  timeline: Timeline;
  day: string;
  /** The item, in one of so many shards of the day. */
  toItem(shards: number): Item;
  /** The keys of the puts whose sources it has too. A source is stored once all its puts are. */
  others?: string[];
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
 * @param onDrawn called once for each source that is stored or will be in `unstored`
 */
export async function writeInBatches<Source>(
  destination: TimelineDestination,
  puts: Iterable<Put<Source>>,
  onDrawn?: (source: Source) => void,
): Promise<AppendOutcome<Source>> {
  // Every batch under way listens to the signal, which Node would report as a leak.
  setMaxListeners(0, destination.signal);
  const outcome: PutOutcome<Put<Source>> & { items: number } = { items: 0, unstored: [], retries: 0 };
  const keys = new Set<string>();
  const drawn = new Map<Timeline, number>();
  const batches = batchesOf(puts, ({ key, timeline, sources, others }) => {
    if (keys.has(key) || destination.storedKeys.has(key)) return false;
    keys.add(key);
    if (!others) drawn.set(timeline, (drawn.get(timeline) ?? 0) + sources.length);
    if (onDrawn && !others) for (const source of sources) onDrawn(source);
    return true;
  });
  let failure: { error: unknown } | undefined;
  const untilThen = untilFailure(batches, (error) => {
    failure = { error };
  });
  await pMap(untilThen, (batch) => writeBatch(destination, batch, outcome), {
    concurrency: BATCHES_IN_FLIGHT,
  });
  if (failure) throw failure.error;
  const unstored = [...new Set(outcome.unstored.flatMap((put) => put.sources))];
  if (unstored.length > 0) {
    // With its others, because what is sent again must count them as stored, or not, together.
    for (const { key, others = [] } of outcome.unstored) for (const one of [key, ...others]) keys.delete(one);
    destination.storedKeys.remember(keys);
  }
  const all = [...drawn.values()].reduce((sum, count) => sum + count, 0);
  return { ...outcome, stored: all - unstored.length, drawn, unstored };
}

/** Ends where drawing fails, so that what is under way is awaited before the failure is thrown. */
function* untilFailure<Value>(
  values: Iterable<Value>,
  onFailure: (error: unknown) => void,
): Generator<Value> {
  try {
    yield* values;
  } catch (error) {
    onFailure(error);
  }
}

function* batchesOf<Source>(
  puts: Iterable<Put<Source>>,
  isNew: (put: Put<Source>) => boolean,
): Generator<Put<Source>[]> {
  let batch: Put<Source>[] = [];
  for (const put of puts) {
    if (!isNew(put)) continue;
    batch.push(put);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Writes one batch and adds what became of it to the outcome. Before every attempt the shards that it uses are in the
 * catalogue, so that readers find whatever is stored. Never rejects.
 */
async function writeBatch<Source>(
  { announceDays, spread, ...destination }: TimelineDestination,
  batch: Put<Source>[],
  outcome: PutOutcome<Put<Source>> & { items: number },
): Promise<void> {
  const tried = new Map<Timeline, number>();
  try {
    const { unstored, retries, cause } = await putItems(destination, {
      sources: batch,
      toItems: async (pending) => {
        for (const { timeline } of pending) tried.set(timeline, spread.of(timeline));
        const shardsOf = ({ timeline }: Put<Source>) => tried.get(timeline) ?? 1;
        await announceDays(
          pending.map((put) => ({ timeline: put.timeline, day: put.day, shards: shardsOf(put) })),
          destination.signal,
          (retries) => {
            outcome.retries += retries;
          },
        );
        return pending.map((put) => put.toItem(shardsOf(put)));
      },
      onThrottled: (pending) => {
        for (const timeline of new Set(pending.map((put) => put.timeline)))
          spread.widen(timeline, tried.get(timeline) ?? 1);
      },
    });
    outcome.retries += retries;
    outcome.items += batch.length - unstored.length;
    outcome.unstored.push(...unstored);
    outcome.cause ??= cause;
  } catch (error) {
    outcome.unstored.push(...batch);
    outcome.cause ??= error;
  }
}

/** Keys of two of the largest requests. */
const MOST_KEYS = 80_000;
/** A client that was told to send again does so within this time. */
const REMEMBERED_MS = 10 * 60_000;

/**
 * The keys of rows that were stored by requests that failed as a whole because their time was over. When such a
 * request is sent again, these rows are not written again, so that it gets further every time and ends.
 */
export class StoredKeys {
  private readonly times = new Map<string, number>();

  has(key: string): boolean {
    const time = this.times.get(key);
    return time !== undefined && time > performance.now() - REMEMBERED_MS;
  }

  remember(keys: Iterable<string>): void {
    const now = performance.now();
    for (const key of keys) this.times.set(key, now);
    // A Map gives its keys in the order in which they were set first.
    for (const key of this.times.keys()) {
      if (this.times.size <= MOST_KEYS) break;
      this.times.delete(key);
    }
  }
}
