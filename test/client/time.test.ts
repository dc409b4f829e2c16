import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration, parsePointInTime, readableTime } from '../../client/time.ts';
import { InvalidInstantError } from '../../entities/instant.ts';
import { datetimes } from '../support/arbitraries.ts';

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

describe('A readable time', () => {
  test('in UTC names the same millisecond as the datetime', () => {
    fc.assert(
      fc.property(datetimes(), ({ text, nanoseconds }) => {
        expect(millisecondsOf(readableTime(text, false))).toBe(floorDivide(nanoseconds, 1_000_000n));
      }),
    );
  });

  test('in local time names the same millisecond too', () => {
    // Before the time zones of today, offsets had seconds, which RFC 3339 cannot write.
    const ofOurTime = datetimes({ from: Date.UTC(2000) / 1_000, to: Date.UTC(2030) / 1_000 });
    fc.assert(
      fc.property(ofOurTime, ({ text, nanoseconds }) => {
        expect(millisecondsOf(readableTime(text, true))).toBe(floorDivide(nanoseconds, 1_000_000n));
      }),
    );
  });

  test('shows a leap second as the second after it, and refuses what is no datetime', () => {
    expect(readableTime('2016-12-31T23:59:60.5Z', false)).toBe('2017-01-01 00:00:00.500Z');
    expect(readableTime('2023-11-15t13:05:00+01:00', false)).toBe('2023-11-15 12:05:00.000Z');
    expect(() => readableTime('2023-11-15', false)).toThrow(InvalidInstantError);
  });
});

function millisecondsOf(shown: string): bigint {
  return BigInt(Date.parse(shown.replace(' ', 'T')));
}

/** Toward the past, also before 1970. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
