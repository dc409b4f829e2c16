import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES } from '../../entities/entry.ts';
import { instantAt } from '../../entities/instant.ts';
import { type DaySource, readDays } from '../../entities/read/day-shards.ts';
import { bucketOf, dayOf, type Timeline } from '../../entities/timeline.ts';
import { RUNS } from '../support/arbitraries.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const NOW = Date.now();
const MOST_SHARDS = 4;

interface Row {
  position: string;
  timeline: Timeline;
  /** The shards that show it: two, for the moment in which an index moves it. */
  shards: number[];
  /** Whether it matches the filter. */
  isWanted: boolean;
}

interface World {
  rows: Row[];
  /** Days that one catalogue query lists. */
  daysListed: number;
}

interface Reading {
  timelines: Timeline[];
  shardsSeen: number;
  limit: number;
  rowsAtOnce: number;
  /** Reads of buckets after which a page must stop, beside those that open it. */
  roundTrips: number;
  from?: string;
  to?: string;
}

/** Seconds at the ends of some days, so that midnight and equal instants occur. */
function instantsOf(...days: number[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...days), fc.constantFrom(0, 1, 2, 3, 4, 86_398, 86_399))
    .map(([day, second]) => instantAt(Math.floor(NOW / DAY_MS + day) * DAY_MS + second * SECOND_MS));
}

const instants = instantsOf(-800, -400, -40, -3, -2, -1, 0, 1);

const worlds: fc.Arbitrary<World> = fc.oneof(worldsOf(instants), worldsOf(instantsOf(-1, 0)));

function worldsOf(instants: fc.Arbitrary<string>): fc.Arbitrary<World> {
  return fc.record({
    daysListed: fc.integer({ min: 1, max: 4 }),
    rows: fc.uniqueArray(
      fc.record({
        position: fc
          .tuple(instants, fc.constantFrom('a', '\uFF41', '\u{1F600}'), fc.nat(2))
          .map(([instant, id, digest]) => `${instant}#${id}#${digest}`),
        timeline: fc.constantFrom<Timeline>('info', 'warning', 'error'),
        shards: fc.uniqueArray(fc.nat(MOST_SHARDS - 1), { minLength: 1, maxLength: 2 }),
        isWanted: fc.boolean(),
      }),
      { selector: ({ position }) => position, maxLength: 60 },
    ),
  });
}

const readings: fc.Arbitrary<Reading> = fc
  .record({
    timelines: fc.constantFrom<Timeline[]>(
      ['info'],
      ['error'],
      ['warning', 'error'],
      ['info', 'warning', 'error'],
    ),
    shardsSeen: fc.integer({ min: 1, max: MOST_SHARDS }),
    limit: fc.integer({ min: 1, max: 6 }),
    rowsAtOnce: fc.integer({ min: 1, max: 4 }),
    roundTrips: fc.nat(3),
    from: fc.option(instants, { nil: undefined }),
    to: fc.option(instants, { nil: undefined }),
  })
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to);

let clock = 0;
beforeAll(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterAll(() => {
  jest.restoreAllMocks();
});

describe('The shards of days, read page by page,', () => {
  test('yield every row exactly once, newest first, wherever pages end or reading must stop', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, reading) => {
        const pages = await readAllPages(world, reading);
        expect(pages.flat()).toEqual(expectedPositions(world, reading));
      }),
      { numRuns: 1_000 * RUNS },
    );
  });

  test('are read no further than needed', async () => {
    const rows = Array.from({ length: 50 }, (_, at) => instantAt(NOW - at * DAY_MS)).flatMap((instant) =>
      [0, 1].map((shard) => ({
        position: `${instant}#${shard}#0`,
        timeline: 'info' as const,
        shards: [shard],
        isWanted: true,
      })),
    );
    const read: string[] = [];
    const source = sourceOf({ rows, daysListed: 60 }, WHOLE, (bucket) => read.push(bucket));
    await readDays(source, { limit: 1 }, () => true);
    expect(read).toEqual([0, 1].map((shard) => bucketOf('info', dayOf(instantAt(NOW)), shard)));
  });

  test('are asked, the newest day and the catalogue together, for as many shards as were last seen', async () => {
    const [today, yesterday] = [instantAt(NOW), instantAt(NOW - DAY_MS)];
    const world = {
      rows: [today, yesterday].map((instant) => ({
        position: `${instant}#a#0`,
        timeline: 'info' as const,
        shards: [3],
        isWanted: true,
      })),
      daysListed: 60,
    };
    const source = sourceOf(world, WHOLE);
    for (const [seenBefore, seenAfter] of [
      [undefined, 4],
      [4, 4],
    ]) {
      expect(source.memory.shards.get('info')).toBe(seenBefore);
      await readDays(source, { limit: 1 }, () => true);
      expect(source.memory.shards.get('info')).toBe(seenAfter);
    }
  });

  test('are asked for their parts of a page, once a page has shown them', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      position: `${instantAt(NOW - at)}#a#0`,
      timeline: at % 2 === 0 ? ('info' as const) : ('error' as const),
      shards: [0],
      isWanted: true,
    }));
    const source = sourceOf({ rows, daysListed: 60 }, { ...WHOLE, timelines: ['info', 'error'] });
    const first = await readDays(source, { limit: 100 }, () => true);
    const second = await readDays(source, { limit: 100 }, () => true);
    expect([first.count, second.count]).toEqual([100, 100]);
    expect(first.queries).toBeGreaterThan(2);
    expect(second.queries).toBe(2);
  });
});

const WHOLE: Reading = {
  timelines: ['info'],
  shardsSeen: 0,
  limit: 10,
  rowsAtOnce: 1_000,
  roundTrips: Number.POSITIVE_INFINITY,
};

/** The positions of all pages. It fails when a page leads back to itself. */
async function readAllPages(world: World, reading: Reading): Promise<string[][]> {
  const source = sourceOf(world, reading);
  const pages: string[][] = [];
  let below = reading.to;
  do {
    const found: string[] = [];
    const query = { limit: reading.limit, from: reading.from, below };
    const page = await readDays(source, query, (position) => found.push(position) > 0);
    if (page.below !== undefined && page.below === below)
      throw new Error(`The page below ${below} leads back to itself`);
    below = page.below;
    pages.push(found);
  } while (below !== undefined);
  return pages;
}

/**
 * A store of rows that answers as DynamoDB does: a page that reached its limit may have another one, if an empty one.
 * Each read of a bucket takes a millisecond.
 */
function sourceOf(
  { rows, daysListed }: World,
  { from, timelines, shardsSeen, rowsAtOnce, roundTrips }: Reading,
  onRead: (bucket: string) => void = () => {},
): DaySource<string> {
  return {
    timelines,
    budget: { rows: Number.POSITIVE_INFINITY, milliseconds: roundTrips },
    memory: {
      shards: new Map(shardsSeen > 0 ? timelines.map((timeline) => [timeline, shardsSeen]) : []),
      parts: new Map(),
    },
    readBucket:
      (timeline) =>
      async (bucket, { below, limit: wanted }) => {
        clock++;
        onRead(bucket);
        if (from !== undefined && below < from) throw new Error('BETWEEN with its bounds exchanged');
        const limit = Math.min(wanted, rowsAtOnce);
        const looked = newestFirst(rows)
          .filter(
            (row) =>
              row.timeline === timeline &&
              row.shards.some((shard) => bucketOf(timeline, dayOf(row.position), shard) === bucket),
          )
          .filter(({ position }) => (from === undefined || position >= from) && isBefore(position, below))
          .slice(0, limit);
        return {
          rows: looked
            .filter(({ isWanted }) => isWanted)
            .map(({ position }) => ({ position, value: position })),
          items: looked.map(({ position }) => position),
          below: looked.length === limit ? looked.at(-1)?.position : undefined,
          lookedAt: looked.length,
        };
      },
    listDays: async (catalogue, { newest, oldest }) => {
      const listed = newestFirst(
        rows.filter(({ timeline }) => timeline === catalogue || catalogue === 'entries'),
      );
      const names = [...new Set(listed.map(({ position }) => dayOf(position)))].filter(
        (day) => day >= oldest && day <= newest,
      );
      const days = names.slice(0, daysListed).flatMap((day) =>
        SEVERITIES.flatMap((timeline) => {
          const ofDay = listed.filter((row) => dayOf(row.position) === day && row.timeline === timeline);
          const shards = Math.max(...ofDay.flatMap((row) => row.shards)) + 1;
          return ofDay.length === 0 ? [] : [{ timeline, day, shards }];
        }),
      );
      return { days, unlisted: names[daysListed] };
    },
  };
}

function expectedPositions({ rows }: World, { timelines, from, to }: Reading): string[] {
  return newestFirst(rows)
    .filter(({ isWanted, timeline }) => isWanted && timelines.includes(timeline))
    .filter(({ position }) => (from === undefined || position >= from) && (to === undefined || position < to))
    .map(({ position }) => position);
}

function newestFirst(rows: Row[]): Row[] {
  return rows.toSorted((a, b) => (isBefore(a.position, b.position) ? 1 : -1));
}

/** As DynamoDB orders keys. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
