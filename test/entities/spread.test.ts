import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES } from '../../entities/entry.ts';
import { timelinesOf } from '../../entities/timeline.ts';
import { Spread } from '../../entities/write/spread.ts';

const TIMELINES = SEVERITIES.flatMap(timelinesOf);

describe('The spread of a process', () => {
  test('begins with one shard per timeline, and doubles it per throttle up to the ceiling', () => {
    const spread = new Spread(6);
    const seen = [spread.of('info')];
    for (let throttles = 0; throttles < 4; throttles++) {
      spread.widen('info', spread.of('info'));
      seen.push(spread.of('info'));
    }
    expect(seen).toEqual([1, 2, 4, 6, 6]);
    expect(spread.largest).toBe(6);
  });

  test('leaves every other timeline alone', () => {
    const spread = new Spread(6);
    spread.widen('error', 1);
    expect(TIMELINES.map((timeline) => spread.of(timeline))).toEqual(
      TIMELINES.map((timeline) => (timeline === 'error' ? 2 : 1)),
    );
  });

  test('doubles once for throttles of writes that were under way together', () => {
    const spread = new Spread(16);
    const tried = spread.of('info');
    for (let write = 0; write < 5; write++) spread.widen('info', tried);
    expect(spread.of('info')).toBe(2);
  });

  test('stays with a ceiling of one', () => {
    const spread = new Spread(1);
    spread.widen('info', 1);
    expect(spread.largest).toBe(1);
  });

  test('never shrinks, never exceeds the ceiling, and grows until then', () => {
    const throttles = fc.array(fc.tuple(fc.constantFrom(...TIMELINES), fc.boolean()));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), throttles, (ceiling, met) => {
        const spread = new Spread(ceiling);
        for (const [timeline, isLate] of met) {
          const before = spread.of(timeline);
          spread.widen(timeline, isLate ? 1 : before);
          const after = spread.of(timeline);
          expect(after).toBeGreaterThanOrEqual(before);
          expect(after).toBeLessThanOrEqual(ceiling);
          if (!isLate && before < ceiling) expect(after).toBeGreaterThan(before);
        }
      }),
    );
  });
});
