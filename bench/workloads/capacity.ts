import { setMaxListeners } from 'node:events';
import { createLogWriter } from '../../entities/log-writer.ts';
import { createModelClient } from '../support/model-partitions.ts';
import type { Section } from '../support/section.ts';
import { typicalEntries } from '../support/typical-entry.ts';

const SHARD_COUNTS = [1, 2, 4, 8, 16];

/** DynamoDB's limit of one partition, table or index (developer guide, "Quotas"). */
const WRITES_PER_SECOND = 1_000;

/** More than the partitions take at every number of shards, as from many functions at once. */
const REQUESTS_IN_FLIGHT = 16;
const PER_REQUEST = 200;

const SETTLING_MS = 1_500;
const MEASURED_MS = 4_000;

export async function measure(): Promise<Section> {
  const rates = new Map<number, number>();
  for (const shards of SHARD_COUNTS) rates.set(shards, await acceptedPerSecond(shards));
  const rateOf = (shards: number) => rates.get(shards) ?? Number.NaN;
  return {
    title: 'Capacity: shards',
    text: `Entries a second that the writer gets accepted by a model of DynamoDB in which a partition of an index takes ${WRITES_PER_SECOND.toLocaleString('en')} writes a second and leaves the rest unprocessed. More is offered than they take.`,
    tables: [
      {
        columns: ['shards', 'accepted entries / s', 'part of what the partitions take'],
        rows: SHARD_COUNTS.map((shards) => [
          shards,
          Math.round(rateOf(shards)).toLocaleString('en'),
          (rateOf(shards) / (shards * WRITES_PER_SECOND)).toFixed(2),
        ]),
      },
    ],
    ratios: SHARD_COUNTS.slice(1).map((shards) => ({
      name: `Capacity, ${shards} shards / 1 shard`,
      value: rateOf(shards) / rateOf(1),
    })),
    goals: [
      {
        name: 'Capacity of 16 shards',
        measured: rateOf(16) / rateOf(1),
        unit: 'times one shard',
        atLeast: 14,
      },
    ],
  };
}

async function acceptedPerSecond(shards: number): Promise<number> {
  const { client, accepted } = createModelClient(WRITES_PER_SECOND);
  const writer = createLogWriter({ client, table: 'logs', shards, retentionDays: 30 });
  const stop = new AbortController();
  // Every batch that waits listens to it, which Node would report as a leak.
  setMaxListeners(0, stop.signal);

  const load = Array.from({ length: REQUESTS_IN_FLIGHT }, async () => {
    while (!stop.signal.aborted) await writer.appendEntries(typicalEntries(PER_REQUEST), stop.signal);
  });
  await elapsed(SETTLING_MS);
  const [before, start] = [accepted(), performance.now()];
  await elapsed(MEASURED_MS);
  const rate = (accepted() - before) / ((performance.now() - start) / 1_000);
  stop.abort();
  await Promise.all(load);
  return rate;
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
