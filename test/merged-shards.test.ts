import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantAt } from '../entities/instant.ts';
import type { LogDay } from '../entities/log-day.ts';
import { MergedShards } from '../entities/merged-shards.ts';
import { bucketOf, firstDayOf, type Timeline } from '../entities/timeline.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const NOW = Date.now();

interface Row {
  position: string;
  timeline: Timeline;
  shard: number;
  /** Whether the filter lets it pass. */
  isWanted: boolean;
}

interface World {
  rows: Row[];
  /** Over how many shards its writers spread each day. */
  spread: number;
}

interface Reading {
  timelines: Timeline[];
  shards: number;
  limit: number;
  rowsAtOnce: number;
  /** Round trips after which a page must stop, beside those that open it. */
  roundTrips: number;
  from?: string;
  to?: string;
}

/** Some seconds of the days around now and of earlier years, so that ends of days and equal instants occur. */
const instants = fc
  .tuple(fc.constantFrom(-800, -400, -3, -2, -1, 0, 1), fc.constantFrom(0, 1, 2, 86_399))
  .map(([day, second]) => instantAt(Math.floor(NOW / DAY_MS + day) * DAY_MS + second * SECOND_MS));

const worlds: fc.Arbitrary<World> = fc.integer({ min: 1, max: 4 }).chain((spread) =>
  fc.record({
    spread: fc.constant(spread),
    rows: fc.uniqueArray(
      fc.record({
        position: fc
          .tuple(instants, fc.constantFrom('a', '\uFF41', '\u{1F600}'), fc.nat(2))
          .map(([instant, id, digest]) => `${instant}#${id}#${digest}`),
        timeline: fc.constantFrom<Timeline>('all', 'warning', 'error'),
        shard: fc.nat(spread - 1),
        isWanted: fc.boolean(),
      }),
      { selector: ({ position }) => position, maxLength: 60 },
    ),
  }),
);

const readings: fc.Arbitrary<Reading> = fc
  .record({
    timelines: fc.constantFrom<Timeline[]>(['all'], ['warning'], ['error'], ['warning', 'error']),
    shards: fc.integer({ min: 1, max: 4 }),
    limit: fc.integer({ min: 1, max: 6 }),
    rowsAtOnce: fc.integer({ min: 1, max: 4 }),
    roundTrips: fc.nat(3),
    from: fc.option(instants, { nil: undefined }),
    to: fc.option(instants, { nil: undefined }),
  })
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to);

describe('Shards merged page by page', () => {
  test('yield every row exactly once, newest first, wherever pages end or reading must stop', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, reading) => {
        const pages = await readAllPages(world, reading);
        expect(pages.flat()).toEqual(expectedPositions(world, reading));
      }),
      { numRuns: 500 },
    );
  });

  test('are read no further than they are drawn', async () => {
    const days = Array.from({ length: 50 }, (_, at) => instantAt(NOW - at * DAY_MS));
    const rows = days.flatMap((instant) =>
      [0, 1].map((shard) => ({
        position: `${instant}#${shard}#0`,
        timeline: 'all' as const,
        shard,
        isWanted: true,
      })),
    );
    const read: string[] = [];
    const merge = await MergedShards.open(
      optionsOf({ rows, spread: 2 }, { ...WHOLE, shards: 2 }, (bucket) => read.push(bucket)),
    );
    await merge.peek();
    expect(read).toEqual([0, 1].map((shard) => bucketOf('all', firstDayOf(days[0] ?? ''), shard)));
  });
});

const WHOLE: Reading = {
  timelines: ['all'],
  shards: 2,
  limit: 10,
  rowsAtOnce: 10,
  roundTrips: Number.POSITIVE_INFINITY,
};

/** The positions of all pages. It gives up when a page leads nowhere. */
async function readAllPages(world: World, reading: Reading): Promise<string[][]> {
  const pages: string[][] = [];
  let below = reading.to;
  do {
    const merge = await MergedShards.open({ ...optionsOf(world, reading), below });
    const page: string[] = [];
    let row = await merge.peek();
    while (row && page.length < reading.limit) {
      page.push(row.position);
      merge.take();
      row = page.length < reading.limit ? await merge.peek() : row;
    }
    const isFull = page.length === reading.limit;
    const next: string | undefined = isFull && (await merge.mayHaveMore()) ? page.at(-1) : merge.pausedBelow;
    if (next !== undefined && next === below) throw new Error(`The page below ${below} leads back to itself`);
    below = next;
    pages.push(page);
  } while (below !== undefined);
  return pages;
}

/** A store of rows that answers as DynamoDB does: a page that reached its limit has a rest, if an empty one. */
function optionsOf({ rows, spread }: World, reading: Reading, onRead: (bucket: string) => void = () => {}) {
  const { from, timelines, shards, rowsAtOnce } = reading;
  let roundTrips = 0;
  return {
    timelines,
    shards,
    from,
    rowsToAsk: () => rowsAtOnce,
    isSpent: () => roundTrips++ >= reading.roundTrips,
    readBucket: async (bucket: string, below: string, limit: number) => {
      onRead(bucket);
      if (from !== undefined && below < from) throw new Error('BETWEEN with its bounds exchanged');
      const looked = newestFirst(rows)
        .filter((row) => bucketOf(row.timeline, firstDayOf(row.position), row.shard) === bucket)
        .filter(({ position }) => (from === undefined || position >= from) && isBefore(position, below))
        .slice(0, limit);
      return {
        rows: looked.filter(({ isWanted }) => isWanted),
        resumeBelow: looked.length === limit ? looked.at(-1)?.position : undefined,
        lookedAt: looked.length,
      };
    },
    listDays: async function* (
      timeline: Timeline,
      range: { newest: string; oldest: string },
    ): AsyncGenerator<LogDay> {
      const days = new Set(
        rows.filter((row) => row.timeline === timeline).map(({ position }) => firstDayOf(position)),
      );
      for (const day of [...days].toSorted().toReversed())
        if (day >= range.oldest && day <= range.newest) yield { timeline, day, shards: spread };
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
