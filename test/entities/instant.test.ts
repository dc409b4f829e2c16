import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochMillisecondsOf, InvalidInstantError, instantAt, parseInstant } from '../../entities/instant.ts';
import { datetimes } from '../support/arbitraries.ts';

describe('An instant', () => {
  test('sorts as text as it does in time, whatever the offset and the fraction', () => {
    fc.assert(
      fc.property(datetimes(), datetimes(), (a, b) => {
        const [instantOfA, instantOfB] = [parseInstant(a.text), parseInstant(b.text)];
        expect(instantOfA < instantOfB).toBe(a.nanoseconds < b.nanoseconds);
        expect(instantOfA === instantOfB).toBe(a.nanoseconds === b.nanoseconds);
      }),
    );
  });

  test('sorts so within one second too, where only fraction and offset differ', () => {
    const withinOneSecond = datetimes({ from: 1_700_000_000, to: 1_700_000_000 });
    fc.assert(
      fc.property(withinOneSecond, withinOneSecond, (a, b) => {
        expect(parseInstant(a.text) < parseInstant(b.text)).toBe(a.nanoseconds < b.nanoseconds);
      }),
    );
  });

  test.each([
    ['2023-11-15T12:05:00Z', '2023-11-15T12:05:00.000000000Z'],
    ['2023-11-15t12:05:00z', '2023-11-15T12:05:00.000000000Z'],
    ['2023-11-15T12:05:00.5+01:00', '2023-11-15T11:05:00.500000000Z'],
    ['2023-12-31T23:30:00.123456789-00:45', '2024-01-01T00:15:00.123456789Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000000000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000000000Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
  ])('of %s is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000000000Z'],
    ['2017-01-01T00:59:60.25+01:00', '2017-01-01T00:00:00.250000000Z'],
  ])('of the leap second %s is the second after it', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    ['2023-02-29T00:00:00Z', 'no date of the calendar'],
    ['2023-02-30T00:00:00Z', 'no date of the calendar'],
    ['1900-02-29T00:00:00Z', 'no date of the calendar'],
    ['2023-04-31T00:00:00Z', 'no date of the calendar'],
    ['2023-00-01T00:00:00Z', 'no date of the calendar'],
    ['2023-13-01T00:00:00Z', 'no date of the calendar'],
    ['2023-01-00T00:00:00Z', 'no date of the calendar'],
    ['2023-11-15T24:00:00Z', 'out of range'],
    ['2023-11-15T12:60:00Z', 'out of range'],
    ['2023-11-15T12:05:61Z', 'out of range'],
    ['2023-11-15T12:05:00+24:00', 'out of range'],
    ['2023-11-15T12:05:00+01:60', 'out of range'],
    ['2023-11-15T12:05:60Z', 'leap second'],
    ['2016-12-31T23:59:60+01:00', 'leap second'],
    ['0000-01-01T00:00:00+00:01', 'years 0000 to 9999'],
    ['9999-12-31T23:59:59-00:01', 'years 0000 to 9999'],
    ['2023-11-15T12:05:00', 'no time zone'],
    ['2023-11-15T12:05', 'no time zone'],
    ['2023-11-15T12:05:00.0000000001Z', 'at most 9 fraction digits'],
    ['2023-11-15T12:05:00.Z', 'RFC 3339'],
    ['2023-11-15 12:05:00Z', 'RFC 3339: it has a blank'],
    ['2023-11-15T12:05:00,123Z', 'RFC 3339: it has a comma'],
    ['2023-11-15T12:05:00+0100', 'RFC 3339: its offset has no colon'],
    ['2023-11-15T12:05:00.123-0530', 'RFC 3339: its offset has no colon'],
    ['2023-11-15', 'RFC 3339'],
    ['1700049900', 'RFC 3339'],
    ['+002023-11-15T12:05:00Z', 'RFC 3339'],
    ['2023-11-15T12:05:00Z\n', 'RFC 3339'],
    ['', 'RFC 3339'],
  ])('is not named by %j: it says "%s"', (text, reason) => {
    expect(() => parseInstant(text)).toThrow(InvalidInstantError);
    expect(() => parseInstant(text)).toThrow(reason);
  });

  test('of a clock reading leads back to it', () => {
    const milliseconds = Date.UTC(2023, 10, 15, 23, 59, 59, 999);
    expect(instantAt(milliseconds)).toBe('2023-11-15T23:59:59.999000000Z');
    expect(epochMillisecondsOf(instantAt(milliseconds))).toBe(milliseconds);
  });
});
