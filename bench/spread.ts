import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { WRITE_BUDGET_MS } from '../handlers/limits.ts';
import { createModelClient } from './model-partitions.ts';
import type { Section } from './report.ts';
import { median } from './statistics.ts';
import { checked, typicalEntries } from './typical-entry.ts';

const SHARDS = 8;

/** DynamoDB's limit for one partition of a table or an index (developer guide, "Quotas"). */
const WRITES_PER_SECOND = 1_000;
const CAPACITY = SHARDS * WRITES_PER_SECOND;

/** What is offered: 10,000 entries per second. */
const PER_REQUEST = 100;
const REQUESTS_PER_SECOND = 100;
const REQUESTS_IN_FLIGHT = 64;

const SECONDS = 6;
const WINDOW_MS = 500;

/** The part of CAPACITY that counts as fully spread. */
const FULL = 0.9;

/** How fast a new process, whose timelines have one shard, grows to SHARDS under a load that needs all of them. */
export async function measure(): Promise<Section> {
  const { client, stored } = createModelClient(WRITES_PER_SECOND);
  const writer = createLogWriter({ client, table: 'logs', shards: SHARDS, retentionDays: 30 });
  const requests = { acknowledged: 0, unstored: 0 };
  const start = performance.now();
  let sent = 0;

  async function post(): Promise<void> {
    for (let at = sent++; at < SECONDS * REQUESTS_PER_SECOND; at = sent++) {
      const due = start + (at / REQUESTS_PER_SECOND) * 1_000;
      await delay(Math.max(0, due - performance.now()));
      const budget = AbortSignal.timeout(WRITE_BUDGET_MS);
      // Each batch that waits listens to it. Without this, Node would report a leak.
      setMaxListeners(0, budget);
      const outcome = await writer.appendEntries(typicalEntries(PER_REQUEST).map(checked), budget);
      requests.acknowledged += outcome.stored;
      if (outcome.unstored.length > 0) requests.unstored++;
    }
  }
  await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, post));

  const rates = ratesOf(stored.times, start);
  const firstFull = rates.findIndex((rate) => rate >= FULL * CAPACITY);
  const secondsToFull = firstFull < 0 ? Infinity : ((firstFull + 1) * WINDOW_MS) / 1_000;
  const notOnce =
    Math.abs(requests.acknowledged - stored.keys.size) + (stored.times.length - stored.keys.size);
  const sustained = median(rates.slice(rates.length / 2)) / CAPACITY;
  return {
    title: 'Spread: a new process under full load',
    text: `Entries per second that a new writer with SHARDS=${SHARDS} stores in a model of DynamoDB, in each ${WINDOW_MS} ms. In the model each index partition takes ${WRITES_PER_SECOND.toLocaleString('en')} writes per second. The load is ${(PER_REQUEST * REQUESTS_PER_SECOND).toLocaleString('en')} entries per second, in requests of ${PER_REQUEST}, at most ${REQUESTS_IN_FLIGHT} at once. ${requests.acknowledged.toLocaleString('en')} entries were acknowledged, ${stored.keys.size.toLocaleString('en')} different ones are stored by ${stored.times.length.toLocaleString('en')} writes, and ${requests.unstored} requests were not stored within ${WRITE_BUDGET_MS / 1_000} s.`,
    tables: [
      {
        columns: ['until second', 'entries / s', `part of ${SHARDS} partitions`],
        rows: rates.map((rate, window) => [
          (((window + 1) * WINDOW_MS) / 1_000).toFixed(1),
          rate.toLocaleString('en'),
          (rate / CAPACITY).toFixed(2),
        ]),
      },
    ],
    ratios: [
      { name: `Spread, entries per second in the second half / ${SHARDS} partitions`, value: sustained },
    ],
    goals: [
      {
        name: `Time to ${FULL * 100} % of ${SHARDS} partitions`,
        measured: secondsToFull,
        unit: 's',
        atMost: 2,
      },
      { name: 'Acknowledged entries not stored exactly once', measured: notOnce, unit: 'entries', atMost: 0 },
      {
        name: 'Requests not stored within their time',
        measured: requests.unstored,
        unit: 'requests',
        atMost: 0,
      },
    ],
  };
}

/** Entries per second in each window of the load. */
function ratesOf(times: number[], start: number): number[] {
  const windows: number[] = new Array((SECONDS * 1_000) / WINDOW_MS).fill(0);
  for (const time of times) {
    const window = Math.floor((time - start) / WINDOW_MS);
    if (window in windows) windows[window] = (windows[window] ?? 0) + 1_000 / WINDOW_MS;
  }
  return windows;
}
