import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { startEngine } from './engine.ts';
import type { Section } from './report.ts';
import { type Service, secondsToPost, startService } from './service.ts';
import { interleave, median, medianRatio, secondsOf } from './statistics.ts';
import { rawBatches, typicalEntries } from './typical-entry.ts';

const TABLE_NAME = 'logs';
const PER_REQUEST = 500;
const REQUESTS_IN_FLIGHT = 4;

/** As many as the writer sends at once for each request. */
const BATCHES_IN_FLIGHT = 16;

/** Entries of a sample: about two seconds. */
const ENTRIES = 10_000;
const ROUNDS = { rounds: 9, warmUp: 1 };

/** How many entries per second `npm start` stores, compared with its engine alone. */
export async function measure(): Promise<Section> {
  const [service, engine] = await Promise.all([startService(), startEngine()]);
  await createTableIfAbsent(engine.client, TABLE_NAME);
  const seconds = await interleave(
    { ceiling: () => writeRaw(engine.client), ours: () => post(service) },
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

async function post(service: Service): Promise<number> {
  const bodies = Array.from({ length: ENTRIES / PER_REQUEST }, () =>
    JSON.stringify(typicalEntries(PER_REQUEST)),
  );
  return secondsToPost(service, bodies, REQUESTS_IN_FLIGHT);
}
