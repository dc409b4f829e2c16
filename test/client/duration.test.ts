import { describe, expect, test } from '@jest/globals';
import { parseDuration, parsePointInTime } from '../../client/duration.ts';

const NOW = Date.parse('2026-03-01T03:00:00Z');

describe('A duration', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1.5d', 129_600_000],
    ['1w', 604_800_000],
    ['0s', 0],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '5', 'h', '-1h', '1 h', '1H', '1h30m', '1y', '.5h', '1e3s'])('%j is no duration', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });
});

describe('A point in time', () => {
  test('is an RFC 3339 datetime, returned unchanged, or a duration before now', () => {
    expect(parsePointInTime('2h', NOW)).toBe('2026-03-01T01:00:00.000Z');
    expect(parsePointInTime('2023-11-15T13:05:00.123456789+01:00', NOW)).toBe(
      '2023-11-15T13:05:00.123456789+01:00',
    );
  });

  test.each(['yesterday', '2023-11-15', '2023-11-15T12:05:00', '2023-02-30T00:00:00Z', '9999999w'])(
    '%j is refused with a RangeError',
    (text) => {
      expect(() => parsePointInTime(text, NOW)).toThrow(RangeError);
    },
  );
});
