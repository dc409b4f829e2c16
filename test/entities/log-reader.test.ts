import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES } from '../../entities/entry.ts';
import { parseInstant } from '../../entities/instant.ts';
import { logEntryItem, placeLogEntryRow, toLogEntryRow } from '../../entities/log-entry.ts';
import { createLogReader, type EntryQuery } from '../../entities/read/log-reader.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { entries, RUNS } from '../support/arbitraries.ts';
import { sent as asSent, checked, entry } from '../support/entries.ts';
import { createModelTable } from '../support/model-table.ts';
import { expectNewest, newestFirst } from '../support/oracle.ts';

const RETENTION_DAYS = 30;
const DAY_MS = 86_400_000;
const TABLE = 'logs';

/** Ceilings of the writers that live as long as a log. What they have spread they keep. */
const CEILINGS = [1, 3, 8];

interface Request {
  /** Which writer it comes to. An index beyond CEILINGS stands for a new writer. */
  writer: number;
  batch: LogEntry[];
  /** Which of the next items the engine throttles. */
  throttled: boolean[];
}

/** The last and first milliseconds of days around now, with days between them that have no entry. */
const midnights = fc
  .tuple(fc.constantFrom(-20, -3, -1, 0), fc.integer({ min: -2, max: 2 }))
  .map(([day, milliseconds]) =>
    new Date(Math.floor(Date.now() / DAY_MS + day) * DAY_MS + milliseconds).toISOString(),
  );

const entriesAroundMidnight = fc
  .tuple(entries, midnights)
  .map(([entry, datetime]): LogEntry => ({ ...entry, datetime }));

/** Requests as they arrive, each of some entries in any order. Some come again, to another writer. */
function requestsOf(batches: fc.Arbitrary<LogEntry[]>): fc.Arbitrary<Request[]> {
  const request = fc.record({
    writer: fc.nat(CEILINGS.length),
    batch: batches,
    throttled: fc.array(fc.boolean(), { maxLength: 30 }),
  });
  return fc
    .array(request, { minLength: 1, maxLength: 4 })
    .chain((sent) =>
      fc
        .tuple(fc.subarray(sent), fc.nat(CEILINGS.length))
        .map(([again, writer]) => [...sent, ...again.map((one) => ({ ...one, writer }))]),
    );
}

const texts = fc.option(
  fc.array(fc.constantFrom('alpha', 'Alpha', 'bet', 'A', '\u{1F600}', '2', 'nowhere'), { maxLength: 2 }),
  { nil: undefined },
);

/** The attributes of an entry as filters. A name with dots could lead into another entry's nested objects. */
function attributesOf({ attributes = {} }: LogEntry) {
  return Object.entries(attributes)
    .filter(([name]) => !name.includes('.'))
    .map(([name, value]) => ({ name, text: typeof value === 'string' ? value : JSON.stringify(value) }));
}

describe('The newest entries', () => {
  test('are exactly the newest of what was stored, whatever order, spreads and repeats it came in', async () => {
    const requests = requestsOf(fc.array(fc.oneof(entries, entriesAroundMidnight), { maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 1, max: 40 }), async (sent, limit) => {
        const { append, read } = openLog();
        for (const request of sent) await append(request);
        const { values } = await read({ limit });
        expectNewest(values, newestFirst(sent.flatMap(({ batch }) => batch)), limit);
        expect((await read({ limit })).values).toEqual(values);
      }),
      { numRuns: 40 * RUNS },
    );
  });

  test('are each on one page, while the spread grows and rows move between pages', async () => {
    const batches = fc.array(entriesAroundMidnight, { minLength: 10, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(requestsOf(batches), requestsOf(batches), async (before, during) => {
        const { append, read } = openLog();
        for (const request of before) await append(request);
        const found: LogEntry[] = [];
        const arriving = [...during, ...before];
        let below: string | undefined;
        do {
          const page = await read({ limit: 7, below });
          found.push(...page.values);
          below = page.below;
          const request = arriving.shift();
          if (request) await append(request);
        } while (below !== undefined);
        const texts = found.map((entry) => JSON.stringify(entry));
        expect(new Set(texts).size).toBe(texts.length);
        const stored = newestFirst(before.flatMap(({ batch }) => batch));
        expect(stored.filter((entry) => !texts.includes(JSON.stringify(entry)))).toEqual([]);
      }),
      { numRuns: 15 * RUNS },
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
            contains: texts,
            excludes: texts,
            textCase: fc.constantFrom(undefined, 'sensitive', 'smart'),
            attribute: fc.constantFrom(
              undefined,
              { name: 'name', text: 'alpha' },
              { name: 'service', text: '7' },
              { name: '__proto__', text: 'true' },
            ),
            excludedAttribute: fc.constantFrom(undefined, ...sent.flatMap(attributesOf)),
          })
          .filter(({ from, to }) => !from || !to || parseInstant(from) <= parseInstant(to)),
      });
    });
    await fc.assert(
      fc.asyncProperty(queries, async ({ sent, limit, wanted }) => {
        const { append, readAll } = openLog();
        await append({ batch: sent, throttled: [true] });
        const { from, to, attribute, excludedAttribute, ...filters } = wanted;
        const found = await readAll({
          ...filters,
          attributes: attribute && [attribute],
          excludedAttributes: excludedAttribute && [excludedAttribute],
          limit,
          from: from && parseInstant(from),
          below: to && parseInstant(to),
        });
        expectNewest(found, newestFirst(sent, wanted));
      }),
      { numRuns: 40 * RUNS },
    );
  });

  test('of one instant are in the order of the bytes of their ids, highest first, as docs/http.md says', async () => {
    const { append, readAll } = openLog();
    const datetime = new Date(Date.now() - 60_000).toISOString();
    const ordered = ['b', 'ab', 'a\u{1F600}', 'a%', 'a#', 'a b', 'a\n', 'a'];
    await append({ batch: ordered.toSorted().map((id) => entry({ id, datetime })) });
    for (const limit of [1, 3, 10])
      expect((await readAll({ limit })).map(({ id }) => id)).toEqual(
        ordered.toSorted((a, b) => Buffer.compare(keyOf(b), keyOf(a))),
      );
  });

  test('continue below a cursor whose entry has expired and is gone', async () => {
    const { append, read, items } = openLog();
    const sent = Array.from({ length: 6 }, () => entry());
    await append({ batch: sent });
    const { values, below } = await read({ limit: 3 });
    const last = values.at(-1) as LogEntry;
    for (const [key, { pk }] of items) if (pk?.S === `e#${last.id}`) items.delete(key);
    const rest = await read({ limit: 3, below });
    expectNewest([...values, ...rest.values], newestFirst(sent));
  });

  test('are not those that have expired, which DynamoDB deletes days later', async () => {
    const { append, read, items } = openLog();
    const [expired, kept] = [entry({ severity: 'error' }), entry({ severity: 'error' })];
    await append({ batch: [kept] });
    const row = toLogEntryRow(checked(expired), Math.floor(Date.now() / 1000) - 1);
    items.set('expired', logEntryItem(placeLogEntryRow(row, 1)));
    expect((await read({ limit: 10 })).values).toEqual([kept]);
    expect((await read({ limit: 10, severities: ['error'] })).values).toEqual([kept]);
  });

  test('include entries dated up to a day ahead, and the first and last instant of a day', async () => {
    const { append, readAll } = openLog();
    const tomorrow = new Date(Date.now() + 86_000_000).toISOString();
    const sent = [
      entry({ datetime: tomorrow }),
      entry(),
      entry({ datetime: '2023-11-15T00:00:00Z' }),
      entry({ datetime: '2023-11-14T23:59:59.999999999Z' }),
      entry({ datetime: '2023-11-14T00:00:00Z' }),
      entry({ datetime: '0000-01-01T00:00:00Z' }),
    ];
    await append({ batch: sent.toReversed() });
    for (const limit of [1, 2, 10]) expect(await readAll({ limit })).toEqual(sent);
    const wholeDay = {
      from: parseInstant('2023-11-14T00:00:00Z'),
      below: parseInstant('2023-11-15T00:00:00Z'),
    };
    expect(await readAll({ limit: 1, ...wholeDay })).toEqual(sent.slice(3, 5));
    expect(await readAll({ limit: 1, from: parseInstant(tomorrow) })).toEqual(sent.slice(0, 1));
  });

  test('end at a bound of the caller, which does not apply to the first entry', async () => {
    const { append, read } = openLog();
    const sent = Array.from({ length: 5 }, () => entry());
    await append({ batch: sent });
    const newest = newestFirst(sent);
    const taken: string[] = [];
    const page = await read({ limit: 5 }, ({ id }) => taken.push(id) <= 2);
    expect(page.values).toEqual(newest.slice(0, 2));
    const rest = await read({ limit: 5, below: page.below }, () => false);
    expect(rest.values).toEqual(newest.slice(2, 3));
  });
});

/** What docs/http.md says that entries of one instant are sorted by. */
function keyOf(id: string): Buffer {
  const encoded = Array.from(id, (one) =>
    one <= '#' || one === '%' ? `%${Buffer.from(one).toString('hex')}` : one,
  );
  return Buffer.from(`${encoded.join('')}#`);
}

/** A log of its own, with an engine that throttles where a request says so. */
function openLog() {
  const table = createModelTable();
  const { client, items } = table;
  const openWriter = (shards: number) =>
    createLogWriter({ client, table: TABLE, shards, retentionDays: RETENTION_DAYS });
  const writers = CEILINGS.map(openWriter);
  const reader = createLogReader({ client, table: TABLE });

  async function read(query: EntryQuery, collect: (entry: LogEntry) => boolean = () => true) {
    const values: LogEntry[] = [];
    const page = await reader.newest(query, (stored) => {
      const entry = asSent(stored);
      const isTaken = collect(entry) || values.length === 0;
      if (isTaken) values.push(entry);
      return isTaken;
    });
    expect(page.count).toBe(values.length);
    return { values, below: page.below };
  }
  return {
    items,
    read,
    append: async ({ batch, writer = 0, ...request }: Partial<Request> & Pick<Request, 'batch'>) => {
      const throttled = [...(request.throttled ?? [])];
      table.isThrottled = () => throttled.shift() ?? false;
      const { unstored, cause } = await (writers[writer] ?? openWriter(8)).appendEntries(
        batch.map(checked),
        AbortSignal.timeout(10_000),
      );
      if (unstored.length > 0) throw new Error('Entries were not stored', { cause });
    },
    readAll: async (query: EntryQuery) => {
      const found: LogEntry[] = [];
      let { below } = query;
      do {
        const page = await read({ ...query, below });
        found.push(...page.values);
        below = page.below;
      } while (below !== undefined);
      return found;
    },
  };
}
