import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import { createLogEntryEntity, toLogEntryRow } from '../entities/log-entry.ts';
import { createLogWriter } from '../entities/log-writer.ts';
import { createNewestEntries, type EntryQuery } from '../entities/newest-entries.ts';
import { entries } from './support/arbitraries.ts';
import { entry } from './support/entries.ts';
import { expectNewest, newestFirst } from './support/oracle.ts';
import { openTables, type TestTable } from './support/table.ts';

const RETENTION_DAYS = 30;
const shardCounts = fc.integer({ min: 1, max: 5 });

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

/** Requests as they arrive: each of some entries, in any order, by a writer of some number of shards, some again. */
const requests = fc
  .array(fc.record({ shards: shardCounts, batch: fc.array(entries, { maxLength: 30 }) }), { maxLength: 4 })
  .chain((sent) =>
    fc.tuple(fc.constant(sent), fc.subarray(sent)).map(([first, again]) => [...first, ...again]),
  );

describe('The newest entries', () => {
  test('are exactly the newest of what was stored, whatever order, shards and repeats it came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        requests,
        shardCounts,
        fc.integer({ min: 1, max: 40 }),
        async (sent, shards, limit) => {
          const { append, read } = await openLog(shards);
          for (const { shards: ofWriter, batch } of sent) await append(batch, ofWriter);
          const { values } = await read({ limit });
          expectNewest(values, newestFirst(sent.flatMap(({ batch }) => batch)), limit);
          expect((await read({ limit })).values).toEqual(values);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('are those of a severity, a time and a text together, page by page', async () => {
    const stored = fc.array(entries, { minLength: 1, maxLength: 20 });
    const queries = stored.chain((sent) => {
      const instant = fc.option(fc.constantFrom(...sent.map(({ datetime }) => datetime)), { nil: undefined });
      return fc.record({
        sent: fc.constant(sent),
        limit: fc.integer({ min: 1, max: 12 }),
        wanted: fc
          .record({
            severities: fc.option(fc.subarray([...SEVERITIES], { minLength: 1 }), { nil: undefined }),
            from: instant,
            to: instant,
            contains: fc.constantFrom(undefined, 'alpha', 'bet', 'A', '\u{1F600}', 'nowhere'),
          })
          .filter(({ from, to }) => !from || !to || parseInstant(from) <= parseInstant(to)),
      });
    });
    await fc.assert(
      fc.asyncProperty(queries, shardCounts, async ({ sent, limit, wanted }, shards) => {
        const { append, readAll } = await openLog(shards);
        await append(sent, 3);
        const { from, to, ...filters } = wanted;
        const found = await readAll({
          ...filters,
          limit,
          from: from && parseInstant(from),
          below: to && parseInstant(to),
        });
        expectNewest(found, newestFirst(sent, wanted));
      }),
      { numRuns: 40 },
    );
  });

  test('go on below a cursor whose entry has expired and is gone', async () => {
    const { append, read, table } = await openLog(2);
    const sent = Array.from({ length: 6 }, () => entry());
    await append(sent, 2);
    const { values, next } = await read({ limit: 3 });
    const last = values.at(-1) as LogEntry;
    const { pk, position } = toLogEntryRow(last, 2, 0);
    await createLogEntryEntity({ client: tables.client, table }).delete({ pk, position }).go();
    const rest = await read({ limit: 3, below: next });
    expectNewest([...values, ...rest.values], newestFirst(sent));
  });

  test('are not those that have expired, which DynamoDB deletes days later', async () => {
    const { append, read, table } = await openLog(2);
    const [expired, kept] = [entry({ severity: 'error' }), entry({ severity: 'error' })];
    await append([kept], 2);
    const row = toLogEntryRow(expired, 2, Math.floor(Date.now() / 1000) - 1);
    await createLogEntryEntity({ client: tables.client, table }).put(row).go();
    expect((await read({ limit: 10 })).values).toEqual([kept]);
    expect((await read({ limit: 10, severities: ['error'] })).values).toEqual([kept]);
  });

  test('hold entries dated up to a day ahead, and the first and last instant of a day', async () => {
    const { append, readAll } = await openLog(3);
    const tomorrow = new Date(Date.now() + 86_000_000).toISOString();
    const sent = [
      entry({ datetime: tomorrow }),
      entry(),
      entry({ datetime: '2023-11-15T00:00:00Z' }),
      entry({ datetime: '2023-11-14T23:59:59.999999999Z' }),
      entry({ datetime: '2023-11-14T00:00:00Z' }),
      entry({ datetime: '0000-01-01T00:00:00Z' }),
    ];
    await append(sent.toReversed(), 3);
    for (const limit of [1, 2, 10]) expect(await readAll({ limit })).toEqual(sent);
    const wholeDay = {
      from: parseInstant('2023-11-14T00:00:00Z'),
      below: parseInstant('2023-11-15T00:00:00Z'),
    };
    expect(await readAll({ limit: 1, ...wholeDay })).toEqual(sent.slice(3, 5));
    expect(await readAll({ limit: 1, from: parseInstant(tomorrow) })).toEqual(sent.slice(0, 1));
  });

  test('end at a bound of the caller, which the first entry always passes', async () => {
    const { append, read } = await openLog(2);
    const sent = Array.from({ length: 5 }, () => entry());
    await append(sent, 2);
    const newest = newestFirst(sent);
    const taken: string[] = [];
    const page = await read({ limit: 5 }, ({ id }) => taken.push(id) <= 2);
    expect(page.values).toEqual(newest.slice(0, 2));
    const rest = await read({ limit: 5, below: page.next }, () => false);
    expect(rest.values).toEqual(newest.slice(2, 3));
  });
});

/** A log of its own, read by one that thinks its writers use `shards` shards. */
async function openLog(shards: number) {
  const { client } = tables;
  const table = await tables.create();
  const newestEntries = createNewestEntries({ client, table, shards });
  const read = (query: EntryQuery, fits: (entry: LogEntry) => boolean = () => true) =>
    newestEntries(query, fits);
  return {
    table,
    read,
    append: async (batch: LogEntry[], ofWriter: number) => {
      const writer = createLogWriter({ client, table, shards: ofWriter, retentionDays: RETENTION_DAYS });
      const { unstored, cause } = await writer.appendEntries(batch, AbortSignal.timeout(10_000));
      if (unstored.length > 0) throw new Error('Entries were not stored', { cause });
    },
    readAll: async (query: EntryQuery) => {
      const found: LogEntry[] = [];
      let { below } = query;
      do {
        const page = await read({ ...query, below });
        found.push(...page.values);
        below = page.next;
      } while (below !== undefined);
      return found;
    },
  };
}
