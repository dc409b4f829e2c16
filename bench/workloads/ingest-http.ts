import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createTableIfAbsent } from '../../local/create-table.ts';
import { startEngineProcess } from '../support/engine-process.ts';
import { inFlight } from '../support/in-flight.ts';
import { interleave } from '../support/interleave.ts';
import { createLocalClient } from '../support/local-client.ts';
import type { Section } from '../support/section.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { median, medianRatio } from '../support/statistics.ts';
import { typicalEntries } from '../support/typical-entry.ts';
import { batchesOf, rawItem, TABLE_NAME } from '../variants/raw-items.ts';

const PER_REQUEST = 500;
const REQUESTS_IN_FLIGHT = 4;
/** As many as the writer keeps under way for each of the requests. */
const BATCHES_IN_FLIGHT = 16;
const PUTS_IN_FLIGHT = 64;

/** Entries of a sample: a second or two. */
const ENTRIES = 10_000;
const PLAIN_ENTRIES = 2_000;
const ROUNDS = { rounds: 9, warmUp: 1 };

export async function measure(): Promise<Section> {
  const [service, engine] = await Promise.all([startServiceProcess(), startEngineProcess()]);
  const client = createLocalClient(engine.endpoint);
  await createTableIfAbsent(client, TABLE_NAME);
  const seconds = await interleave(
    {
      floor: () => writeRaw(client),
      ours: () => post(service.url),
      plain: () => putEach(DynamoDBDocumentClient.from(client)),
    },
    ROUNDS,
  );
  await Promise.all([service.stop(), engine.stop()]);

  // Rates, not times: twice the floor's time is half its rate.
  const part = 1 / medianRatio(seconds.ours, seconds.floor);
  const plainPart = 1 / medianRatio(seconds.plain, seconds.floor);
  const row = (title: string, times: number[], partOfFloor: number) => [
    title,
    Math.round(1 / median(times)).toLocaleString('en'),
    partOfFloor.toFixed(2),
  ];
  return {
    title: 'Ingest: over HTTP, on the embedded engine',
    text: `Entries a second. Ours: \`npm start\` and its engine in one process, ${REQUESTS_IN_FLIGHT} requests of ${PER_REQUEST} entries in flight. The others drive the engine alone in its process. All data are on disk.`,
    tables: [
      {
        columns: ['variant', 'entries / s', 'part of the ceiling'],
        rows: [
          row('engine driven raw by BatchWriteItem (the ceiling)', seconds.floor, 1),
          row('**POST /logs over HTTP**', seconds.ours, part),
          row('engine driven by the document client, a put each', seconds.plain, plainPart),
        ],
      },
    ],
    ratios: [
      { name: 'HTTP, POST /logs / ceiling of the engine', value: part },
      { name: 'HTTP, a put each / ceiling of the engine', value: plainPart },
    ],
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
  const batches = batchesOf(typicalEntries(ENTRIES)).map((batch) => ({
    [TABLE_NAME]: batch.map((entry) => ({ PutRequest: { Item: rawItem(entry) } })),
  }));
  return secondsPerEntry(ENTRIES, () =>
    inFlight(batches, BATCHES_IN_FLIGHT, (RequestItems) =>
      client.send(new BatchWriteItemCommand({ RequestItems })),
    ),
  );
}

async function post(url: string): Promise<number> {
  const bodies = Array.from({ length: ENTRIES / PER_REQUEST }, () =>
    JSON.stringify(typicalEntries(PER_REQUEST)),
  );
  return secondsPerEntry(ENTRIES, () =>
    inFlight(bodies, REQUESTS_IN_FLIGHT, async (body) => {
      const response = await fetch(`${url}/logs`, { method: 'POST', body });
      const answer = await response.text();
      if (response.status !== 200) throw new Error(answer);
    }),
  );
}

async function putEach(client: DynamoDBDocumentClient): Promise<number> {
  const items = typicalEntries(PLAIN_ENTRIES).map(({ id, datetime, ...rest }) => ({
    ...{ pk: `p#${id}`, sk: datetime, gsi1pk: `all#${datetime.slice(0, 10)}#0`, id, datetime },
    ...rest,
  }));
  return secondsPerEntry(PLAIN_ENTRIES, () =>
    inFlight(items, PUTS_IN_FLIGHT, (Item) => client.send(new PutCommand({ TableName: TABLE_NAME, Item }))),
  );
}

async function secondsPerEntry(entries: number, task: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1_000 / entries;
}
