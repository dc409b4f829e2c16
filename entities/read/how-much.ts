/**
 * How much reading asks for at once. Everything here is a function of numbers: too little costs another round trip,
 * too much costs read units.
 */
import { isBlockTimeline, severityOf, type Timeline } from '../timeline.ts';

/** What one page may take. A page that finds nothing within it ends, and the next page continues. */
export interface PageBudget {
  /** Rows that are looked at. */
  rows: number;
  milliseconds: number;
}

/** The milliseconds are a third of the 29 seconds that API Gateway waits. */
export const PAGE_BUDGET: PageBudget = { rows: 100_000, milliseconds: 8_000 };

/** A query costs half a read unit, 4 KB of rows, however little it finds. */
const LEAST_ROWS_OF_QUERY = 10;

/** What a query takes of the rows of a budget. */
export function costOf(lookedAt: number): number {
  return Math.max(lookedAt, LEAST_ROWS_OF_QUERY);
}

/**
 * How many rows the next round trip should look at to find those that are missing. It follows from the part that
 * matched so far, but a round trip never more than doubles what was looked at.
 */
export function rowsWanted({
  limit,
  collected,
  lookedAt,
  found,
}: Record<'limit' | 'collected' | 'lookedAt' | 'found', number>): number {
  const missing = limit - collected;
  if (found === lookedAt) return missing;
  const expected = Math.ceil((missing * lookedAt) / Math.max(found, 1));
  return Math.min(expected, Math.max(limit, lookedAt));
}

/** Rows that are asked of one shard at once, at most: about half of the 1 MB that a query may read. */
export const MOST_ROWS_AT_ONCE = 1_000;

/** Rows of the usual size in 4 KB, half a read unit. Fewer cost no less. */
const ROWS_OF_LEAST_READ = 8;

/** Of a binomial spread, no shard has more than its mean and 3.4 standard deviations on 99 of 100 pages. */
const STANDARD_DEVIATIONS = 3.4;

/** Blocks that are asked of one shard at once, at most. Unpacked they take 4 MB. */
const MOST_BLOCKS_AT_ONCE = 64;

/** Filters that are asked of one shard at first. They are read twice as fast each time. */
const FIRST_FILTERS = 32;

/** What is known when a shard is asked. */
interface Need {
  timeline: Timeline;
  /** The rows that are wanted of the whole page. */
  rows: number;
  /** How many items of the timeline there are for each row of a page (see partOf). */
  part: number;
  /** Over how many open shards the timeline is spread. */
  shards: number;
  /** How often the shard has been asked before. */
  reads: number;
}

/** How many items to ask of a shard, so that one round trip is nearly always enough. */
export function itemsToAsk({ timeline, rows, part, shards, reads }: Need): number {
  // Where blocks overlap more than was expected, each round trip reads twice as many as the one before.
  if (isBlockTimeline(timeline))
    return Math.min((Math.ceil((rows * part) / shards) + 1) * 2 ** reads, MOST_BLOCKS_AT_ONCE);
  // Each may have what is wanted, or thousands may not.
  if (timeline === 'filters') return Math.min(FIRST_FILTERS * 2 ** reads, MOST_ROWS_AT_ONCE);
  // If there were more than expected, all that is missing may be in this timeline.
  const ofTimeline = reads === 0 ? rows * part : rows;
  const likelihood = ofTimeline / shards / rows;
  const deviation = Math.sqrt(rows * likelihood * (1 - likelihood));
  const share = Math.max(
    Math.floor(rows * likelihood + STANDARD_DEVIATIONS * deviation) + 1,
    ROWS_OF_LEAST_READ,
  );
  // One row more than is wanted shows whether there are more.
  return Math.min(share, rows + 1, MOST_ROWS_AT_ONCE);
}

/** For each timeline, how many of its items a page needed for each of its rows. */
export type Parts = Map<Timeline, number>;

/** Blocks for each row of a page, before a page was read. */
const BLOCKS_PER_ROW_AT_FIRST = 0.05;

/**
 * How many items of a timeline there are likely to be for each row of a page. Nearly all entries are info, as long as
 * no page has shown something else.
 * @param timelines that are read
 * @param ofDay those that have something on the day
 */
export function partOf(
  timeline: Timeline,
  { timelines, learnt, ofDay }: { timelines: readonly Timeline[]; learnt: Parts; ofDay: readonly Timeline[] },
): number {
  const blocks = ofDay.filter(isBlockTimeline);
  if (isBlockTimeline(timeline)) return learnt.get(timeline) ?? BLOCKS_PER_ROW_AT_FIRST / blocks.length;
  if (timeline === 'filters') return 0;
  const isPacked = blocks.some((one) => severityOf(one) === timeline);
  if (timeline === 'info') return (isPacked ? learnt.get(timeline) : undefined) ?? 1;
  const severities = timelines.filter((one) => !isBlockTimeline(one) && one !== 'filters');
  return learnt.get(timeline) ?? (timelines.includes('info') ? 0 : 1 / severities.length);
}

/** A shorter page says too little about the parts of other pages. */
const LEAST_ROWS_TO_LEARN = 50;

/**
 * The parts that a page has shown. Absent, it has shown none.
 * @param itemsOf how many items of a timeline the page needed
 */
export function partsOf(
  { collected, lookedAt, found }: Record<'collected' | 'lookedAt' | 'found', number>,
  timelines: readonly Timeline[],
  itemsOf: (timeline: Timeline) => number,
): Parts | undefined {
  if (collected < LEAST_ROWS_TO_LEARN || found < lookedAt) return undefined;
  return new Map(timelines.map((timeline) => [timeline, itemsOf(timeline) / collected]));
}

/** Days that are opened together while nothing is known of how many rows a day has. */
const DAYS_AT_FIRST = 8;
/** Rows that must have been seen before their mean per day is relied on, and the most days opened until then. */
const TELLING_ROWS = 4;
const MOST_DAYS_UNTIL_THEN = 32;
/** Days are opened with a margin of a tenth, because some have fewer rows than their mean. */
const MARGIN = 1.1;

/** How many days have the rows that are wanted, if they have as many as the days that were opened. */
export function daysToOpen({
  rows,
  lookedAt,
  daysOpened,
}: Record<'rows' | 'lookedAt' | 'daysOpened', number>): number {
  // The first round trip may have met nothing but blocks of newer entries.
  if (lookedAt === 0 || daysOpened === 0) return DAYS_AT_FIRST;
  const expected = Math.ceil((MARGIN * rows * daysOpened) / lookedAt);
  return lookedAt < TELLING_ROWS ? Math.min(expected, MOST_DAYS_UNTIL_THEN) : expected;
}

/** Shards that are opened together. A single day may have more. */
export const MOST_SHARDS_AT_ONCE = 128;

/** A smaller part of a day says too little about the whole of it. */
const LEAST_PART_OF_DAY = 0.25;

/** The part of its day that is below a position, rounded up to whole hours: 0.25 to 1. */
export function partOfDay(position: string): number {
  const hour = position.slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH'.length);
  return hour === '' ? 1 : Math.max((Number(hour) + 1) / 24, LEAST_PART_OF_DAY);
}

/** Rows of the catalogue in the first listing: 105 stay below 8 KB, one read unit. */
const FIRST_LISTING = 105;
/** Each further listing reads this many times as many rows. */
const GROWTH_OF_LISTING = 4;

/** How many rows of the catalogue to list next. */
export function rowsToList(listings: number): number {
  return FIRST_LISTING * GROWTH_OF_LISTING ** listings;
}
