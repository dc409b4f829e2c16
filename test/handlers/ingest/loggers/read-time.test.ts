import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInstantError, parseInstant } from '../../../../entities/instant.ts';
import { parseExactly } from '../../../../entities/json-text.ts';
import { readTime } from '../../../../handlers/ingest/loggers/read-time.ts';
import { RUNS } from '../../../support/arbitraries.ts';

/** The instant in a JSON value, in UTC. */
const instantOf = (json: string) => parseInstant(readTime(parseExactly(json)));

describe('The time since 1970', () => {
  test.each([
    ['1795860006123', '2026-11-28T10:00:06.123Z'],
    ['"1795860006120"', '2026-11-28T10:00:06.12Z'],
    ['1795860006', '2026-11-28T10:00:06Z'],
    ['1795860006.123', '2026-11-28T10:00:06.123Z'],
    ['1795860006123.5', '2026-11-28T10:00:06.1235Z'],
    ['1795860006123456', '2026-11-28T10:00:06.123456Z'],
    ['1795860006123456789', '2026-11-28T10:00:06.123456789Z'],
    ['1.795860003123e9', '2026-11-28T10:00:03.123Z'],
    ['1.795860006123E+12', '2026-11-28T10:00:06.123Z'],
    ['1.795860006123456789e18', '2026-11-28T10:00:06.123456789Z'],
    ['17958600061234567.89e-7', '2026-11-28T10:00:06.123456789Z'],
    ['5e-7', '1970-01-01T00:00:00.0000005Z'],
    ['0', '1970-01-01T00:00:00Z'],
  ])('%s is %s', (json, datetime) => {
    expect(readTime(parseExactly(json))).toBe(datetime);
  });

  test('is exact in every unit, as a number and as a text, with an exponent and without', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 10n ** 18n, max: 9_223_372_036_854_775_807n }),
        fc.integer({ min: -20, max: 20 }),
        (nanoseconds, exponent) => {
          const wanted = utc(nanoseconds);
          for (const decimals of [0, 3, 6, 9]) {
            const digits = String(nanoseconds);
            const point = digits.length - 9 + decimals;
            const number = `${digits.slice(0, point)}.${digits.slice(point)}0`;
            const shifted = `${movePoint(digits, point - exponent)}e${exponent}`;
            for (const text of [number, shifted]) {
              expect(instantOf(text)).toBe(wanted);
              expect(instantOf(`"${text}"`)).toBe(wanted);
            }
          }
        },
      ),
      { numRuns: 100 * RUNS },
    );
  });

  const NANO = '2026-11-28T10:00:06.000000005Z';
  test.each([
    ['{"epochSecond":1795860006,"nanoOfSecond":5}', NANO],
    ['{"epochSecond":1795860006,"nano":5}', NANO],
    ['{"seconds":"1795860006","nanos":5}', NANO],
    ['{"nanos":5,"seconds":1795860006}', NANO],
    ['{"_seconds":1795860006,"_nanoseconds":5}', NANO],
    ['{"sec":1795860006,"nsec":5}', NANO],
    ['{"sec":1795860006,"nanosec":5}', NANO],
    ['{"secs_since_epoch":1795860006,"nanos_since_epoch":5}', NANO],
    ['{"epochSeconds":1795860006,"nanosecondsOfSecond":5}', NANO],
    ['{"tv_sec":1795860006,"tv_usec":5}', '2026-11-28T10:00:06.000005Z'],
    ['{"seconds":1.795860006e9,"nanos":5e0}', NANO],
    ['{"seconds":1795860006,"nanos":12e3}', '2026-11-28T10:00:06.000012Z'],
    ['{"sec":1795860006.5}', '2026-11-28T10:00:06.5Z'],
    ['{"seconds":1795860006}', '2026-11-28T10:00:06Z'],
    ['{"seconds":1}', '1970-01-01T00:00:01Z'],
    ['{"$date":"2026-11-28T10:00:06.123Z"}', '2026-11-28T10:00:06.123Z'],
    ['{"$date":1795860006123}', '2026-11-28T10:00:06.123Z'],
    ['{"$date":{"$numberLong":"1795860006123"}}', '2026-11-28T10:00:06.123Z'],
    ['{"$date":5}', '1970-01-01T00:00:00.005Z'],
    [
      '{"date":"2026-11-28 10:00:06.123456","timezone_type":3,"timezone":"UTC"}',
      '2026-11-28T10:00:06.123456Z',
    ],
    ['{"date":"2026-11-28 11:00:06.5","timezone_type":1,"timezone":"+01:00"}', '2026-11-28T11:00:06.5+01:00'],
  ])('is in the object %s: %s', (json, datetime) => {
    expect(readTime(parseExactly(json))).toBe(datetime);
  });

  test.each([
    '{}',
    '{"nanos":5}',
    '{"epochSecond":"x"}',
    '{"epochSecond":{"toString":1}}',
    '{"epochSecond":1,"nanoOfSecond":-1}',
    '{"epochSecond":1,"nanoOfSecond":1000000000}',
    '{"epochSecond":1,"nanoOfSecond":null}',
    '{"epochSecond":1.5,"nanoOfSecond":5}',
    '{"epochSecond":1,"nanoOfSecond":1.5}',
    '{"epochSecond":1,"nano":1,"micro":1}',
    '{"seconds":1,"sec":2}',
    '{"seconds":999999999999}',
    '{"minutes":1,"seconds":2}',
    '{"date":"2026-11-28 10:00:06.123456","timezone_type":3,"timezone":"Europe/Berlin"}',
    '{"$date":{"$date":1}}',
    '-5',
    '"+5"',
    '12345678901234567890',
    '1e999',
    '[2026,11,28,10,0,6]',
    'true',
    'null',
  ])('is not in %s', (json) => {
    expect(() => readTime(parseExactly(json))).toThrow(InvalidInstantError);
  });
});

function movePoint(digits: string, point: number): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return `${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}0`;
}

function utc(nanoseconds: bigint): string {
  const second = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}

describe('Any value', () => {
  const PIECES =
    '2026-11-28 2026 11 28 10:00:06 10:00 .123 ,5 + - : / T Z UTC GMT CET [ ] ( ) Nov Sat AM m=+1 +01 +0100 e9 $ {'.split(
      ' ',
    );
  const texts = fc
    .array(fc.oneof(fc.constantFrom(...PIECES, ' '), fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((pieces) => pieces.join(''));
  const names = fc.constantFrom(
    'seconds',
    'nanos',
    'epochSecond',
    '$date',
    '$numberLong',
    'date',
    'timezone',
    'ms',
  );

  test('is an instant or is refused', () => {
    const objects = fc.dictionary(names, fc.oneof(texts, fc.integer(), fc.double(), fc.jsonValue()));
    fc.assert(
      fc.property(fc.oneof(texts, objects, fc.double(), fc.jsonValue()), (value) => {
        try {
          parseInstant(readTime(value));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInstantError);
        }
      }),
      { numRuns: 2000 * RUNS },
    );
  });

  test('is refused without looking at it if it is long', () => {
    for (const piece of [...PIECES, ' ', '1', 'A', 'A/', '+0530 '])
      for (const value of [
        piece.repeat(200_000),
        { $date: piece.repeat(200_000) },
        { seconds: piece.repeat(200_000) },
      ])
        expect(() => readTime(value)).toThrow(InvalidInstantError);
  });
});
