import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES } from '../../entities/entry.ts';
import { barsOf, type Point, raiseTo, stepFor, stepOf } from '../../page/time-bars.ts';

const FROM = Date.UTC(2026, 0, 1) + 1_234;
const SPAN = 100_000;

const points = fc.array(
  fc.record({
    time: fc.integer({ min: FROM - 20_000, max: FROM + SPAN + 20_000 }),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  { maxLength: 50 },
);
const stretch = { from: FROM, to: FROM + SPAN };

/** What a service counts of these points, in bars of a step. */
function counted(all: readonly Point[], step: number) {
  const bars = new Map<number, { info: number; warning: number; error: number }>();
  for (const { time, severity } of all) {
    const start = Math.floor(time / step) * step;
    const bar = bars.get(start) ?? { info: 0, warning: 0, error: 0 };
    bar[severity] += 1;
    bars.set(start, bar);
  }
  return { step, buckets: bars, completeFrom: FROM, complete: [] };
}

describe('The bars of a histogram', () => {
  test('begin at multiples of their step, span the stretch, and hold the points in their time', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 200 }), (all, most) => {
        const step = stepOf(stretch, most);
        const bars = barsOf(all, stretch, step);
        const first = bars[0]?.start ?? Number.NaN;
        expect(bars.length === 1 || bars.length <= most).toBe(true);
        expect(bars.map(({ start }) => start)).toEqual(bars.map((_, index) => first + index * step));
        expect(first % step === 0 && first <= FROM && FROM < first + step).toBe(true);
        const end = first + bars.length * step;
        expect(end - step < stretch.to && stretch.to <= end).toBe(true);
        for (const { start, ...counts } of bars)
          for (const severity of SEVERITIES)
            expect(counts[severity]).toBe(
              all.filter((one) => one.severity === severity && one.time >= start && one.time < start + step)
                .length,
            );
      }),
    );
  });

  test('hold the larger of what is loaded and what is counted, whichever knows more of each severity', () => {
    fc.assert(
      fc.property(points, points, fc.constantFrom(1, 5), (loaded, all, finer) => {
        const step = 5_000;
        const bars = barsOf(loaded, stretch, step);
        // The service may have counted in shorter steps, for a chart that was wider.
        raiseTo(bars, step, counted(all, step / finer));
        const ofAll = barsOf(all, stretch, step);
        expect(bars).toEqual(
          barsOf(loaded, stretch, step).map((bar, index) => ({
            start: bar.start,
            ...Object.fromEntries(
              SEVERITIES.map((severity) => [
                severity,
                Math.max(bar[severity], ofAll[index]?.[severity] ?? 0),
              ]),
            ),
          })),
        );
      }),
    );
  });

  test.each([
    [3_600_000, 60, 60_000],
    [3_600_001, 60, 120_000],
    [5, 100, 1],
    [4_000 * 86_400_000, 10, 2 * 364 * 86_400_000],
  ])('of %d ms in at most %d parts have the round step %d', (span, most, step) => {
    expect(stepFor(span, most)).toBe(step);
  });
});
