import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES } from '../../entities/entry.ts';
import { bucketsOf, type Point, raiseTo, stepFor, stepOf } from '../../page/time-buckets.ts';

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

/** What a service counts of these points, in buckets of a step. */
function counted(all: readonly Point[], step: number) {
  const buckets = new Map<number, { info: number; warning: number; error: number }>();
  for (const { time, severity } of all) {
    const start = Math.floor(time / step) * step;
    const bucket = buckets.get(start) ?? { info: 0, warning: 0, error: 0 };
    bucket[severity] += 1;
    buckets.set(start, bucket);
  }
  return { step, buckets, completeFrom: FROM };
}

describe('The bars of a histogram', () => {
  test('begin at multiples of their step, span the stretch, and hold the points in their time', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 200 }), (all, most) => {
        const step = stepOf(stretch, most);
        const buckets = bucketsOf(all, stretch, step);
        const first = buckets[0]?.start ?? Number.NaN;
        expect(buckets.length === 1 || buckets.length <= most).toBe(true);
        expect(buckets.map(({ start }) => start)).toEqual(buckets.map((_, index) => first + index * step));
        expect(first % step === 0 && first <= FROM && FROM < first + step).toBe(true);
        const end = first + buckets.length * step;
        expect(end - step < stretch.to && stretch.to <= end).toBe(true);
        for (const { start, ...counts } of buckets)
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
        const bars = bucketsOf(loaded, stretch, step);
        // The service may have counted in shorter steps, for a chart that was wider.
        raiseTo(bars, step, counted(all, step / finer));
        const ofAll = bucketsOf(all, stretch, step);
        expect(bars).toEqual(
          bucketsOf(loaded, stretch, step).map((bucket, index) => ({
            start: bucket.start,
            ...Object.fromEntries(
              SEVERITIES.map((severity) => [
                severity,
                Math.max(bucket[severity], ofAll[index]?.[severity] ?? 0),
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
