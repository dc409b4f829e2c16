import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TIMELINES, type Timeline } from '../../entities/timeline.ts';
import { Spread } from '../../entities/write/spread.ts';

const INFO: Timeline[] = ['all'];
const ERROR: Timeline[] = ['all', 'error'];

describe('The spread of a process', () => {
  test('begins with one shard per timeline, and doubles it per throttle up to the ceiling', () => {
    const spread = new Spread(6);
    const seen = [spread.shards.all];
    for (let throttles = 0; throttles < 4; throttles++) {
      spread.widen([INFO], spread.shards);
      seen.push(spread.shards.all);
    }
    expect(seen).toEqual([1, 2, 4, 6, 6]);
    expect(spread.largest).toBe(6);
    expect(spread.shards).toMatchObject({ warning: 1, error: 1, refused: 1 });
  });

  test('doubles once for throttles of writes that were under way together', () => {
    const spread = new Spread(16);
    const tried = spread.shards;
    for (let write = 0; write < 5; write++) spread.widen([INFO], tried);
    expect(spread.shards.all).toBe(2);
  });

  test('stays with a ceiling of one', () => {
    const spread = new Spread(1);
    spread.widen([INFO], spread.shards);
    expect(spread.largest).toBe(1);
  });

  test('leaves a timeline alone that has few of the throttled items', () => {
    const spread = new Spread(16);
    for (let throttles = 0; throttles < 10; throttles++)
      spread.widen([ERROR, ...Array.from({ length: 24 }, () => INFO)], spread.shards);
    expect(spread.shards).toMatchObject({ all: 16, error: 1 });
  });

  test('widens every timeline that may have been full', () => {
    const spread = new Spread(16);
    spread.widen([ERROR], spread.shards);
    expect(spread.shards).toMatchObject({ all: 2, error: 2, warning: 1 });
  });

  test('never shrinks, never passes the ceiling, and always grows some timeline until then', () => {
    const throttles = fc.array(
      fc.array(fc.constantFrom<Timeline[]>(INFO, ERROR, ['all', 'warning'], ['refused']), { minLength: 1 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), throttles, (ceiling, met) => {
        const spread = new Spread(ceiling);
        for (const throttled of met) {
          const before = spread.shards;
          spread.widen(throttled, before);
          const grown = TIMELINES.filter((timeline) => spread.shards[timeline] > before[timeline]);
          for (const timeline of TIMELINES) {
            expect(spread.shards[timeline]).toBeGreaterThanOrEqual(before[timeline]);
            expect(spread.shards[timeline]).toBeLessThanOrEqual(ceiling);
          }
          const hasRoom = throttled.flat().some((timeline) => before[timeline] < ceiling);
          if (!hasRoom) expect(grown).toEqual([]);
        }
      }),
    );
  });
});
