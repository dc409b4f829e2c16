import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { instantAt } from '../../entities/instant.ts';
import { createLogWriter } from '../../entities/log-writer.ts';
import { createNewestEntries, type EntryQuery } from '../../entities/newest-entries.ts';
import { type Placed, readPage } from '../../entities/read-page.ts';
import { entry } from '../support/entries.ts';
import { createTestClient } from '../support/service.ts';
import { openTables, type TestTable } from '../support/table.ts';

const DAY_MS = 86_400_000;
const SHARDS = 4;

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('Reading a page costs', () => {
  test('the same, whether the table holds a little or much, of today or of years ago', async () => {
    const few = await openLog({ days: 3, perDay: 200 });
    const many = await openLog({ days: 45, perDay: 200 });
    expect(await many.costOf({ limit: 100 })).toEqual(await few.costOf({ limit: 100 }));
    const window = { from: instantAt(Date.now() - 40 * DAY_MS), below: instantAt(Date.now() - 39 * DAY_MS) };
    const { found, requests } = await many.costOf({ limit: 20, ...window });
    expect(found).toBe(20);
    expect(requests).toBeLessThanOrEqual(SHARDS + 1);
  });

  test('what its errors cost, however many other entries stand between them', async () => {
    const { costOf } = await openLog({ days: 40, perDay: 100 });
    const { found, rows, requests } = await costOf({ limit: 100, severities: ['error'] });
    expect({ found, rows }).toEqual({ found: 40, rows: 40 });
    // Forty days may reach into another year.
    expect(requests).toBeLessThanOrEqual(2 * SHARDS + 1);
  });

  test('little where a filter passes most of what it looks at', async () => {
    const { costOf } = await openLog({ days: 1, perDay: 1_000 });
    const plain = await costOf({ limit: 100 });
    const filtered = await costOf({ limit: 100, severities: ['info'] });
    expect(filtered.found).toBe(100);
    expect(filtered.rows).toBeLessThan(plain.rows * 2);
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
      pages.push(page.values.length);
      below = page.next;
    } while (below !== undefined);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.reduce((a, b) => a + b)).toBe(1);
    expect(rowsRead()).toBe(size);
  });
});

/** A log of so many days up to today, of whose entries one a day is an error, and what a page of it costs. */
async function openLog({ days, perDay }: { days: number; perDay: number }) {
  const table = await tables.create();
  const client = createTestClient(tables.endpoint);
  const writer = createLogWriter({ client, table, shards: SHARDS, retentionDays: 400 });
  function* all() {
    for (let day = 0; day < days; day++) {
      for (let n = 0; n < perDay; n++) {
        const datetime = new Date(Date.now() - day * DAY_MS - n * 1_000).toISOString();
        yield entry({ id: `${day}-${n}`, datetime, severity: n === 7 ? 'error' : 'info' });
      }
    }
  }
  await writer.appendEntries(all(), AbortSignal.timeout(30_000));

  let requests = 0;
  let rows = 0;
  client.middlewareStack.add((next) => async (request) => {
    const answer = await next(request);
    const { ScannedCount = 0, Items = [] } = answer.output as { ScannedCount?: number; Items?: object[] };
    const isCatalogue = JSON.stringify(Items[0] ?? {}).includes('LogDay');
    requests++;
    rows += isCatalogue ? 0 : ScannedCount;
    return answer;
  });
  const newestEntries = createNewestEntries({ client, table, shards: SHARDS });
  return {
    costOf: async (query: EntryQuery) => {
      requests = 0;
      rows = 0;
      const { values } = await newestEntries(query, () => true);
      return { found: values.length, requests, rows };
    },
  };
}

/** One shard of so many rows, of which the filter passes the oldest alone. */
function endlessBucket(size: number) {
  let rowsRead = 0;
  const positionOf = (at: number) => `2023-11-15T00:00:00.${String(at).padStart(9, '0')}Z#id#digest`;
  return {
    rowsRead: () => rowsRead,
    read: (below: string | undefined) =>
      readPage<number>(
        {
          timelines: ['all'],
          shards: 1,
          isFiltered: true,
          listDays: async function* () {
            yield { timeline: 'all' as const, day: '2023-01-01', shards: 1 };
          },
          readBucket: async (bucket, belowPosition, limit) => {
            if (!bucket.includes('2023-01-01')) return { rows: [], lookedAt: 0 };
            const start = belowPosition.includes('T') ? Number(belowPosition.slice(20, 29)) : size;
            const lookedAt = Math.min(limit, start);
            rowsRead += lookedAt;
            const rows: Placed<number>[] = start <= limit ? [{ position: positionOf(0), value: 0 }] : [];
            return { rows, lookedAt, resumeBelow: start > limit ? positionOf(start - limit) : undefined };
          },
        },
        { limit: 100, below },
        () => true,
      ),
  };
}
