import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantAt } from '../../entities/instant.ts';
import { DayShards } from '../../entities/read/day-shards.ts';
import type { DaySource } from '../../entities/read/open-shards.ts';
import { ReadEffort } from '../../entities/read/read-page.ts';
import { bucketOf, dayOf, type Timeline } from '../../entities/timeline.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const NOW = Date.now();
const MOST_SHARDS = 4;

interface Row {
  position: string;
  timeline: Timeline;
  /** The shards that show it: two, for the moment in which an index moves it. */
  shards: number[];
  /** Whether the filter lets it pass. */
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
  /** Round trips after which a page must stop, beside those that open it. */
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
        timeline: fc.constantFrom<Timeline>('all', 'warning', 'error'),
        shards: fc.uniqueArray(fc.nat(MOST_SHARDS - 1), { minLength: 1, maxLength: 2 }),
        isWanted: fc.boolean(),
      }),
      { selector: ({ position }) => position, maxLength: 60 },
    ),
  });
}

const readings: fc.Arbitrary<Reading> = fc
  .record({
    timelines: fc.constantFrom<Timeline[]>(['all'], ['warning'], ['error'], ['warning', 'error']),
    shardsSeen: fc.integer({ min: 1, max: MOST_SHARDS }),
    limit: fc.integer({ min: 1, max: 6 }),
    rowsAtOnce: fc.integer({ min: 1, max: 4 }),
    roundTrips: fc.nat(3),
    from: fc.option(instants, { nil: undefined }),
    to: fc.option(instants, { nil: undefined }),
  })
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to);

describe('The shards of days, read page by page,', () => {
  test('yield every row exactly once, newest first, wherever pages end or reading must stop', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, readings, async (world, reading) => {
        const pages = await readAllPages(world, reading);
        expect(pages.flat()).toEqual(expectedPositions(world, reading));
      }),
      { numRuns: 1_000 },
    );
  });

  test('are read no further than they are drawn', async () => {
    const rows = Array.from({ length: 50 }, (_, at) => instantAt(NOW - at * DAY_MS)).flatMap((instant) =>
      [0, 1].map((shard) => ({
        position: `${instant}#${shard}#0`,
        timeline: 'all' as const,
        shards: [shard],
        isWanted: true,
      })),
    );
    const read: string[] = [];
    const source = sourceOf({ rows, daysListed: 60 }, WHOLE, (bucket) => read.push(bucket));
    const sequence = await DayShards.open(source, {}, new ReadEffort(10));
    await sequence.peek();
    expect(read).toEqual([0, 1].map((shard) => bucketOf('all', dayOf(instantAt(NOW)), shard)));
  });

  test('are asked, the newest day and the catalogue together, for as many shards as were last seen', async () => {
    const [today, yesterday] = [instantAt(NOW), instantAt(NOW - DAY_MS)];
    const world = {
      rows: [today, yesterday].map((instant) => ({
        position: `${instant}#a#0`,
        timeline: 'all' as const,
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
      expect(source.shardsSeen.get('all')).toBe(seenBefore);
      await DayShards.open(source, {}, new ReadEffort(10));
      expect(source.shardsSeen.get('all')).toBe(seenAfter);
    }
  });
});

const WHOLE: Reading = {
  timelines: ['all'],
  shardsSeen: 0,
  limit: 10,
  rowsAtOnce: 10,
  roundTrips: Number.POSITIVE_INFINITY,
};

/** An effort that allows so many round trips, each of so many rows. */
class CountedEffort extends ReadEffort {
  private readonly reading: Reading;
  private roundTrips = 0;

  constructor(reading: Reading) {
    super(reading.limit);
    this.reading = reading;
  }

  override get rowsWanted(): number {
    return this.reading.rowsAtOnce;
  }

  override get isSpent(): boolean {
    return this.roundTrips++ >= this.reading.roundTrips;
  }
}

/** The positions of all pages. It fails when a page leads back to itself. */
async function readAllPages(world: World, reading: Reading): Promise<string[][]> {
  const source = sourceOf(world, reading);
  const pages: string[][] = [];
  let below = reading.to;
  do {
    const sequence = await DayShards.open(source, { below, from: reading.from }, new CountedEffort(reading));
    const page: string[] = [];
    let row = await sequence.peek();
    while (row && page.length < reading.limit) {
      page.push(row.position);
      sequence.take(row);
      row = page.length < reading.limit ? await sequence.peek() : row;
    }
    const isFull = page.length === reading.limit;
    const next: string | undefined =
      isFull && (await sequence.mayHaveMore()) ? page.at(-1) : isFull ? undefined : sequence.below;
    if (next !== undefined && next === below) throw new Error(`The page below ${below} leads back to itself`);
    below = next;
    pages.push(page);
  } while (below !== undefined);
  return pages;
}

/** A store of rows that answers as DynamoDB does: a page that reached its limit has a rest, if an empty one. */
function sourceOf(
  { rows, daysListed }: World,
  { from, timelines, shardsSeen }: Reading,
  onRead: (bucket: string) => void = () => {},
): DaySource<Row> {
  return {
    timelines,
    shardsSeen: new Map(shardsSeen > 0 ? timelines.map((timeline) => [timeline, shardsSeen]) : []),
    readBucket: async (bucket, below, limit) => {
      onRead(bucket);
      if (from !== undefined && below < from) throw new Error('BETWEEN with its bounds exchanged');
      const looked = newestFirst(rows)
        .filter(({ timeline, position, shards }) =>
          shards.some((shard) => bucketOf(timeline, dayOf(position), shard) === bucket),
        )
        .filter(({ position }) => (from === undefined || position >= from) && isBefore(position, below))
        .slice(0, limit);
      return {
        rows: looked.filter(({ isWanted }) => isWanted),
        below: looked.length === limit ? looked.at(-1)?.position : undefined,
        lookedAt: looked.length,
      };
    },
    listDays: async (timeline, { newest, oldest }) => {
      const ofTimeline = newestFirst(rows.filter((row) => row.timeline === timeline));
      const names = [...new Set(ofTimeline.map(({ position }) => dayOf(position)))].filter(
        (day) => day >= oldest && day <= newest,
      );
      const days = names.slice(0, daysListed).map((day) => {
        const ofDay = ofTimeline.filter(({ position }) => dayOf(position) === day);
        return { timeline, day, shards: Math.max(...ofDay.flatMap(({ shards }) => shards)) + 1 };
      });
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
