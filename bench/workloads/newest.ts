import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { instantAt } from '../../entities/instant.ts';
import { createNewestEntries, type EntryQuery } from '../../entities/newest-entries.ts';
import { startEngineProcess } from '../support/engine-process.ts';
import {
  createGrowingTable,
  DAYS,
  ERROR_EVERY,
  evenly,
  SHARDS,
  UNSHARDED,
} from '../support/growing-table.ts';
import { createMeteredClient, type Meter } from '../support/metered-client.ts';
import type { Section } from '../support/section.ts';
import { median, partOf, quantile, rank } from '../support/statistics.ts';
import { TABLE_NAME } from '../variants/raw-items.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const LIMIT = 100;
const DAY_MS = 86_400_000;

/** Instants at which the newest entries are asked for, spread over the newer half of the table. */
const SAMPLES = 500;

/** A scan of a big table takes a minute. */
const SCANS = (size: number) => Math.min(5, Math.max(1, 100_000 / size));

type Sample = Meter & { milliseconds: number };
interface Measured {
  size: number;
  question: string;
  samples: Sample[];
}

export async function measure(): Promise<Section> {
  const engine = await startEngineProcess();
  const { client, measure: meter } = createMeteredClient(engine.endpoint);
  const growing = await createGrowingTable(client, TABLE_NAME);
  const newest = createNewestEntries({ client, table: TABLE_NAME, shards: SHARDS });
  const ask = (query: Omit<EntryQuery, 'limit'>) =>
    meter(() => newest({ limit: LIMIT, ...query }, () => true));

  const measured: Measured[] = [];
  for (const size of SIZES) {
    await growing.growTo(size);
    const samples: Record<string, Sample[]> = {
      [OURS]: [],
      [ONE_PARTITION]: [],
      [SCAN]: [],
      [ERRORS]: [],
      [WINDOW]: [],
    };
    for (let at = 0; at < SAMPLES; at++) {
      const below = instantAt(growing.now - evenly(at) * (DAYS / 2) * DAY_MS);
      samples[OURS]?.push(await ask({ below }));
      samples[ONE_PARTITION]?.push(await meter(() => queryOnePartition(client, below)));
    }
    for (let scan = 0; scan < SCANS(size); scan++)
      samples[SCAN]?.push(await meter(() => scanAndSort(client)));
    samples[ERRORS]?.push(await ask({ severities: ['error'] }));
    const aYearAgo = growing.now - 365 * DAY_MS;
    samples[WINDOW]?.push(await ask({ from: instantAt(aYearAgo), below: instantAt(aYearAgo + 600_000) }));
    for (const [question, all] of Object.entries(samples)) measured.push({ size, question, samples: all });
  }
  client.destroy();
  await engine.stop();
  return toSection(measured);
}

const OURS = `**newest ${LIMIT}, ${SHARDS} shards**`;
const ONE_PARTITION = `newest ${LIMIT}, one partition, no shards`;
const SCAN = `newest ${LIMIT}, scan and sort`;
const ERRORS = `**newest ${LIMIT} errors**`;
const WINDOW = '**10 minutes a year ago**';

/** One index partition holds all there is: the fewest requests, and at most 1,000 writes a second. */
function queryOnePartition(client: DynamoDBClient, below: string): Promise<unknown> {
  return client.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      IndexName: UNSHARDED.name,
      KeyConditionExpression: '#marker = :entry AND #position < :below',
      ExpressionAttributeNames: { '#marker': UNSHARDED.partitionKey, '#position': UNSHARDED.sortKey },
      ExpressionAttributeValues: { ':entry': { S: 'LogEntry' }, ':below': { S: below } },
      ScanIndexForward: false,
      Limit: LIMIT,
    }),
  );
}

/** What a table without an index by time comes to. */
async function scanAndSort(client: DynamoDBClient): Promise<void> {
  const positions: string[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: TABLE_NAME, ExclusiveStartKey: from }));
    for (const { sk } of page.Items ?? []) positions.push(sk?.S ?? '');
    from = page.LastEvaluatedKey;
  } while (from);
  positions.sort().reverse().slice(0, LIMIT);
}

function toSection(measured: Measured[]): Section {
  const ofOurs = measured.filter(({ question }) => question === OURS);
  const atOf = (question: string, size: number) =>
    measured.find((one) => one.question === question && one.size === size)?.samples ?? [];
  const [smallest = 0, largest = 0] = [SIZES[1], SIZES.at(-1)];
  const growth = (question: string) =>
    median(atOf(question, largest).map(({ requests }) => requests)) /
    median(atOf(question, smallest).map(({ requests }) => requests));
  return {
    title: 'Reading: the newest entries',
    text: `One table grown from size to size, its entries spread evenly over ${DAYS} days, one in ${ERROR_EVERY.toLocaleString('en')} an error. The newest ${LIMIT} are asked for as of ${SAMPLES} instants in the newer half. Requests, read units (as the engine counts them by DynamoDB's rules) and round trips are medians, and in brackets the 99th percentiles; milliseconds are those of the embedded engine, in a process of its own.`,
    tables: [
      {
        columns: [
          'question',
          'entries',
          'requests',
          'read units',
          'round trips',
          'one round trip',
          'p50 ms',
          'p99 ms',
        ],
        rows: [OURS, ONE_PARTITION, SCAN, ERRORS, WINDOW].flatMap((question) =>
          SIZES.map((size) => {
            const samples = atOf(question, size);
            const milliseconds = samples.map((sample) => sample.milliseconds);
            return [
              question,
              size.toLocaleString('en'),
              typicalAndWorst(samples.map(({ requests }) => requests)),
              typicalAndWorst(samples.map(({ readUnits }) => readUnits)),
              typicalAndWorst(samples.map(({ rounds }) => rounds)),
              `${(100 * partOf(samples, ({ rounds }) => rounds === 1)).toFixed(0)} %`,
              quantile(milliseconds, 0.5).toFixed(1),
              quantile(milliseconds, 0.99).toFixed(1),
            ];
          }),
        ),
      },
    ],
    ratios: [OURS, ERRORS, WINDOW].map((question) => ({
      name: `Requests at ${largest.toLocaleString('en')} entries / at ${smallest.toLocaleString('en')}: ${question.replaceAll('*', '')}`,
      value: growth(question),
    })),
    goals: ofOurs.flatMap(({ size, samples }) => {
      const at = `Newest ${LIMIT} of ${size.toLocaleString('en')} entries`;
      return [
        {
          name: `${at}, p99`,
          measured: rank(
            samples.map(({ requests }) => requests),
            0.99,
          ),
          unit: 'requests',
          atMost: 9,
        },
        {
          name: `${at}, p99`,
          measured: rank(
            samples.map(({ readUnits }) => readUnits),
            0.99,
          ),
          unit: 'read units',
          atMost: 16,
        },
        {
          name: at,
          measured: 100 * partOf(samples, ({ rounds }) => rounds === 1),
          unit: '% in one round trip',
          atLeast: 99,
        },
      ];
    }),
  };
}

function typicalAndWorst(values: number[]): string {
  const [typical, worst] = [median(values), rank(values, 0.99)].map((value) =>
    Number(value.toFixed(1)).toLocaleString('en'),
  );
  return typical === worst ? String(typical) : `${typical} (${worst})`;
}
