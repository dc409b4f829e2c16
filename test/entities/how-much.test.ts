import { describe, expect, test } from '@jest/globals';
import {
  costOf,
  daysToOpen,
  itemsToAsk,
  partOf,
  partOfDay,
  partsOf,
  rowsToList,
  rowsWanted,
} from '../../entities/read/how-much.ts';
import { endOfDay, type Timeline } from '../../entities/timeline.ts';

const ALL: Timeline[] = ['info', 'warning', 'error', 'blocks'];

describe('How much to ask for:', () => {
  test.each([
    { collected: 0, lookedAt: 0, found: 0, wanted: 100, because: 'all that is missing' },
    { collected: 40, lookedAt: 60, found: 60, wanted: 60, because: 'no filter skips anything' },
    { collected: 50, lookedAt: 100, found: 50, wanted: 100, because: 'every second row matches' },
    { collected: 0, lookedAt: 100, found: 0, wanted: 100, because: 'a round trip only doubles' },
    { collected: 1, lookedAt: 800, found: 1, wanted: 800, because: 'a round trip only doubles' },
  ])('$wanted rows after $found of $lookedAt matched: $because', ({ wanted, ...progress }) => {
    expect(rowsWanted({ limit: 100, ...progress })).toBe(wanted);
  });

  test.each<{ need: Partial<Parameters<typeof itemsToAsk>[0]>; items: number; because: string }>([
    { need: {}, items: 101, because: 'one more shows whether there are more' },
    { need: { shards: 8 }, items: 24, because: 'the mean and 3.4 standard deviations' },
    { need: { rows: 5_000 }, items: 1_000, because: 'of the most at once' },
    { need: { rows: 1 }, items: 2, because: 'never more than wanted and one' },
    { need: { timeline: 'error', part: 0 }, items: 8, because: 'fewer cost no less' },
    { need: { timeline: 'error', part: 0.05 }, items: 13, because: 'of its part of the page' },
    {
      need: { timeline: 'error', part: 0.05, reads: 1 },
      items: 101,
      because: 'there were more than expected',
    },
    { need: { timeline: 'blocks', part: 0.05 }, items: 6, because: 'of its part, and one' },
    { need: { timeline: 'blocks', part: 0.05, reads: 2 }, items: 24, because: 'each read doubles' },
    { need: { timeline: 'blocks', part: 0.05, reads: 9 }, items: 64, because: 'of the most blocks at once' },
  ])('$items items of a shard: $because', ({ need, items }) => {
    expect(itemsToAsk({ timeline: 'info', rows: 100, part: 1, shards: 1, reads: 0, ...need })).toBe(items);
  });

  test.each<{
    timeline: Timeline;
    of?: Timeline[];
    learnt?: [Timeline, number][];
    ofDay?: Timeline[];
    part: number;
  }>([
    { timeline: 'info', part: 1 },
    { timeline: 'error', part: 0 },
    { timeline: 'blocks', part: 0.05 },
    { timeline: 'info-80', ofDay: ['info-80', 'info-5000', 'info'], part: 0.025 },
    { timeline: 'error', of: ['error', 'error-80', 'error-625'], part: 1 },
    { timeline: 'error', of: ['warning', 'error'], part: 0.5 },
    { timeline: 'error', learnt: [['error', 0.2]], part: 0.2 },
    { timeline: 'blocks', learnt: [['blocks', 0.01]], part: 0.01 },
    { timeline: 'info', learnt: [['info', 0.03]], ofDay: ['info', 'info-2500'], part: 0.03 },
    { timeline: 'info', learnt: [['info', 0.03]], ofDay: ['info', 'error-80'], part: 1 },
  ])('$timeline is $part of a page (of $of, learnt: $learnt, on a day of $ofDay)', (row) => {
    const { timeline, of = ALL, learnt = [], ofDay = of, part } = row;
    expect(partOf(timeline, { timelines: of, learnt: new Map(learnt), ofDay })).toBe(part);
  });

  test('the parts of a page are learnt from a long page without a filter', () => {
    const itemsOf = (timeline: Timeline) => (timeline === 'info' ? 90 : timeline === 'error' ? 10 : 0);
    const page = { collected: 100, lookedAt: 130, found: 130 };
    expect(partsOf(page, ['info', 'warning', 'error'], itemsOf)).toEqual(
      new Map([
        ['info', 0.9],
        ['warning', 0],
        ['error', 0.1],
      ]),
    );
    expect(partsOf({ ...page, found: 129 }, ALL, itemsOf)).toBeUndefined();
    expect(partsOf({ ...page, collected: 49 }, ALL, itemsOf)).toBeUndefined();
  });

  test.each([
    { rows: 100, lookedAt: 0, daysOpened: 1, days: 8, because: 'nothing is known' },
    { rows: 100, lookedAt: 2, daysOpened: 1, days: 32, because: 'too few rows to rely on' },
    { rows: 96, lookedAt: 4, daysOpened: 2, days: 53, because: 'two rows a day, and a tenth' },
    { rows: 10, lookedAt: 1_000, daysOpened: 1, days: 1, because: 'one day has more than enough' },
  ])('$days days for $rows rows after $lookedAt in $daysOpened: $because', ({ days, ...known }) => {
    expect(daysToOpen(known)).toBe(days);
  });

  test.each([
    ['2023-12-31T00:00:00.000000000Z', 1 / 4],
    ['2023-12-31T11:59:59.999999999Z#id#digest', 1 / 2],
    ['2023-12-31T23:00:00.000000000Z', 1],
    [endOfDay('2023-12-31'), 1],
  ])('the part of a day that is below %s is %f, in whole hours and at least a quarter', (position, part) => {
    expect(partOfDay(position)).toBe(part);
  });

  test('a query costs at least ten rows, and listings of the catalogue grow four times', () => {
    expect([0, 10, 500].map(costOf)).toEqual([10, 10, 500]);
    expect([0, 1, 2].map(rowsToList)).toEqual([105, 420, 1_680]);
  });
});
