import { describe, expect, test } from '@jest/globals';
import { readBound, readMoment } from '../../client/read-moment.ts';

const clock = { now: Date.UTC(2026, 2, 5, 12), local: false };

describe('A pasted moment', () => {
  test.each([
    ['2026-03-01T02:50:00Z', '2026-03-01T02:50:00Z'],
    ['2026-03-01T02:50:00.123456789+01:00', '2026-03-01T02:50:00.123456789+01:00'],
    [' 2026-03-01 02:50 ', '2026-03-01T02:50:00Z'],
    ['2026-03-01 02:50:00.000Z', '2026-03-01T02:50:00.000Z'],
    ['2026-03-01 08:20:00.000+05:30', '2026-03-01T08:20:00.000+05:30'],
    ['2026-03-01 02:50:00,123', '2026-03-01T02:50:00.123Z'],
    ['2026-03-01T02:50:00+0100', '2026-03-01T02:50:00+01:00'],
    ['20260301T025000Z', '2026-03-01T02:50:00Z'],
    ['2026/03/01 02:50:00', '2026-03-01T02:50:00Z'],
    ['01/Mar/2026:02:50:00 +0000', '2026-03-01T02:50:00+00:00'],
    ['[01/Mar/2026:02:50:00 +0000]', '2026-03-01T02:50:00+00:00'],
    ['[Sun Mar 01 02:50:00.123456 2026]', '2026-03-01T02:50:00.123456Z'],
    ['Sun, 01 Mar 2026 02:50:00 GMT', '2026-03-01T02:50:00Z'],
    ['Sun Mar  1 02:50:00 UTC 2026', '2026-03-01T02:50:00Z'],
    ['Mar  1 02:50:00', '2026-03-01T02:50:00Z'],
    ['Dec 24 18:00:00', '2025-12-24T18:00:00Z'],
    ['Feb 29 00:00', '2024-02-29T00:00:00Z'],
    ['1772333400', '2026-03-01T02:50:00Z'],
    ['1772333400.25', undefined],
    ['1772333400.250', '2026-03-01T02:50:00.250Z'],
    ['1772333400250', '2026-03-01T02:50:00.250Z'],
    ['1772333400250123456', '2026-03-01T02:50:00.250123456Z'],
    ['1234567890', undefined],
    ['4711000123', undefined],
    ['2026-03-01', undefined],
    ['02:50', undefined],
    ['2026-13-01 02:50', undefined],
    ['2026-03-01 02:50 PST', undefined],
    ['03/01/2026 02:50', undefined],
    ['2026-03-01 02:50 failed', undefined],
    ['', undefined],
    ['1'.repeat(1_000), undefined],
  ])('%s names %s', (text, moment) => {
    expect(readMoment(text, clock)).toBe(moment);
  });

  test('is in the zone of this machine where it says none, and that is asked for', () => {
    const local = { ...clock, local: true };
    const wallClock = new Date(2026, 2, 1, 2, 50).getTime();
    expect(Date.parse(readMoment('2026-03-01 02:50', local) ?? '')).toBe(wallClock);
    expect(readMoment('2026-03-01 02:50Z', local)).toBe('2026-03-01T02:50:00Z');
  });

  test.each([
    ['2026-03-01', '2026-03-01T00:00:00Z'],
    ['1 March 2026', '2026-03-01T00:00:00Z'],
    ['02:50', '2026-03-05T02:50:00Z'],
    ['2026-03-01 02:50', '2026-03-01T02:50:00Z'],
    ['March', undefined],
  ])('as an end of a range: %s is %s', (text, moment) => {
    expect(readBound(text, clock)).toBe(moment);
  });
});
