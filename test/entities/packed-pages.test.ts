import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES, type Severity } from '../../entities/entry.ts';
import { instantAt } from '../../entities/instant.ts';
import { type LogBlockRow, unpackLogBlock } from '../../entities/log-block.ts';
import { positionOf, type StoredEntry } from '../../entities/log-entry.ts';
import { blocksOf, type LogFilterRow } from '../../entities/log-filter.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import type { Page, PageQuery } from '../../entities/read/read-page.ts';
import type { Packing } from '../../entities/table.ts';
import { dayOf, positionIn, type Timeline, timelineIn } from '../../entities/timeline.ts';
import { isToken } from '../../entities/token-filter.ts';
import { createLogWriter, type LogWriter } from '../../entities/write/log-writer.ts';
import { RUNS } from '../support/arbitraries.ts';
import { checked, sent } from '../support/entries.ts';
import { createModelTable } from '../support/model-table.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const LONG_AGO = instantAt(0);
const TABLE = 'logs';
/** Enough to see each rule of packing broken. */
const WORLDS = RUNS > 1 ? 150 * RUNS : 60;
const MOST_PAGES = 500;

/** Some are too long to be packed, and of some a few fill a block. */
const MESSAGES = ['alpha', 'beta', 'alphabet', 'long '.repeat(2_800), 'longer '.repeat(2_500)];

interface Request {
  entries: LogEntry[];
  packing: Packing;
  writer: number;
  /** The API key, if there is one. */
  sender?: string;
  throttled: boolean[];
}

interface World {
  /** Written first, and expired since. */
  expired: Request[];
  before: Request[];
  /** One arrives after each page. */
  during: Request[];
}

interface Reading {
  limit: number;
  severities?: Severity[];
  contains?: string;
  /** Whether entries with an attribute are left out. */
  isPlainWanted: boolean;
  /** Whether only entries of one order are wanted. */
  isOrderWanted: boolean;
  word?: string;
  from?: string;
  to?: string;
  /** Milliseconds that pass with each query. A page must stop after 8 seconds. */
  queryTakes: number;
  isNewProcess: boolean;
}

/** Instants of a few seconds around midnight, at the ends of the spans of blocks: so few that many are equal. */
const milliseconds = fc
  .tuple(
    fc.constantFrom(-DAY_MS, -10_000, 0, 0, 0, 0, 10_000, 20_000),
    fc.nat(9),
    fc.constantFrom(0, 0, 80, 81, 500, 625),
  )
  .map(([window, second, part]) => MIDNIGHT - DAY_MS + window + second * 1_000 + part);
const instants = milliseconds.map(instantAt);

/** A token, which is looked for in the filters of blocks. */
const ORDER = 'ORDER-2026-17';

const UUID = '0b6f5a3e-9d0c-4c57-8f4e-1d2c3b4a5968';

/** The forms in which an instant is written, the usual one most often, and an instant just after. */
function datetimesAt(milliseconds: number): string[] {
  const usual = new Date(milliseconds).toISOString();
  const others = [`${usual.slice(0, -1)}+00:00`, `${usual.slice(0, -1)}000Z`, `${usual.slice(0, -1)}999999Z`];
  return [usual, usual, usual, ...others];
}

const logEntries: fc.Arbitrary<LogEntry> = fc
  .record({
    id: fc.constantFrom('a', 'b', UUID, UUID.toUpperCase(), 'a\n#b', '\u{1F600}', '\uFF41'),
    datetime: milliseconds.chain((at) => fc.constantFrom(...datetimesAt(at))),
    severity: fc.constantFrom<Severity>('info', 'info', 'info', 'info', 'info', 'info', 'warning', 'error'),
    message: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('alpha', 'beta', 'alphabet') },
      fc.constantFrom(...MESSAGES),
    ),
    attributes: fc.constantFrom(undefined, undefined, { a: [1] }, { order: ORDER }),
  })
  .map(({ attributes, ...entry }) => (attributes === undefined ? entry : { ...entry, attributes }));

const requests: fc.Arbitrary<Request> = fc.record({
  entries: fc.array(logEntries, { minLength: 5, maxLength: 40 }),
  packing: fc.constantFrom<Packing>('info', 'all', 'all', 'off'),
  writer: fc.nat(1),
  sender: fc.constantFrom(undefined, 'key-1', 'key-2'),
  throttled: fc.array(fc.boolean(), { maxLength: 4 }),
});

const worlds: fc.Arbitrary<World> = fc
  .record({
    expired: fc.array(requests, { maxLength: 1 }),
    before: fc.array(requests, { minLength: 1, maxLength: 6 }),
    during: fc.array(requests, { maxLength: 3 }),
  })
  .chain((world) =>
    // Entries that are sent again, among others.
    fc
      .record({
        entries: fc.shuffledSubarray(world.before.flatMap(({ entries }) => entries)),
        packing: fc.constantFrom<Packing>('info', 'all', 'off'),
        writer: fc.nat(1),
        sender: fc.constantFrom('key-1', 'key-2'),
        throttled: fc.constant<boolean[]>([]),
      })
      .map((again) => ({ ...world, before: [...world.before, again] })),
  );

const readings: fc.Arbitrary<Reading> = fc
  .record({
    limit: fc.constantFrom(1, 3, 6, 12, 60),
    severities: fc.option(fc.subarray([...SEVERITIES], { minLength: 1 }), { nil: undefined }),
    contains: fc.option(fc.constantFrom('alpha', 'long', 'nowhere'), { nil: undefined }),
    isPlainWanted: fc.constantFrom(false, false, true),
    isOrderWanted: fc.constantFrom(false, false, true),
    word: fc.constantFrom(undefined, undefined, ORDER, UUID, 'alpha'),
    from: fc.option(instants, { nil: undefined }),
    to: fc.option(instants, { nil: undefined }),
    queryTakes: fc.constantFrom(0, 0, 1_000, 3_000, 9_000),
    isNewProcess: fc.constantFrom(true, false, false, false),
  })
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to);

let clock = 0;
beforeAll(() => {
  // Writers wait no time before they send again what was throttled.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterAll(() => {
  jest.restoreAllMocks();
});

describe('Pages of a log of which a part is packed', () => {
  test('hold exactly the newest live entries below their cursor, however they were packed, and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, reading) => {
        const { append, live, reader } = await openWorld(world, reading);
        const { limit, from, to, severities, contains, isPlainWanted, isOrderWanted, word } = reading;
        const arriving = [...world.during];
        let below = to;
        for (let pages = 0; ; pages++) {
          expect(pages).toBeLessThan(MOST_PAGES);
          const { found, page } = await readPage(below, reading, (query, collect) =>
            reader.newest(
              {
                ...query,
                severities,
                contains: contains === undefined ? undefined : [contains],
                words: word === undefined ? undefined : [word],
                attributes: isOrderWanted ? [{ name: 'order', text: ORDER }] : undefined,
                excludedAttributes: isPlainWanted ? [{ name: 'a.0', text: '1' }] : undefined,
              },
              collect,
            ),
          );
          const expected = live().filter(
            ({ position, entry }) =>
              (from === undefined || position >= from) &&
              (below === undefined || isBefore(position, below)) &&
              (severities ?? SEVERITIES).includes(entry.severity) &&
              entry.message.includes(contains ?? '') &&
              !(isPlainWanted && entry.attributes?.a) &&
              (!isOrderWanted || entry.attributes?.order === ORDER) &&
              (word === undefined || [entry.id, entry.message, entry.attributes?.order].includes(word)),
          );
          expect(found).toEqual(
            expected
              .slice(0, limit)
              .slice(0, found.length)
              .map(({ entry }) => entry),
          );
          if (page.below === undefined) {
            expect(found).toHaveLength(expected.length);
            return;
          }
          if (below !== undefined) expect(isBefore(page.below, below)).toBe(true);
          if (found.length === limit) expect(page.below).toBe(expected[limit - 1]?.position);
          // A page that stops early leaves nothing out above its end.
          else
            expect(expected.filter(({ position }) => !isBefore(position, page.below ?? ''))).toHaveLength(
              found.length,
            );
          below = page.below;
          const request = arriving.shift();
          if (request) await append(request);
        }
      }),
      { numRuns: WORLDS },
    );
  });

  test('show every entry once while all are sent again, packed or not, over more and more shards', async () => {
    const throttles = fc.array(fc.array(fc.boolean(), { maxLength: 8 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        worlds,
        throttles,
        fc.constantFrom(1, 3, 7, 60),
        async ({ before }, throttles, limit) => {
          const own = createModelTable();
          const settings = { client: own.client, table: TABLE, retentionDays: 30 };
          const patient = new AbortController().signal;
          const packings = new Map(before.map(({ packing }) => [packing, { ...settings, packing }]));
          const writers = new Map(
            [...packings].map(([packing, one]) => [packing, createLogWriter({ ...one, shards: 1 })]),
          );
          const resenders = new Map(
            [...packings].map(([packing, one]) => [packing, createLogWriter({ ...one, shards: 8 })]),
          );
          for (const { entries, packing } of before)
            await writers.get(packing)?.appendEntries(entries.map(checked), patient);

          // Another request arrives with each query, also in the middle of a page.
          const resends = throttles.map((throttled, at) => ({ ...before[at % before.length], throttled }));
          const underWay: Promise<unknown>[] = [];
          own.onQuery = () => {
            const { entries, packing, throttled } = (resends.shift() ?? {}) as Partial<Request>;
            if (!entries || !packing) return;
            const upcoming = [...(throttled ?? [])];
            own.isThrottled = () => upcoming.shift() ?? false;
            const resent = resenders.get(packing)?.appendEntries(entries.map(checked), patient);
            if (resent) underWay.push(resent);
          };
          const reader = createLogReader({ client: own.client, table: TABLE });
          const found: string[] = [];
          let below: string | undefined;
          do {
            const page = await reader.newest(
              { limit, below },
              (one) => found.push(JSON.stringify(sent(one))) > 0,
            );
            below = page.below;
          } while (below !== undefined);
          await Promise.all(underWay);

          const all = new Map(
            before.flatMap(({ entries }) => entries).map((one) => [positionOf(checked(one)), one]),
          );
          const expected = [...all].toSorted(([a], [b]) => (isBefore(a, b) ? 1 : -1));
          expect(found).toEqual(expected.map(([, one]) => JSON.stringify(one)));
        },
      ),
      { numRuns: WORLDS },
    );
  });

  test('of one sender hold what it alone sent and nothing that it never sent, each once', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, reading) => {
        const { live, reader } = await openWorld(world, { ...reading, queryTakes: 0 });
        const found: string[] = [];
        let below: string | undefined;
        do {
          const page = await reader.newest({ limit: reading.limit, below, sender: 'key-1' }, (one) => {
            expect(one.sender).toBe('key-1');
            const { sender, ...entry } = one;
            return found.push(positionOf(checked(sent(entry)))) > 0;
          });
          below = page.below;
        } while (below !== undefined);

        const sendersOf = (position: string) =>
          world.before
            .filter(({ entries }) => entries.some((one) => positionOf(checked(one)) === position))
            .map(({ sender }) => sender);
        const positions = live().map(({ position }) => position);
        const may = positions.filter((position) => sendersOf(position).includes('key-1'));
        const must = may.filter((position) => sendersOf(position).every((sender) => sender === 'key-1'));
        expect(found).toEqual(may.filter((position) => found.includes(position)));
        expect(found).toEqual(expect.arrayContaining(must));
      }),
      { numRuns: WORLDS / 2 },
    );
  });

  test('of one id and a time span hold all its entries, each once', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, anyReading) => {
        const reading = { ...anyReading, from: anyReading.from ?? LONG_AGO };
        const { live, reader } = await openWorld(world, reading);
        const { from, to } = reading;
        const all: LogEntry[] = [];
        let below = to;
        for (let pages = 0; ; pages++) {
          expect(pages).toBeLessThan(MOST_PAGES);
          const { found, page } = await readPage(below, reading, (query, collect) =>
            reader.withId('a', query, collect),
          );
          all.push(...found);
          if (page.below === undefined) break;
          below = page.below;
        }
        const expected = live().filter(
          ({ position, entry }) =>
            entry.id === 'a' && position >= from && (to === undefined || position < to),
        );
        const texts = (entries: LogEntry[]) => entries.map((entry) => JSON.stringify(entry)).toSorted();
        expect(texts(all)).toEqual(texts(expected.map(({ entry }) => entry)));
      }),
      { numRuns: WORLDS / 2 },
    );
  });
});

test('Pages of a log with damaged blocks and filters hold all that is intact, once, and report what is skipped', async () => {
  // What becomes of the blocks and filters: most are kept.
  const damages = fc.array(fc.constantFrom('cut', 'missing', 'kept', 'kept', 'kept'), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(worlds, readings, damages, async (world, anyReading, damages) => {
      const reading = { ...anyReading, queryTakes: 0, contains: undefined };
      const { live, reader } = await openWorld(world, reading);
      const { limit, from, to, severities, word } = reading;
      const { damaged, listed, searched } = damageTable(damages);
      const found: string[] = [];
      const reported: string[] = [];
      let below = to;
      for (let pages = 0; ; pages++) {
        expect(pages).toBeLessThan(MOST_PAGES);
        const page = await reader.newest(
          {
            limit,
            from,
            below,
            severities,
            words: word === undefined ? undefined : [word],
            onUnreadableBlock: ({ bucket, place }) => reported.push(`${bucket} ${place}`),
          },
          ({ sender, ...one }) => found.push(positionOf(checked(sent(one)))) > 0,
        );
        below = page.below;
        if (below === undefined) break;
      }
      const isReached = word !== undefined && isToken(word) ? searched : listed;
      const expected = live().filter(
        ({ position, entry }) =>
          isReached.has(position) &&
          (from === undefined || position >= from) &&
          (to === undefined || isBefore(position, to)) &&
          (severities ?? SEVERITIES).includes(entry.severity) &&
          (word === undefined || [entry.id, entry.message, entry.attributes?.order].includes(word)),
      );
      expect(found).toEqual(expected.map(({ position }) => position));
      expect(reported.filter((one) => !damaged.has(one))).toEqual([]);
    }),
    { numRuns: WORLDS },
  );
});

test('A page goes on to the day before where it has first met nothing but blocks of newer entries', async () => {
  const noon = Date.parse(`${dayOf(instantAt(MIDNIGHT - DAY_MS))}T12:00:00Z`);
  const together = (second: number) =>
    [0, 1, 2, 3, 4].map((at) => {
      const datetime = new Date(noon + second * 1_000 + at).toISOString();
      return { id: `${second}-${at}`, datetime, severity: 'info' as const, message: 'alpha' };
    });
  const single = {
    ...together(0)[0],
    id: 'day-before',
    datetime: new Date(noon - DAY_MS).toISOString(),
  } as LogEntry;
  const own = createModelTable().client;
  const writer = createLogWriter({
    client: own,
    table: TABLE,
    shards: 1,
    retentionDays: 30,
    packing: 'info',
  });
  for (const entries of [together(9), together(8), together(7), together(6), together(1), [single]])
    await writer.appendEntries(entries.map(checked), AbortSignal.timeout(10_000));
  const reader = createLogReader({ client: own, table: TABLE });
  const found: LogEntry[] = [];
  const query = { limit: 10, below: instantAt(noon + 3_000) };
  await reader.newest(query, (entry) => found.push(sent(entry)) > 0);
  expect(found).toEqual([...together(1).toReversed(), single]);
});

/** All worlds share the table and a reader that remembers what it has read. */
const table = createModelTable();
const { client } = table;
const writers = new Map<string, LogWriter>();
const warmReader = createLogReader({ client, table: TABLE });

function writerFor({ writer, packing }: Request, retentionDays: number): LogWriter {
  const key = `${writer} ${packing} ${retentionDays}`;
  const one =
    writers.get(key) ?? createLogWriter({ client, table: TABLE, shards: 4, retentionDays, packing });
  writers.set(key, one);
  return one;
}

/** The table with nothing but what a world wrote before reading begins, and what of it is live, newest first. */
async function openWorld({ expired, before }: World, { isNewProcess, queryTakes }: Reading) {
  const written = new Map<string, LogEntry>();
  table.items.clear();
  writers.clear();
  table.onQuery = () => {
    clock += queryTakes;
  };

  async function append(request: Request, retentionDays = 30): Promise<void> {
    const throttled = request.writer === 0 ? [] : [...request.throttled];
    table.isThrottled = () => throttled.shift() ?? false;
    const { unstored } = await writerFor(request, retentionDays).appendEntries(
      request.entries.map(checked),
      AbortSignal.timeout(10_000),
      request.sender,
    );
    expect(unstored).toEqual([]);
    if (retentionDays < 0) return;
    for (const entry of request.entries) written.set(positionOf(checked(entry)), entry);
  }
  for (const request of expired) await append(request, -30);
  for (const request of before) await append(request);
  return {
    append,
    reader: isNewProcess ? createLogReader({ client, table: TABLE }) : warmReader,
    live: () =>
      [...written]
        .map(([position, entry]) => ({ position, entry }))
        .toSorted((a, b) => (isBefore(a.position, b.position) ? 1 : -1)),
  };
}

/**
 * Damages or removes some of the blocks and filters in the table. What can still be listed, and what can be found by a
 * token: rows, and entries of blocks that are intact, and that an intact filter names.
 */
function damageTable(damages: string[]) {
  const damaged = new Set<string>();
  const blocks = new Map<string, string[]>();
  const rows: string[] = [];
  const named: string[] = [];
  for (const [index, [key, item]] of [...table.items].entries()) {
    const { pk = '', sk = '', ...fields } = unmarshall(item);
    const [kind, bucket] = [pk.slice(0, 2), pk.slice(2)];
    const damage = damages[index % damages.length];
    if (kind === 'e#') rows.push(positionIn(sk));
    if (kind !== 'b#' && kind !== 'f#') continue;
    if (damage === 'missing') table.items.delete(key);
    else if (damage === 'cut') {
      const cut = Buffer.from('cut off');
      table.items.set(key, { ...item, [kind === 'b#' ? 'packed' : 'filters']: { B: cut } });
      damaged.add(`${bucket} ${sk}`);
    } else if (fields.expiresAt > Date.now() / 1_000) {
      const row = { ...fields, bucket, place: sk };
      if (kind === 'f#') named.push(...blocksOf(row as LogFilterRow).map(nameOf));
      else
        blocks.set(
          nameOf({ timeline: timelineIn(bucket), position: positionIn(sk) }),
          unpackLogBlock(row as LogBlockRow).map(({ position }) => position),
        );
    }
  }
  return {
    damaged,
    listed: new Set([...rows, ...[...blocks.values()].flat()]),
    searched: new Set([...rows, ...named.flatMap((name) => blocks.get(name) ?? [])]),
  };
}

function nameOf({ timeline, position }: { timeline: Timeline; position: string }): string {
  return `${timeline} ${position}`;
}

async function readPage(
  below: string | undefined,
  { limit, from, to }: Reading,
  read: (query: PageQuery, collect: (entry: StoredEntry) => boolean) => Promise<Page>,
) {
  const found: LogEntry[] = [];
  const page = await read({ limit, from, to, below }, ({ sender, ...entry }) => found.push(sent(entry)) > 0);
  expect(page.count).toBe(found.length);
  return { found, page };
}

/** As DynamoDB orders keys. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
