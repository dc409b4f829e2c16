import type { QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { instantAt } from '../../entities/instant.ts';
import { DayShards } from '../../entities/read/day-shards.ts';
import { createLogReader, type EntryQuery } from '../../entities/read/log-reader.ts';
import type { DaySource } from '../../entities/read/open-shards.ts';
import { type Placed, readPage } from '../../entities/read/read-page.ts';
import { dayOf, endOfDay } from '../../entities/timeline.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { checked, entry } from '../support/entries.ts';
import { createTestClient } from '../support/service.ts';
import { openTables, type TestTable } from '../support/table.ts';
import { createThrottledClient } from '../support/throttled-client.ts';

const DAY_MS = 86_400_000;
const TODAY = dayOf(instantAt(Date.now()));
let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('Reading a page costs', () => {
  test('two requests in one round trip where the newest day is quiet and fills the page', async () => {
    const { costOf } = await openLog({ days: 3, perDay: 200 });
    const { readUnits, ...cost } = await costOf({ limit: 100, below: endOfDay(TODAY) });
    expect(cost).toMatchObject({ found: 100, requests: 2, rounds: 1 });
    expect(readUnits).toBeLessThanOrEqual(7);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7].map((eighth) => [3 * eighth]))(
    'three round trips where a log has two entries per day, asked at %i:30 o’clock',
    async (hour) => {
      const { costOf } = await openLog({ days: 60, perDay: 2 });
      const below = `${TODAY}T${String(hour).padStart(2, '0')}:30:00.000000000Z`;
      const { found, rounds, requests, readUnits } = await costOf({ limit: 100, below });
      expect(found).toBe(100);
      expect(rounds).toBeLessThanOrEqual(3);
      expect(requests).toBeLessThanOrEqual(60);
      expect(readUnits).toBeLessThanOrEqual(32);
    },
  );

  test('a request per shard in one round trip, once the process has seen the spread', async () => {
    const { costOf } = await openLog({ days: 1, perDay: 1_000, shards: 8 });
    const query = { limit: 100, below: endOfDay(TODAY) };
    expect(await costOf(query)).toMatchObject({ found: 100, rounds: 2 });
    const { readUnits, ...cost } = await costOf(query);
    expect(cost).toMatchObject({ found: 100, requests: 9, rounds: 1 });
    expect(readUnits).toBeLessThanOrEqual(16);
  });

  test('the same, whether the table holds a little or much, of today or of years ago', async () => {
    const few = await openLog({ days: 3, perDay: 200 });
    const many = await openLog({ days: 45, perDay: 200 });
    const query = { limit: 100, below: endOfDay(TODAY) };
    expect(await many.costOf(query)).toEqual(await few.costOf(query));
    const window = { from: `${dayBefore(40)}T00:00:00.000000000Z`, below: endOfDay(dayBefore(40)) };
    expect(await many.costOf({ limit: 20, ...window })).toMatchObject({ found: 20, requests: 2, rounds: 1 });
  });

  test('what its errors cost, however many other entries stand between them', async () => {
    const { costOf } = await openLog({ days: 40, perDay: 100 });
    const { found, rows, rounds } = await costOf({ limit: 100, severities: ['error'] });
    expect({ found, rows }).toEqual({ found: 40, rows: 40 });
    expect(rounds).toBeLessThanOrEqual(4);
  });

  test('little where a filter passes most of what it looks at', async () => {
    const { costOf } = await openLog({ days: 1, perDay: 1_000 });
    const plain = await costOf({ limit: 100 });
    const filtered = await costOf({ limit: 100, severities: ['info'] });
    expect(filtered.found).toBe(100);
    expect(filtered.rows).toBeLessThan(plain.rows * 2);
  });

  test('one request by the id of an entry that has a row', async () => {
    const { costOfId } = await openLog({ days: 2, perDay: 10 });
    expect(await costOfId('1-3')).toMatchObject({ found: 1, requests: 1, rounds: 1 });
  });

  test('no more than its budget, of which the search goes on at the next page', async () => {
    const size = 120_000;
    const { read, rowsRead } = endlessBucket(size);
    const pages = [];
    let below: string | undefined;
    do {
      const before = rowsRead();
      const page = await read(below);
      expect(rowsRead() - before).toBeLessThanOrEqual(52_000);
      pages.push(page.count);
      below = page.below;
    } while (below !== undefined);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.reduce((a, b) => a + b)).toBe(1);
    expect(rowsRead()).toBe(size);
  });
});

/**
 * A log of so many days up to today, of whose entries one per day is an error, and what a page of it costs.
 * Entries are spread evenly over each day.
 */
async function openLog({ days, perDay, shards = 1 }: { days: number; perDay: number; shards?: number }) {
  const table = await tables.create();
  // Entries are throttled until the writer is at its ceiling.
  const client = createThrottledClient(
    tables.endpoint,
    ({ gsi1pk }) => gsi1pk !== undefined && writer.shardsInUse < shards,
  );
  const writer = createLogWriter({ client, table, shards, retentionDays: 400 });
  function* all() {
    for (let day = 0; day < days; day++) {
      for (let n = 0; n < perDay; n++) {
        const datetime = new Date(Date.parse(dayBefore(day)) + (n * DAY_MS) / perDay).toISOString();
        yield checked(entry({ id: `${day}-${n}`, datetime, severity: n === perDay - 1 ? 'error' : 'info' }));
      }
    }
  }
  const { unstored } = await writer.appendEntries(all(), AbortSignal.timeout(30_000));
  expect(unstored).toEqual([]);

  const { client: meteredClient, measure } = createMeteredClient(tables.endpoint);
  const reader = createLogReader({ client: meteredClient, table });
  return {
    costOf: (query: EntryQuery) => measure(async () => (await reader.newest(query, () => true)).count),
    costOfId: (id: string) =>
      measure(async () => (await reader.withId(id, { limit: 100 }, () => true)).count),
  };
}

/** A client that counts what reading costs: requests, round trips, rows of entries, read units. */
function createMeteredClient(endpoint: string) {
  const client = createTestClient(endpoint);
  let cost = { requests: 0, rounds: 0, rows: 0, readUnits: 0 };
  let underWay = 0;
  client.middlewareStack.add(
    (next) => async (request) => {
      cost.requests++;
      // Requests that are under way together are one round trip.
      if (underWay++ === 0) cost.rounds++;
      try {
        const answer = await next({
          ...request,
          input: { ...request.input, ReturnConsumedCapacity: 'TOTAL' },
        });
        const { ConsumedCapacity, ScannedCount = 0, Items = [] } = answer.output as QueryCommandOutput;
        const isCatalogue = JSON.stringify(Items[0] ?? {}).includes('LogDay');
        cost.rows += isCatalogue ? 0 : ScannedCount;
        // A query that finds nothing costs half a unit, of which the embedded engine does not know.
        cost.readUnits += Math.max(ConsumedCapacity?.CapacityUnits ?? 0, 0.5);
        return answer;
      } finally {
        underWay--;
      }
    },
    { step: 'initialize' },
  );
  return {
    client,
    measure: async (task: () => Promise<number>) => {
      cost = { requests: 0, rounds: 0, rows: 0, readUnits: 0 };
      const found = await task();
      return { found, ...cost };
    },
  };
}

/** One shard of so many rows, of which the filter passes the oldest alone. */
function endlessBucket(size: number) {
  let rowsRead = 0;
  const positionOf = (at: number) => `2023-11-15T00:00:00.${String(at).padStart(9, '0')}Z#id#digest`;
  const source: DaySource<Placed<number>> = {
    timelines: ['all'],
    shardsSeen: new Map(),
    listDays: async () => ({ days: [{ timeline: 'all', day: '2023-11-15', shards: 1 }] }),
    readBucket: async (bucket, belowPosition, limit) => {
      if (!bucket.includes('2023-11-15')) return { rows: [], lookedAt: 0 };
      const start = belowPosition.includes('T') ? Number(belowPosition.slice(20, 29)) : size;
      const lookedAt = Math.min(limit, start);
      rowsRead += lookedAt;
      const rows: Placed<number>[] = start <= limit ? [{ position: positionOf(0), value: 0 }] : [];
      return { rows, lookedAt, below: start > limit ? positionOf(start - limit) : undefined };
    },
  };
  return {
    rowsRead: () => rowsRead,
    read: (below: string | undefined) =>
      readPage<number>(
        (effort) => DayShards.open(source, { below }, effort),
        100,
        () => true,
      ),
  };
}

function dayBefore(days: number): string {
  return dayOf(instantAt(Date.parse(TODAY) - days * DAY_MS));
}
