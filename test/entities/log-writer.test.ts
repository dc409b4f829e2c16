import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DeadLetterRow, deadLetter, RAW_TEXT_LIMIT } from '../../entities/dead-letter.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { type LogEntryRow, logEntry, placeLogEntryRow, toLogEntryRow } from '../../entities/log-entry.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { createEngineSwitch } from '../support/engine-switch.ts';
import { checked, entry, sent } from '../support/entries.ts';
import { createTestClient, openTables, type TestTable } from '../support/table.ts';
import { createThrottledClient } from '../support/throttled-client.ts';

const PATIENT = () => AbortSignal.timeout(10_000);

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('The writer of a log', () => {
  test('stores the rows that ElectroDB reads, with a time to live', async () => {
    const { writer, table } = await openWriter({ shards: 4, retentionDays: 30 });
    const sent = [entry(), entry({ severity: 'error' }), entry({ severity: 'warning', message: '' })].map(
      checked,
    );
    const before = Math.floor(Date.now() / 1000);
    await writer.appendEntries(sent, PATIENT());
    for (const one of sent) {
      const [row] = (await rowsIn(table)).filter(({ id }) => id === one.id);
      expect(row).toEqual(placeLogEntryRow(toLogEntryRow(one, row?.expiresAt ?? 0), 1));
      expect((row?.expiresAt ?? 0) - before - 30 * 86_400).toBeGreaterThanOrEqual(0);
    }
  });

  test('stores an entry once, however often it occurs in a call and in how many calls', async () => {
    const { writer, table } = await openWriter();
    const [one, other] = [checked(entry({ id: 'same' })), checked(entry({ id: 'same' }))];
    const outcome = await writer.appendEntries([one, other, one, other, one], PATIENT());
    expect(outcome).toEqual({ stored: 2, drawn: new Map([['info', 2]]), items: 2, unstored: [], retries: 0 });
    await writer.appendEntries([other], PATIENT());
    expect((await entriesWith('same', table)).map(checked)).toEqual([other, one]);
  });

  test('writes only what is missing of a request that failed when it comes again, and so ends it', async () => {
    const sent = Array.from({ length: 100 }, () => checked(entry()));
    const time = new AbortController();
    let puts = 0;
    // Half of the items are not taken before the time is over.
    const client = createThrottledClient(tables.endpoint, () => {
      puts++;
      if (puts > 50) time.abort();
      return puts > 50 && puts <= 100;
    });
    const table = await tables.create();
    const writer = createLogWriter({ client, table, shards: 1, retentionDays: 1 });
    const first = await writer.appendEntries(sent, time.signal);
    expect(first).toMatchObject({ stored: 50 });
    expect(first.unstored).toHaveLength(50);

    puts = 100;
    expect(await writer.appendEntries(sent, PATIENT())).toMatchObject({ stored: 50, unstored: [] });
    expect(puts).toBe(150);
    const reader = createLogReader({ client: tables.client, table });
    const { count } = await reader.newest({ limit: 200 }, () => true);
    expect(count).toBe(100);
    client.destroy();
  });

  test('writes what it has stored before again, once a request has succeeded', async () => {
    const { writer } = await openWriter();
    const sent = [checked(entry())];
    await writer.appendEntries(sent, PATIENT());
    expect(await writer.appendEntries(sent, PATIENT())).toMatchObject({ stored: 1 });
  });

  test('counts what was sent again, of the catalogue once for all batches that wait for it', async () => {
    let puts = 0;
    const client = createThrottledClient(tables.endpoint, ({ pk }) => {
      const isOfCatalogue = pk?.S === 'd#entries';
      return isOfCatalogue && ++puts <= 2;
    });
    const writer = createLogWriter({ client, table: await tables.create(), shards: 1, retentionDays: 1 });
    const sent = Array.from({ length: 60 }, () => checked(entry()));
    expect(await writer.appendEntries(sent, PATIENT())).toMatchObject({ stored: 60, items: 60, retries: 2 });
    client.destroy();
  });

  test('draws its entries while it writes, so that not all need to be made first', async () => {
    const client = createTestClient(tables.endpoint);
    let made = 0;
    let madeAtFirstAnswer = 0;
    client.middlewareStack.add((next) => async (request) => {
      const answer = await next(request);
      madeAtFirstAnswer ||= made;
      return answer;
    });
    function* drawn(count: number) {
      while (made++ < count) yield checked(entry());
    }
    const writer = createLogWriter({ client, table: await tables.create(), shards: 8, retentionDays: 1 });
    const { stored } = await writer.appendEntries(drawn(2_000), PATIENT());
    expect(stored).toBe(2_000);
    expect(madeAtFirstAnswer).toBeLessThan(1_000);
    client.destroy();
  });

  test('stores refused records, each once, with the reasons and the text as it came', async () => {
    const { writer, table } = await openWriter();
    const refused = { index: 0, raw: '{"id":""}', errors: [{ path: 'id', message: 'must not be empty' }] };
    const long = { index: 1, raw: '\u{1F600}'.repeat(20_000), errors: [] };
    const { stored } = await writer.appendDeadLetters([refused, refused, long], PATIENT());
    expect(stored).toBe(2);
    const { data } = deadLetter().parse({ Items: await itemsIn(table, 'DeadLetter') });
    const [short, cut] = (data as DeadLetterRow[]).toSorted((a, b) => a.raw.length - b.raw.length);
    expect(short).toMatchObject({ raw: refused.raw, faults: JSON.stringify(refused.errors) });
    expect(cut?.raw).toBe(long.raw.slice(0, RAW_TEXT_LIMIT));
  });

  test('gives up at once on an error that sending again cannot fix, and names what was not stored', async () => {
    const writer = createLogWriter({ client: tables.client, table: 'no-table', shards: 1, retentionDays: 1 });
    const sent = [checked(entry()), checked(entry())];
    const signal = PATIENT();
    const outcome = await writer.appendEntries(sent, signal);
    expect(signal.aborted).toBe(false);
    expect(outcome).toMatchObject({ stored: 0, unstored: sent });
    expect(outcome.cause).toMatchObject({ cause: { name: 'ResourceNotFoundException' } });
  });

  test('names all entries and the cause while the engine is unavailable, and stores them once it is back', async () => {
    const engine = await createEngineSwitch();
    engine.leadTo(tables.endpoint);
    const client = createTestClient(engine.endpoint);
    const table = await tables.create();
    const writer = createLogWriter({ client, table, shards: 2, retentionDays: 1 });
    await writer.appendEntries([checked(entry())], PATIENT());

    await engine.stop();
    const sent = Array.from({ length: 60 }, () => checked(entry({ id: 'waiting' })));
    const outcome = await writer.appendEntries(sent, AbortSignal.timeout(300));
    expect(outcome).toMatchObject({ stored: 0, cause: expect.any(Error) });
    expect(outcome.unstored.toSorted(byMessage)).toEqual(sent.toSorted(byMessage));

    const waiting = writer.appendEntries(sent, PATIENT());
    await engine.start();
    expect(await waiting).toMatchObject({ stored: 60, unstored: [] });
    const found = (await entriesWith('waiting', table)).map(checked);
    expect(found.toSorted(byMessage)).toEqual(sent.toSorted(byMessage));

    client.destroy();
    await engine.stop();
  });
});

describe('A writer that DynamoDB throttles', () => {
  test('spreads what is left over more shards, each once, and announces the shards first', async () => {
    const sent = Array.from({ length: 200 }, (_, at) =>
      checked(entry({ datetime: `2023-11-${15 + (at % 2)}T12:00:00Z` })),
    );
    const { writer, written, rowsOf } = await openThrottledWriter({ shards: 8, takesPerBucket: 2 });
    expect(await writer.appendEntries(sent, PATIENT())).toMatchObject({ stored: 200, unstored: [] });

    expect(writer.shardsInUse).toBe(8);
    const rows = await rowsOf();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
    const buckets = new Set(rows.map(({ bucket }) => bucket));
    expect(buckets.size).toBeGreaterThan(8);
    // A shard is in the catalogue before the first row goes there.
    for (const bucket of buckets) {
      const [, day, shard] = bucket.split('#');
      const announcedAt = written.findIndex((key) => {
        const [dayOfRow, shards] = key.split('#');
        return dayOfRow === day && Number(shards) > Number(shard);
      });
      expect(announcedAt).toBeGreaterThanOrEqual(0);
      expect(announcedAt).toBeLessThan(written.indexOf(bucket));
    }
  });

  test('keeps its shards for later calls and later days', async () => {
    const { writer, rowsOf } = await openThrottledWriter({ shards: 4, takesPerBucket: 2 });
    await writer.appendEntries(
      Array.from({ length: 190 }, () => checked(entry({ datetime: '2023-11-15T12:00:00Z' }))),
      PATIENT(),
    );
    await writer.appendEntries(
      Array.from({ length: 40 }, () => checked(entry({ datetime: '2023-11-16T12:00:00Z' }))),
      PATIENT(),
    );
    const nextDay = (await rowsOf()).filter(({ bucket }) => bucket.startsWith('info#2023-11-16'));
    expect(new Set(nextDay.map(({ bucket }) => bucket)).size).toBe(4);
  });

  test('leaves timelines alone that are not throttled: errors stay on one shard', async () => {
    const { writer, rowsOf } = await openThrottledWriter({ shards: 8, takesPerBucket: 2 });
    const sent = Array.from({ length: 200 }, (_, at) =>
      checked(entry({ datetime: '2023-11-15T12:00:00Z', severity: at % 20 === 7 ? 'error' : 'info' })),
    );
    await writer.appendEntries(sent, PATIENT());
    const buckets = new Set((await rowsOf()).map(({ bucket }) => bucket));
    expect([...buckets].filter((bucket) => bucket.startsWith('error'))).toEqual(['error#2023-11-15#0']);
    expect(buckets.size).toBeGreaterThan(8);
  });

  test('never moves a row: what is sent again over fewer shards is a second row, which readers show once', async () => {
    const one = checked(entry({ datetime: '2023-11-15T12:00:00Z', id: 'moved' }));
    const { writer, rowsOf, table } = await openThrottledWriter({ shards: 8, takesPerBucket: 2 });
    const others = Array.from({ length: 200 }, () => checked(entry({ datetime: '2023-11-15T12:00:00Z' })));
    await writer.appendEntries(others.toSpliced(10, 0, one), PATIENT());
    const restarted = createLogWriter({ client: tables.client, table, shards: 8, retentionDays: 30 });
    await restarted.appendEntries([one], PATIENT());
    const buckets = (await rowsOf()).filter(({ id }) => id === 'moved').map(({ bucket }) => bucket);
    expect(buckets).toContain('info#2023-11-15#0');
    expect(buckets).toHaveLength(2);
    expect(await entriesWith('moved', table)).toHaveLength(1);
    const reader = createLogReader({ client: tables.client, table });
    expect(await reader.newest({ limit: 1_000 }, () => true)).toMatchObject({ count: 201 });
  });
});

/** A writer of a table, each bucket of which takes so many rows per request. */
async function openThrottledWriter({ shards, takesPerBucket }: { shards: number; takesPerBucket: number }) {
  const table = await tables.create();
  /** The buckets of rows and the keys of days, in the order in which they were written. */
  const written: string[] = [];
  const client = createThrottledClient(tables.endpoint, (item, taken) => {
    const bucket = item.gsi1pk?.S;
    const isFull =
      bucket !== undefined && taken.filter(({ gsi1pk }) => gsi1pk?.S === bucket).length >= takesPerBucket;
    if (!isFull) written.push(bucket ?? String(item.sk?.S));
    return isFull;
  });
  return {
    table,
    written,
    writer: createLogWriter({ client, table, shards, retentionDays: 30 }),
    rowsOf: () => rowsIn(table),
  };
}

/** The rows of entries in a table, as ElectroDB reads them. */
async function rowsIn(table: string): Promise<LogEntryRow[]> {
  return logEntry().parse({ Items: await itemsIn(table, 'LogEntry') }).data as LogEntryRow[];
}

/** The items of an entity in a table. */
async function itemsIn(table: string, entity: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await tables.client.send(new ScanCommand({ TableName: table }));
  return Items.map((item) => unmarshall(item)).filter(({ __edb_e__ }) => __edb_e__ === entity);
}

async function openWriter({ shards = 8, retentionDays = 30 } = {}) {
  const table = await tables.create();
  return { table, writer: createLogWriter({ client: tables.client, table, shards, retentionDays }) };
}

function byMessage(a: { message: string }, b: { message: string }): number {
  return a.message < b.message ? -1 : 1;
}

async function entriesWith(id: string, table: string): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  await createLogReader({ client: tables.client, table }).withId(
    id,
    { limit: 100 },
    (entry) => found.push(sent(entry)) > 0,
  );
  return found;
}
