import { describe, expect, jest, test } from '@jest/globals';
import type { Severity } from '../../entities/entry.ts';
import { DAY_SECONDS, instantAt } from '../../entities/instant.ts';
import { type DaySource, readDays } from '../../entities/read/day-shards.ts';
import { PAGE_BUDGET, type PageBudget } from '../../entities/read/how-much.ts';
import { createLogReader, type EntryQuery } from '../../entities/read/log-reader.ts';
import type { Placed } from '../../entities/read/shard.ts';
import type { Packing } from '../../entities/table.ts';
import { dayOf, endOfDay } from '../../entities/timeline.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { checked, entry } from '../support/entries.ts';
import { createModelTable } from '../support/model-table.ts';

const DAY_MS = DAY_SECONDS * 1_000;
const TODAY = dayOf(instantAt(Date.now()));
const TABLE = 'logs';

describe('Reading a page costs', () => {
  test('four requests in one round trip where the newest day is quiet and fills the page', async () => {
    const { costOf } = await openLog({ days: 3, perDay: 200 });
    const { readUnits, ...cost } = await costOf({ limit: 100, below: endOfDay(TODAY) });
    expect(cost).toMatchObject({ found: 100, requests: 4, rounds: 1 });
    expect(readUnits).toBeLessThanOrEqual(8.5);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7].map((eighth) => [3 * eighth]))(
    'three round trips where a log has two entries per day, asked at %i:30 o’clock',
    async (hour) => {
      const { costOf } = await openLog({ days: 60, perDay: 2 });
      const below = `${TODAY}T${String(hour).padStart(2, '0')}:30:00.000000000Z`;
      const { found, rounds, requests, readUnits } = await costOf({ limit: 100, below });
      expect(found).toBe(100);
      expect(rounds).toBeLessThanOrEqual(3);
      expect(requests).toBeLessThanOrEqual(130);
      expect(readUnits).toBeLessThanOrEqual(65);
    },
  );

  test('one round trip where a log has many warnings and errors, once a page has shown it', async () => {
    const severities = ['info', 'info', 'info', 'warning', 'info', 'info', 'error', 'info'] as const;
    const { costOf } = await openLog({ days: 1, perDay: 1_000, severityOf: (n) => severities[n % 8] });
    const query = { limit: 100, below: endOfDay(TODAY) };
    expect(await costOf(query)).toMatchObject({ found: 100 });
    const { readUnits, ...cost } = await costOf(query);
    expect(cost).toMatchObject({ found: 100, requests: 4, rounds: 1 });
    expect(readUnits).toBeLessThanOrEqual(10);
  });

  test('a request per shard in one round trip, once the process has seen the spread', async () => {
    const { costOf } = await openLog({ days: 1, perDay: 1_000, shards: 8 });
    const query = { limit: 100, below: endOfDay(TODAY) };
    expect(await costOf(query)).toMatchObject({ found: 100, rounds: 2 });
    const { readUnits, ...cost } = await costOf(query);
    expect(cost).toMatchObject({ found: 100, requests: 10, rounds: 1 });
    expect(readUnits).toBeLessThanOrEqual(16);
  });

  test('the same, whether the table has few or many entries, of today or of years ago', async () => {
    const few = await openLog({ days: 3, perDay: 200 });
    const many = await openLog({ days: 45, perDay: 200 });
    const query = { limit: 100, below: endOfDay(TODAY) };
    const { readUnits: unitsOfFew, ...costOfFew } = await few.costOf(query);
    const { readUnits: unitsOfMany, ...costOfMany } = await many.costOf(query);
    expect(costOfMany).toEqual(costOfFew);
    // The first listing of the catalogue takes up to one unit.
    expect(unitsOfMany - unitsOfFew).toBeLessThanOrEqual(0.5);
    const window = { from: `${dayBefore(40)}T00:00:00.000000000Z`, below: endOfDay(dayBefore(40)) };
    expect(await many.costOf({ limit: 20, ...window })).toMatchObject({ found: 20, rounds: 1 });
  });

  test('what its errors cost, however many other entries there are between them', async () => {
    const { costOf } = await openLog({ days: 40, perDay: 100 });
    const { found, rows, rounds, requests } = await costOf({ limit: 100, severities: ['error'] });
    expect({ found, rows }).toEqual({ found: 40, rows: 40 });
    expect(rounds).toBeLessThanOrEqual(4);
    expect(requests).toBeLessThanOrEqual(42);
  });

  test('what its info entries cost, however many errors there are between them', async () => {
    const { costOf } = await openLog({ days: 1, perDay: 1_000 });
    const filtered = await costOf({ limit: 100, severities: ['info'] });
    expect(filtered).toMatchObject({ found: 100, requests: 2, rounds: 1 });
    expect(filtered.rows).toBeLessThanOrEqual(101);
  });

  test('no more time than its budget, also within the rows of one answer', async () => {
    const { readerOf } = await openLog({ days: 1, perDay: 900 });
    const reader = readerOf({ rows: 10_000, milliseconds: 100 });
    let clock = 0;
    // Every look at the clock takes a millisecond, and each row is followed by one.
    const now = jest.spyOn(performance, 'now').mockImplementation(() => clock++);
    const counts: number[] = [];
    let below: string | undefined;
    do {
      const page = await reader.newest({ limit: 1_000, below }, () => true);
      counts.push(page.count);
      below = page.below;
    } while (below !== undefined);
    now.mockRestore();
    expect(Math.max(...counts)).toBeLessThanOrEqual(101);
    expect(counts.reduce((a, b) => a + b)).toBe(900);
  });

  test('one request by the id of an entry that has a row', async () => {
    const { costOfId } = await openLog({ days: 2, perDay: 10 });
    expect(await costOfId('1-3')).toMatchObject({ found: 1, requests: 1, rounds: 1 });
  });

  test.each([1, 2])(
    'no search of blocks for an id that has rows, also where an expired one follows %i live ones',
    async (live) => {
      const { client, ...model } = createModelTable();
      const same = (second: number) =>
        checked(entry({ id: 'same', datetime: `${TODAY}T00:00:0${second}Z`, severity: 'error' }));
      const append = async (retentionDays: number, packing: Packing, seconds: number[]) =>
        createLogWriter({ client, table: TABLE, shards: 1, retentionDays, packing }).appendEntries(
          seconds.map(same),
          new AbortController().signal,
        );
      await append(-30, 'off', [0]);
      await append(30, 'off', [1, 2].slice(0, live));
      await append(30, 'all', [3]);
      const reader = createLogReader({ client, table: TABLE });
      let count = 0;
      let below: string | undefined;
      const { requests } = await model.costOf(async () => {
        do {
          const page = await reader.withId('same', { limit: live, below }, () => true);
          count += page.count;
          below = page.below;
        } while (below !== undefined);
      });
      expect(count).toBe(live);
      expect(requests).toBeLessThanOrEqual(2);
    },
  );

  test('no more than its budget for entries in blocks either, each of which counts', async () => {
    const { readerOf } = await openPackedLog({ requests: 20, perRequest: 50, apart: 5_000 });
    const reader = readerOf({ rows: 100, milliseconds: 60_000 });
    const contains = ['Message of 0-0'];
    let [pages, found] = [0, 0];
    let below: string | undefined;
    do {
      const page = await reader.newest({ limit: 5, contains, below }, () => true);
      pages++;
      found += page.count;
      below = page.below;
    } while (below !== undefined);
    expect(found).toBe(1);
    // Of 1,000 entries a page looks at 100, and at what its last round trip had too.
    expect(pages).toBeGreaterThanOrEqual(4);
    expect(pages).toBeLessThanOrEqual(11);
  });

  test('as many blocks below an instant as the page before needed, in one round trip, once one has shown it', async () => {
    const { costOf, start } = await openPackedLog({ requests: 40, perRequest: 50, apart: 1 });
    const query = { limit: 100, below: instantAt(start + 3_000) };
    const first = await costOf(query);
    const second = await costOf(query);
    expect([first.found, second.found]).toEqual([100, 100]);
    expect(first.rounds).toBeGreaterThan(2);
    expect(second.rounds).toBe(1);
    expect(second.readUnits).toBeLessThanOrEqual(first.readUnits);
  });

  test('no more than its budget, and the search continues at the next page', async () => {
    const size = 2.4 * PAGE_BUDGET.rows;
    const { source, rowsRead } = endlessBucket(size);
    const pages = [];
    let below: string | undefined;
    do {
      const before = rowsRead();
      const page = await readDays(source, { limit: 100, below }, () => true);
      expect(rowsRead() - before).toBeLessThanOrEqual(1.04 * PAGE_BUDGET.rows);
      pages.push(page.count);
      below = page.below;
    } while (below !== undefined);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.reduce((a, b) => a + b)).toBe(1);
    expect(rowsRead()).toBe(size);
  });
});

/** A log of packed requests, which begin so many milliseconds apart and have entries of five seconds each. */
async function openPackedLog({
  requests,
  perRequest,
  apart,
}: Record<'requests' | 'perRequest' | 'apart', number>) {
  const { client, ...model } = createModelTable();
  const writer = createLogWriter({ client, table: TABLE, shards: 1, retentionDays: 30, packing: 'all' });
  const start = Date.parse(TODAY);
  for (let request = 0; request < requests; request++) {
    const entries = Array.from({ length: perRequest }, (_, n) =>
      checked(
        entry({
          datetime: new Date(start + (n * 5_000) / perRequest + request * apart).toISOString(),
          message: `Message of ${request}-${n}`,
        }),
      ),
    );
    await writer.appendEntries(entries, new AbortController().signal);
  }
  const reader = createLogReader({ client, table: TABLE });
  return {
    start,
    readerOf: (budget: PageBudget) => createLogReader({ client, table: TABLE, budget }),
    costOf: async (query: EntryQuery) => {
      let found = 0;
      const cost = await model.costOf(async () => {
        found = (await reader.newest(query, () => true)).count;
      });
      return { found, ...cost };
    },
  };
}

interface LogShape {
  days: number;
  perDay: number;
  shards?: number;
  severityOf?(n: number): Severity | undefined;
}

/**
 * A log of so many days up to today, and what a page of it costs. Entries are spread evenly over each day, and the
 * last one of a day is an error.
 */
async function openLog({
  days,
  perDay,
  shards = 1,
  severityOf = (n) => (n === perDay - 1 ? 'error' : 'info'),
}: LogShape) {
  const model = createModelTable();
  const { client } = model;
  const writer = createLogWriter({ client, table: TABLE, shards, retentionDays: 400 });
  // Entries are throttled until the writer is at its ceiling.
  model.isThrottled = ({ gsi1pk }) => gsi1pk?.S?.startsWith('info') === true && writer.shardsInUse < shards;
  function* all() {
    for (let day = 0; day < days; day++) {
      for (let n = 0; n < perDay; n++) {
        const datetime = new Date(Date.parse(dayBefore(day)) + (n * DAY_MS) / perDay).toISOString();
        yield checked(entry({ id: `${day}-${n}`, datetime, severity: severityOf(n) }));
      }
    }
  }
  const { unstored } = await writer.appendEntries(all(), new AbortController().signal);
  expect(unstored).toEqual([]);

  const reader = createLogReader({ client, table: TABLE });
  async function measure(read: () => Promise<{ count: number }>) {
    let found = 0;
    const cost = await model.costOf(async () => {
      ({ count: found } = await read());
    });
    return { found, ...cost };
  }
  return {
    readerOf: (budget: PageBudget) => createLogReader({ client, table: TABLE, budget }),
    costOf: (query: EntryQuery) => measure(() => reader.newest(query, () => true)),
    costOfId: (id: string) => measure(() => reader.withId(id, { limit: 100 }, () => true)),
  };
}

/** One shard of so many rows, of which only the oldest matches. */
function endlessBucket(size: number) {
  let rowsRead = 0;
  const positionOf = (at: number) => `2023-11-15T00:00:00.${String(at).padStart(9, '0')}Z#id#digest`;
  const source: DaySource<number> = {
    timelines: ['info'],
    memory: { shards: new Map(), parts: new Map() },
    listDays: async () => ({ days: [{ timeline: 'info', day: '2023-11-15', shards: 1 }] }),
    readBucket:
      () =>
      async (bucket, { below, limit }) => {
        if (!bucket.includes('2023-11-15')) return { rows: [], items: [], lookedAt: 0 };
        const start = below.includes('T') ? Number(below.slice(20, 29)) : size;
        const lookedAt = Math.min(limit, start);
        rowsRead += lookedAt;
        const oldest: Placed<number> = { position: positionOf(0), value: 0 };
        return {
          rows: start <= limit ? [oldest] : [],
          items: [],
          lookedAt,
          below: start > limit ? positionOf(start - limit) : undefined,
        };
      },
  };
  return { source, rowsRead: () => rowsRead };
}

function dayBefore(days: number): string {
  return dayOf(instantAt(Date.parse(TODAY) - days * DAY_MS));
}
