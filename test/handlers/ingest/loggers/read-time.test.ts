import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInstantError, parseInstant } from '../../../../entities/instant.ts';
import { parseExactly } from '../../../../entities/json-text.ts';
import { readTime } from '../../../../handlers/ingest/loggers/read-time.ts';
import { datetimes, RUNS } from '../../../support/arbitraries.ts';

/** The instant in a JSON value, in UTC. */
const instantOf = (json: string) => parseInstant(readTime(parseExactly(json)));

describe('The time in a text', () => {
  test.each([
    // As it is sent, if it is RFC 3339
    ['2026-11-28T10:00:06Z', '2026-11-28T10:00:06Z'],
    ['2026-11-28t11:00:06.50+01:00', '2026-11-28t11:00:06.50+01:00'],
    // Powertools for Python, Python, PostgreSQL, Ruby, Rust's chrono and time, Elixir, SQL Server
    ['2026-11-28 10:00:06,494+0000', '2026-11-28T10:00:06.494+00:00'],
    ['2026-11-28 10:00:06.123456+00:00', '2026-11-28T10:00:06.123456+00:00'],
    ['2026-11-28 10:00:06.123+00', '2026-11-28T10:00:06.123+00:00'],
    ['2026-11-28 10:00:06.123 UTC', '2026-11-28T10:00:06.123Z'],
    ['2026-11-28 11:00:06.123 CET', '2026-11-28T11:00:06.123+01:00'],
    ['2026-11-28 11:00:06 +0100', '2026-11-28T11:00:06+01:00'],
    ['2026-11-28 11:00:06.123456789 +01:00:00', '2026-11-28T11:00:06.123456789+01:00'],
    ['2026-11-28 11:00:06.123+01:00 CET Europe/Berlin', '2026-11-28T11:00:06.123+01:00'],
    ['[2026-11-28 10:00:06 +0000]', '2026-11-28T10:00:06+00:00'],
    // Go
    ['2026-11-28 10:00:06.123 +0000 UTC', '2026-11-28T10:00:06.123+00:00'],
    ['2026-11-28 15:30:06 +0530 IST m=+0.000012', '2026-11-28T15:30:06+05:30'],
    ['2026-11-28 15:45:06 +0545 +0545', '2026-11-28T15:45:06+05:45'],
    ['2026/11/28 10:00:06 UTC', '2026-11-28T10:00:06Z'],
    // Java
    ['2026-11-28T10:00Z[UTC]', '2026-11-28T10:00:00Z'],
    ['2026-11-28T11:00:06+01:00[Europe/Berlin]', '2026-11-28T11:00:06+01:00'],
    ['2026-11-28T10:00:06,123+0000', '2026-11-28T10:00:06.123+00:00'],
    ['Nov 28, 2026, 10:00:06\u202fPM UTC', '2026-11-28T22:00:06Z'],
    ['Nov 8, 2026 12:00:06 AM GMT', '2026-11-08T00:00:06Z'],
    // JavaScript
    ['Sat Nov 28 2026 11:00:06 GMT+0100 (Central European Standard Time)', '2026-11-28T11:00:06+01:00'],
    ['Sat, 28 Nov 2026 10:00:06 GMT', '2026-11-28T10:00:06Z'],
    ['Nov 28, 2026, 5:00:06 AM GMT-5', '2026-11-28T05:00:06-05:00'],
    // RFC 2822, ctime and date
    ['Sat, 28 Nov 2026 10:00:06 +0000', '2026-11-28T10:00:06+00:00'],
    ['28 Nov 2026 05:00 -0500', '2026-11-28T05:00:00-05:00'],
    ['Saturday, 28-Nov-2026 10:00:06 UTC', '2026-11-28T10:00:06Z'],
    ['Sat Nov 28 10:00:06 UTC 2026', '2026-11-28T10:00:06Z'],
    ['Sun Nov  8 10:00:06 2026 UTC', '2026-11-08T10:00:06Z'],
    ['Sat Nov 28 05:00:06 -0500 2026', '2026-11-28T05:00:06-05:00'],
    ['Sat 28 Nov 2026 10:00:06 PM UTC', '2026-11-28T22:00:06Z'],
    // Access logs, and PHP's error log
    ['28/Nov/2026:10:00:06 +0000', '2026-11-28T10:00:06+00:00'],
    ['[28/Nov/2026:10:00:06 -0500]', '2026-11-28T10:00:06-05:00'],
    ['28-Nov-2026 10:00:06 UTC', '2026-11-28T10:00:06Z'],
    // ISO 8601 and LDAP
    ['20261128T100006Z', '2026-11-28T10:00:06Z'],
    ['20261128T100006.123+0100', '2026-11-28T10:00:06.123+01:00'],
    ['20261128100006Z', '2026-11-28T10:00:06Z'],
    ['2026-11-28T10:00:06+01', '2026-11-28T10:00:06+01:00'],
    ['2026-11-28T10:00:06.1234567899Z', '2026-11-28T10:00:06.123456789Z'],
    ['2016-12-31 23:59:60 UTC', '2016-12-31T23:59:60Z'],
    // .NET and PowerShell
    ['/Date(1795860006123)/', '2026-11-28T10:00:06.123Z'],
    ['/Date(1795860006123+0100)/', '2026-11-28T10:00:06.123Z'],
  ])('%s is %s', (text, datetime) => {
    expect(readTime(text)).toBe(datetime);
    expect(parseInstant(readTime(` ${text}\n`))).toBe(parseInstant(datetime));
  });

  test.each([
    ['2026-11-28 10:00:06', 'has no time zone'],
    ['2026-11-28T10:00:06.123', 'has no time zone'],
    ['2026-11-28 10:00:06,123', 'Python'],
    ['2026-11-28 10:00:06,123', 'winston'],
    ['Nov 28, 2026, 10:00:06 AM', 'Java'],
    ['Sat Nov 28 10:00:06 2026', 'has no time zone'],
    ['2026-11-28 10:00:06 CST', 'CST'],
    ['2026-11-28T10:00:06[Europe/Berlin]', 'Europe/Berlin'],
    ['2026-11-28T10:00:06+01:00 UTC', 'two time zones'],
    ['11/28/2026 10:00', 'begin with the year'],
    ['28.11.2026 10:00:06 +01:00', 'begin with the year'],
    ['11/28/26, 10:00 AM UTC', 'begin with the year'],
    ['Sat, 28-Nov-26 10:00:06 GMT', 'no year'],
    ['Nov 28 10:00:06', 'no year'],
    ['2026-11-28', 'no time of day'],
    ['12:00:01', 'no date'],
    ['Fri, 28 Nov 2026 10:00:06 +0000', 'weekday'],
    ['2026-11-28 13:00:06 PM UTC', 'AM or PM'],
    ['2026-02-30 10:00:06 UTC', 'no date of the calendar'],
    ['2026-11-28 24:00:00 UTC', 'out of range'],
    ['2026-11-28T10:00:06Z 2026-11-28T10:00:07Z', 'not a time'],
    ['2026-11-28T10:00:06Z to now', 'not a time'],
    ['12ms', 'not a time'],
    ['', 'not a time'],
  ])('%j is refused: it says "%s"', (text, reason) => {
    expect(() => readTime(text)).toThrow(InvalidInstantError);
    expect(() => readTime(text)).toThrow(reason);
  });

  test('is the same instant in every form and offset', () => {
    fc.assert(
      fc.property(datetimes(), fc.constantFrom(...FORMS), ({ text }, { write, precision }) => {
        const instant = parseInstant(readTime(write(clockOf(text))));
        const wanted = parseInstant(text);
        expect(instant).toBe(wanted.slice(0, precision) + '0000-00-00T00:00:00.000000000Z'.slice(precision));
      }),
      { numRuns: 1000 * RUNS },
    );
  });

  test('is refused in every form that has no zone', () => {
    fc.assert(
      fc.property(datetimes(), fc.constantFrom(...FORMS_WITHOUT_ZONE), ({ text }, write) => {
        expect(() => readTime(write(clockOf(text)))).toThrow(/^has no time zone/);
      }),
      { numRuns: 200 * RUNS },
    );
  });
});

/** What a clock shows. The offset is as in RFC 3339. */
interface Clock {
  year: string;
  month: string;
  day: string;
  time: string;
  fraction: string;
  offset: string;
  name: string;
  weekday: string;
}

function clockOf(text: string): Clock {
  const [, year = '', month = '', day = '', time = '', fraction = '', zone = ''] =
    /^(....)-(..)-(..)T([\d:]+)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00Z`).toUTCString();
  const offset = zone === 'Z' ? '+00:00' : zone;
  return { year, month, day, time, fraction, offset, name: date.slice(8, 11), weekday: date.slice(0, 3) };
}

const compact = (text: string) => text.replaceAll(/[-:](?=\d\d)/g, '');
const withoutColon = (offset: string) => offset.replace(':', '');
const fractionAfter = (separator: string, { fraction }: Clock) => fraction && separator + fraction;
const [MINUTES, SECONDS, NANOSECONDS] = ['2026-11-28T10:00', '2026-11-28T10:00:06', ''.padEnd(29)].map(
  ({ length }) => length,
) as [number, number, number];

const FORMS: { write: (clock: Clock) => string; precision: number }[] = [
  {
    precision: NANOSECONDS,
    write: (clock) =>
      `${clock.year}-${clock.month}-${clock.day} ${clock.time}${fractionAfter(',', clock)}${withoutColon(clock.offset)}`,
  },
  {
    precision: NANOSECONDS,
    write: (clock) =>
      `${clock.year}/${clock.month}/${clock.day} ${clock.time}${fractionAfter('.', clock)} UTC${clock.offset}`,
  },
  {
    precision: NANOSECONDS,
    write: (clock) =>
      `${clock.year}-${clock.month}-${clock.day}T${clock.time}${fractionAfter('.', clock)}${clock.offset}[Europe/Berlin]`,
  },
  {
    precision: NANOSECONDS,
    write: (clock) =>
      `${clock.year}${clock.month}${clock.day}T${compact(clock.time)}${fractionAfter('.', clock)}${withoutColon(clock.offset)}`,
  },
  {
    precision: MINUTES,
    write: (clock) => `${clock.year}-${clock.month}-${clock.day}t${clock.time.slice(0, 5)} ${clock.offset}`,
  },
  {
    precision: SECONDS,
    write: (clock) =>
      `${clock.weekday}, ${clock.day} ${clock.name} ${clock.year} ${clock.time} ${withoutColon(clock.offset)}`,
  },
  {
    precision: SECONDS,
    write: (clock) => `${clock.day}/${clock.name}/${clock.year}:${clock.time} ${withoutColon(clock.offset)}`,
  },
  {
    precision: SECONDS,
    write: (clock) =>
      `${clock.weekday} ${clock.name} ${clock.day} ${clock.year} ${clock.time} GMT${withoutColon(clock.offset)} (Somewhere)`,
  },
  {
    precision: SECONDS,
    write: (clock) =>
      `${clock.weekday} ${clock.name} ${String(Number(clock.day)).padStart(2)} ${clock.time} ${withoutColon(clock.offset)} ${clock.year}`,
  },
  {
    precision: SECONDS,
    write: (clock) =>
      `${clock.name.toUpperCase()} ${Number(clock.day)}, ${clock.year}, ${twelveHours(clock)} GMT${clock.offset}`,
  },
];

const FORMS_WITHOUT_ZONE: ((clock: Clock) => string)[] = [
  (clock) => `${clock.year}-${clock.month}-${clock.day} ${clock.time}${fractionAfter(',', clock)}`,
  (clock) => `${clock.year}-${clock.month}-${clock.day}T${clock.time}${fractionAfter('.', clock)}`,
  (clock) => `${clock.year}-${clock.month}-${clock.day}T${clock.time.slice(0, 5)}`,
  (clock) => `${clock.day}/${clock.name}/${clock.year}:${clock.time}`,
  (clock) => `${clock.weekday} ${clock.name} ${clock.day} ${clock.time} ${clock.year}`,
  (clock) => `${clock.name} ${clock.day}, ${clock.year} ${twelveHours(clock)}`,
  (clock) => `${clock.year}${clock.month}${clock.day}T${compact(clock.time)}`,
];

function twelveHours({ time }: Clock): string {
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.slice(2)} ${hour < 12 ? 'AM' : 'pm'}`;
}

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
