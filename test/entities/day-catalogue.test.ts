import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createAnnounceDays,
  createListDays,
  type DayList,
  DayNotAnnouncedError,
} from '../../entities/day-catalogue.ts';
import { createLogDayEntity, type LogDay, toLogDayRow } from '../../entities/log-day.ts';
import type { Timeline } from '../../entities/timeline.ts';
import { createTestClient } from '../support/service.ts';
import { openTables, type TestTable } from '../support/table.ts';

const ALL = { newest: '9999-12-31', oldest: '0000-01-01' };
const DAY_MS = 86_400_000;

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('The catalogue of days', () => {
  test('lists the days of a timeline, newest first, each once, from end to end of a range', async () => {
    const { announce, list } = await openCatalogue();
    await announce([day('2023-11-15'), day('2021-02-28'), day('2023-11-14'), day('2023-11-15')]);
    await announce([{ ...day('2022-01-01'), timeline: 'error' }]);
    expect(await list('all', ALL)).toEqual([day('2023-11-15'), day('2023-11-14'), day('2021-02-28')]);
    const range = { newest: '2023-11-14', oldest: '2021-02-28' };
    expect(await list('all', range)).toEqual([day('2023-11-14'), day('2021-02-28')]);
    expect(await list('warning', ALL)).toEqual([]);
  });

  test('lists days page by page, whole days at a time', async () => {
    const { announce, list } = await openCatalogue();
    const days = Array.from({ length: 150 }, (_, at) =>
      day(new Date(Date.UTC(2023, 0, 1) - at * DAY_MS).toISOString().slice(0, 10)),
    );
    await announce(days.toReversed());
    await announce(days.slice(0, 20).map((one) => ({ ...one, shards: 16 })));
    const spread = days.map((one, at) => (at < 20 ? { ...one, shards: 16 } : one));
    for (const limit of [1, 7, 60, 1_000]) expect(await list('all', ALL, limit)).toEqual(spread);
  });

  test.each([[[2, 8]], [[8, 2]], [[8, 16, 9]]])(
    'keeps the most shards of %j that writers spread a day over, one after the other',
    async (counts) => {
      const { announce, list } = await openCatalogue();
      for (const shards of counts) await announce([day('2023-11-15', shards), day('2023-11-14', 3)]);
      expect(await list('all', ALL)).toEqual([day('2023-11-15', Math.max(...counts)), day('2023-11-14', 3)]);
    },
  );

  test('keeps the most shards of concurrent writers, whatever their retention', async () => {
    const { list, table } = await openCatalogue();
    const writers = [3, 30, 300].flatMap((retentionDays) =>
      [1, 12, 2].map((shards) => ({
        announce: createAnnounceDays(tables.client, table, retentionDays),
        shards,
      })),
    );
    await Promise.all(
      writers.map(({ announce, shards }) =>
        announce([day('2023-11-15', shards)], AbortSignal.timeout(5_000)),
      ),
    );
    expect(await list('all', ALL)).toEqual([day('2023-11-15', 12)]);
  });

  test('passes over days that have expired and are not deleted yet', async () => {
    const { announce, list, table } = await openCatalogue();
    await announce([day('2023-11-15', 2)]);
    const past = Math.floor(Date.now() / 1000) - 1;
    const logDays = createLogDayEntity({ client: tables.client, table });
    for (const expired of [day('2023-11-15', 8), day('2023-11-16', 8)])
      await logDays.put(toLogDayRow(expired, 30, past)).go();
    expect(await list('all', ALL)).toEqual([day('2023-11-15', 2)]);
  });

  test('outlives the entries that are written until the day is announced again', async () => {
    const { announce, table } = await openCatalogue({ retentionDays: 30 });
    await announce([day('2023-11-15')]);
    const { data } = await createLogDayEntity({ client: tables.client, table })
      .query.byTimeline({ pk: 'all' })
      .go();
    const inAnHour = Date.now() / 1000 + 3_600;
    expect(data[0]?.expiresAt).toBeGreaterThan(inAnHour + 30 * 86_400);
  });

  test('lists the days of blocks among those of all entries, with a spread of their own', async () => {
    const { announce, list } = await openCatalogue();
    const blocks = { ...day('2023-11-15', 2), timeline: 'blocks' as const };
    const older = { ...blocks, day: '2023-11-13' };
    await announce([day('2023-11-15'), blocks, day('2023-11-14'), older]);
    const listed = await list('all', ALL);
    expect(listed).toHaveLength(4);
    expect(listed).toEqual(expect.arrayContaining([day('2023-11-15'), blocks, day('2023-11-14'), older]));
    for (const limit of [1, 2, 3]) expect(await list('all', ALL, limit)).toEqual(listed);
  });

  test('is told of a day once, also by concurrent writers', async () => {
    const { announce, requests } = await openCatalogue();
    await Promise.all([announce([day('2023-11-15')]), announce([day('2023-11-15')])]);
    await announce([day('2023-11-15')]);
    expect(requests()).toBe(1);
    await announce([day('2023-11-15', 9)]);
    expect(requests()).toBe(2);
  });

  test('is told again after it could not be written', async () => {
    const { announce, list } = await openCatalogue();
    const days = [day('2023-11-15')];
    await expect(announce(days, AbortSignal.abort())).rejects.toThrow(DayNotAnnouncedError);
    await announce(days);
    expect(await list('all', ALL)).toEqual(days);
  });
});

function day(name: string, shards = 8): LogDay {
  return { timeline: 'all', day: name, shards };
}

/** A catalogue of its own, with a count of the requests that write it. */
async function openCatalogue({ retentionDays = 30 } = {}) {
  const table = await tables.create();
  const client = createTestClient(tables.endpoint);
  let requests = 0;
  client.middlewareStack.add((next) => (request) => {
    requests++;
    return next(request);
  });
  const announceDays = createAnnounceDays(client, table, retentionDays);
  const listDays = createListDays(tables.client, table);
  return {
    table,
    requests: () => requests,
    announce: (days: LogDay[], signal = AbortSignal.timeout(5_000)) => announceDays(days, signal),
    list: async (timeline: Timeline, range: { newest: string; oldest: string }, limit = 60) => {
      const days: LogDay[] = [];
      let newest: string | undefined = range.newest;
      while (newest !== undefined) {
        const part: DayList = await listDays(timeline, { ...range, newest }, limit);
        days.push(...part.days);
        newest = part.unlisted;
      }
      return days;
    },
  };
}
