import { BatchWriteItemCommand, type DynamoDBClient, type QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { Item } from '../../entities/electro.ts';
import { type Catalogue, type LogDay, logDayItem, toLogDayRows } from '../../entities/log-day.ts';
import { createListDays, type DayList } from '../../entities/read/list-days.ts';
import { createAnnounceDays, DayNotAnnouncedError } from '../../entities/write/spread.ts';
import { createModelTable } from '../support/model-table.ts';

const ALL = { newest: '9999-12-31', oldest: '0000-01-01' };
const DAY_MS = 86_400_000;

describe('The catalogue of days', () => {
  test('lists the days of a timeline, newest first, each once, from end to end of a range', async () => {
    const { announce, list } = await openCatalogue();
    await announce([day('2023-11-15'), day('2021-02-28'), day('2023-11-14'), day('2023-11-15')]);
    await announce([{ ...day('2022-01-01'), timeline: 'refused' }]);
    expect(await list('entries', ALL)).toEqual([day('2023-11-15'), day('2023-11-14'), day('2021-02-28')]);
    const range = { newest: '2023-11-14', oldest: '2021-02-28' };
    expect(await list('entries', range)).toEqual([day('2023-11-14'), day('2021-02-28')]);
    expect(await list('warning', ALL)).toEqual([]);
  });

  test('lists days of warnings and of errors by themselves too, and dead letters nowhere else', async () => {
    const { announce, list } = await openCatalogue();
    const [info, warning, error, refused] = (['info', 'warning', 'error', 'refused'] as const).map(
      (timeline) => ({ ...day('2023-11-15'), timeline }),
    ) as [LogDay, LogDay, LogDay, LogDay];
    await announce([info, warning, error, refused]);
    expect(new Set(await list('entries', ALL))).toEqual(new Set([info, warning, error]));
    expect(await list('warning', ALL)).toEqual([warning]);
    expect(await list('error', ALL)).toEqual([error]);
    expect(await list('refused', ALL)).toEqual([refused]);
  });

  test('lists days page by page, whole days at a time', async () => {
    const { announce, list } = await openCatalogue();
    const days = Array.from({ length: 150 }, (_, at) =>
      day(new Date(Date.UTC(2023, 0, 1) - at * DAY_MS).toISOString().slice(0, 10)),
    );
    await announce(days.toReversed());
    await announce(days.slice(0, 20).map((one) => ({ ...one, shards: 16 })));
    const spread = days.map((one, at) => (at < 20 ? { ...one, shards: 16 } : one));
    for (const limit of [1, 7, 60, 1_000]) expect(await list('entries', ALL, limit)).toEqual(spread);
  });

  test.each([[[2, 8]], [[8, 2]], [[8, 16, 9]]])(
    'keeps the most shards of %j that writers spread a day over, one after the other',
    async (counts) => {
      const { announce, list } = await openCatalogue();
      for (const shards of counts) await announce([day('2023-11-15', shards), day('2023-11-14', 3)]);
      expect(await list('entries', ALL)).toEqual([
        day('2023-11-15', Math.max(...counts)),
        day('2023-11-14', 3),
      ]);
    },
  );

  test('keeps the most shards of concurrent writers, whatever their retention', async () => {
    const { list, client } = await openCatalogue();
    const writers = [3, 30, 300].flatMap((retentionDays) =>
      [1, 12, 2].map((shards) => ({
        announce: createAnnounceDays({ client, table: TABLE }, retentionDays),
        shards,
      })),
    );
    await Promise.all(
      writers.map(({ announce, shards }) =>
        announce([day('2023-11-15', shards)], new AbortController().signal),
      ),
    );
    expect(await list('entries', ALL)).toEqual([day('2023-11-15', 12)]);
  });

  test('skips days that have expired and are not deleted yet', async () => {
    const { announce, list, put } = await openCatalogue();
    await announce([day('2023-11-15', 2)]);
    const past = Math.floor(Date.now() / 1000) - 1;
    for (const expired of [day('2023-11-15', 8), day('2023-11-16', 8)])
      for (const row of toLogDayRows(expired, 30, past)) put(logDayItem(row));
    expect(await list('entries', ALL)).toEqual([day('2023-11-15', 2)]);
  });

  test('outlives the entries that are written until the day is announced again', async () => {
    const { announce, items } = await openCatalogue({ retentionDays: 30 });
    await announce([day('2023-11-15')]);
    const [item] = items.values();
    const inAnHour = Date.now() / 1000 + 3_600;
    expect(Number(item?.expiresAt?.N)).toBeGreaterThan(inAnHour + 30 * 86_400);
  });

  test('lists the days of blocks among those of entries, with a spread of their own', async () => {
    const { announce, list } = await openCatalogue();
    const blocks = { ...day('2023-11-15', 2), timeline: 'blocks' as const };
    const older = { ...blocks, day: '2023-11-13' };
    await announce([day('2023-11-15'), blocks, day('2023-11-14'), older]);
    const listed = await list('entries', ALL);
    expect(listed).toHaveLength(4);
    expect(listed).toEqual(expect.arrayContaining([day('2023-11-15'), blocks, day('2023-11-14'), older]));
    for (const limit of [1, 2, 3]) expect(await list('entries', ALL, limit)).toEqual(listed);
  });

  test('gets a day once, also from concurrent writers', async () => {
    const { announce, requests } = await openCatalogue();
    await Promise.all([announce([day('2023-11-15')]), announce([day('2023-11-15')])]);
    await announce([day('2023-11-15')]);
    expect(requests()).toBe(1);
    await announce([day('2023-11-15', 9)]);
    expect(requests()).toBe(2);
  });

  test('gets a day again after it could not be written', async () => {
    const { announce, list } = await openCatalogue();
    const days = [day('2023-11-15')];
    await expect(announce(days, AbortSignal.abort())).rejects.toThrow(DayNotAnnouncedError);
    await announce(days);
    expect(await list('entries', ALL)).toEqual(days);
  });
});

function day(name: string, shards = 8): LogDay {
  return { timeline: 'info', day: name, shards };
}

const TABLE = 'logs';

/** A catalogue of its own, with a count of the requests that write it. */
async function openCatalogue({ retentionDays = 30 } = {}) {
  const { client: model, items } = createModelTable();
  let requests = 0;
  const client = {
    send: (command: BatchWriteItemCommand | QueryCommand) => {
      if (command instanceof BatchWriteItemCommand) requests++;
      return model.send(command as never);
    },
  } as unknown as DynamoDBClient;
  const announceDays = createAnnounceDays({ client, table: TABLE }, retentionDays);
  const listDays = createListDays({ client, table: TABLE });
  return {
    client,
    items,
    put: (item: Item) => items.set(JSON.stringify(item), item),
    requests: () => requests,
    announce: (days: LogDay[], signal = new AbortController().signal) => announceDays(days, signal),
    list: async (catalogue: Catalogue, range: { newest: string; oldest: string }, limit = 60) => {
      const days: LogDay[] = [];
      let newest: string | undefined = range.newest;
      while (newest !== undefined) {
        const part: DayList = await listDays(catalogue, { ...range, newest }, limit);
        days.push(...part.days);
        newest = part.unlisted;
      }
      return days;
    },
  };
}
