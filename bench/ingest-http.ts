import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { startEngine } from './engine.ts';
import type { Section } from './report.ts';
import { interleave, median, medianRatio } from './statistics.ts';
import { rawBatches, typicalEntries } from './typical-entry.ts';

const TABLE_NAME = 'logs';
const PER_REQUEST = 500;
const REQUESTS_IN_FLIGHT = 4;

/** As many as the writer sends at once for each request. */
const BATCHES_IN_FLIGHT = 16;

/** Entries of a sample: about two seconds. */
const ENTRIES = 10_000;
const ROUNDS = { rounds: 9, warmUp: 1 };

/** How many entries per second `npm start` stores, beside its engine alone. */
export async function measure(): Promise<Section> {
  const [service, engine] = await Promise.all([startService(), startEngine()]);
  await createTableIfAbsent(engine.client, TABLE_NAME);
  const seconds = await interleave(
    { ceiling: () => writeRaw(engine.client), ours: () => post(service.url) },
    ROUNDS,
  );
  await Promise.all([service.stop(), engine.stop()]);

  // A rate is the inverse of a time.
  const part = 1 / medianRatio(seconds.ours, seconds.ceiling);
  const row = (title: string, times: number[], partOfCeiling: number) => [
    title,
    Math.round(ENTRIES / median(times)).toLocaleString('en'),
    partOfCeiling.toFixed(2),
  ];
  return {
    title: 'Ingest: over HTTP, on the embedded engine',
    text: `Entries per second. Ours: \`npm start\`, whose engine runs in the same process, with ${REQUESTS_IN_FLIGHT} requests of ${PER_REQUEST} entries at once. The ceiling drives the engine alone. All data are on disk.`,
    tables: [
      {
        columns: ['variant', 'entries / s', 'part of the ceiling'],
        rows: [
          row('engine driven by BatchWriteItem alone (the ceiling)', seconds.ceiling, 1),
          row('**POST /logs over HTTP**', seconds.ours, part),
        ],
      },
    ],
    ratios: [{ name: 'HTTP, POST /logs / ceiling of the engine', value: part }],
    goals: [
      {
        name: 'Ingest over HTTP on the embedded engine',
        measured: part * 100,
        unit: '% of its ceiling',
        atLeast: 80,
      },
    ],
  };
}

async function writeRaw(client: DynamoDBClient): Promise<number> {
  const batches = rawBatches(TABLE_NAME, typicalEntries(ENTRIES));
  return secondsOf(batches, BATCHES_IN_FLIGHT, (batch) => client.send(new BatchWriteItemCommand(batch)));
}

async function post(url: string): Promise<number> {
  const bodies = Array.from({ length: ENTRIES / PER_REQUEST }, () =>
    JSON.stringify(typicalEntries(PER_REQUEST)),
  );
  return secondsOf(bodies, REQUESTS_IN_FLIGHT, async (body) => {
    const response = await fetch(`${url}/logs`, { method: 'POST', body });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(answer);
  });
}

/** Seconds that it takes to run `task` on every item, on at most `limit` at once. */
export async function secondsOf<Item>(
  items: Item[],
  limit: number,
  task: (item: Item) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const iterator = items.values();
  async function work(): Promise<void> {
    for (const item of iterator) await task(item);
  }
  await Promise.all(Array.from({ length: limit }, work));
  return (performance.now() - start) / 1_000;
}

export interface Service {
  url: string;
  stop(): Promise<void>;
}

/** Starts the service as `npm start` does, on a free port, with its data in a temporary folder. */
export async function startService(environment: Record<string, string> = {}): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-service-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    url: await greetedUrl(child),
    async stop() {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

async function greetedUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout)
    for await (const line of createInterface(stdout)) {
      const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
      if (url) return url;
    }
  throw new Error('The service ended before it printed its URL');
}
