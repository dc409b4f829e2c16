import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLogReader } from '../entities/read/log-reader.ts';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { meter, type ReadCost, startEngine } from './engine.ts';
import type { Section } from './report.ts';
import { ENTRIES_OF_REQUEST, PACKED_REQUESTS, simulateDay } from './simulated-day.ts';

const TABLE_NAME = 'id-search';

/** What it takes to find an id that is in the oldest request of a day. */
export async function measure(): Promise<Section> {
  const { client, stop } = await startEngine();
  await createTableIfAbsent(client, TABLE_NAME);
  const id = randomUUID();
  const day = await simulateDay(client, TABLE_NAME, id);
  const { pages, found } = await search(client, id);
  await stop();

  const sum = (count: keyof ReadCost) => pages.reduce((total, page) => total + page[count], 0);
  const inVain = (100 * day.read.blocks) / day.blocks;
  const slowest = Math.max(...pages.map(({ milliseconds }) => milliseconds));
  return {
    title: 'An id in a day of 86 million packed entries',
    text: `A UUID in the oldest request of a day with 1,000 entries a second, ${ENTRIES_OF_REQUEST} per request, all packed. The day is simulated: its filters and blocks are those of ${PACKED_REQUESTS.toLocaleString('en')} requests, moved in time, which the reader gets as DynamoDB's answers of up to 1 MB. The time has no network in it.`,
    tables: [
      {
        columns: [
          'entries found',
          'requests',
          'read units',
          'filters',
          'blocks read in vain',
          'slowest request',
        ],
        rows: [
          [
            found,
            pages.length,
            Math.round(sum('readUnits')).toLocaleString('en'),
            day.read.filters.toLocaleString('en'),
            `${inVain.toFixed(2)} %`,
            `${(slowest / 1_000).toFixed(1)} s`,
          ],
        ],
      },
    ],
    ratios: [],
    goals: [
      { name: 'An id in a day of 86 million', measured: pages.length, unit: 'requests', atMost: 12 },
      {
        name: 'An id in a day of 86 million',
        measured: inVain,
        unit: '% of blocks in vain',
        atMost: 0.7,
      },
    ],
  };
}

async function search(client: DynamoDBClient, id: string): Promise<{ pages: ReadCost[]; found: number }> {
  const reader = createLogReader({ client, table: TABLE_NAME });
  const measureRead = meter(client);
  const pages: ReadCost[] = [];
  let found = 0;
  let below: string | undefined;
  do {
    const cost = await measureRead(async () => {
      const page = await reader.withId(id, { limit: 100, below }, () => true);
      found += page.count;
      below = page.below;
    });
    pages.push(cost);
  } while (found === 0 && below !== undefined);
  return { pages, found };
}
