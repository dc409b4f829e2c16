import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readableTime } from '../../client/readable-time.ts';
import { InvalidInstantError } from '../../entities/instant.ts';
import { datetimes } from '../support/arbitraries.ts';

describe('A readable time', () => {
  test('in UTC names the same millisecond as the datetime', () => {
    fc.assert(
      fc.property(datetimes(), ({ text, nanoseconds }) => {
        expect(millisecondsOf(readableTime(text, false))).toBe(floorDivide(nanoseconds, 1_000_000n));
      }),
    );
  });

  test('in local time names the same millisecond too', () => {
    // Before the time zones of today, offsets had seconds, for which RFC 3339 has no place.
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
