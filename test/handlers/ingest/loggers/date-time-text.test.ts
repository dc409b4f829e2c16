import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInstantError, parseInstant } from '../../../../entities/instant.ts';
import { readTime } from '../../../../handlers/ingest/loggers/read-time.ts';
import { datetimes, RUNS } from '../../../support/arbitraries.ts';

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
    ['2026-11-28T11:00:06:123+0100', '2026-11-28T11:00:06.123+01:00'],
    // JavaScript
    ['Saturday, November 28, 2026 at 10:00:06 AM UTC', '2026-11-28T10:00:06Z'],
    ['Sat Nov 28 2026 11:00:06 GMT+0100 (Central European Standard Time)', '2026-11-28T11:00:06+01:00'],
    ['Sat, 28 Nov 2026 10:00:06 GMT', '2026-11-28T10:00:06Z'],
    ['Nov 28, 2026, 5:00:06 AM GMT-5', '2026-11-28T05:00:06-05:00'],
    ['2026-11-28, 5:00:06 a.m. GMT\u22125', '2026-11-28T05:00:06-05:00'],
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
    ['11/28/2026 10:00', 'which number is the day'],
    ['28.11.2026 10:00:06 +01:00', 'which number is the day'],
    ['11/28/26, 10:00 AM UTC', 'which number is the day'],
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
interface Clock extends Record<'year' | 'day' | 'name' | 'weekday', string> {
  date: string;
  time: string;
  fraction: string;
  offset: string;
}

function clockOf(text: string): Clock {
  const [, date = '', time = '', fraction = '', zone = ''] =
    /^([\d-]+)T([\d:]+)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  const [weekday = '', day = '', name = '', year = ''] = new Date(`${date}T00:00Z`)
    .toUTCString()
    .split(/,? /);
  return { date, time, fraction, offset: zone === 'Z' ? '+00:00' : zone, weekday, day, name, year };
}

const compact = (text: string) => text.replaceAll(/[-:](?=\d\d)/g, '');
const withoutColon = (offset: string) => offset.replace(':', '');
const fractionAfter = (separator: string, { fraction }: Clock) => fraction && separator + fraction;

/** The length of an instant as text at a precision. */
const MINUTES = '2026-11-28T10:00'.length;
const SECONDS = MINUTES + ':06'.length;
const NANOSECONDS = SECONDS + '.123456789'.length;

const FORMS: { precision: number; write: (clock: Clock) => string }[] = [
  {
    precision: NANOSECONDS,
    write: (c) => `${c.date} ${c.time}${fractionAfter(',', c)}${withoutColon(c.offset)}`,
  },
  {
    precision: NANOSECONDS,
    write: (c) => `${c.date.replaceAll('-', '/')} ${c.time}${fractionAfter('.', c)} UTC${c.offset}`,
  },
  {
    precision: NANOSECONDS,
    write: (c) => `${c.date}T${c.time}${fractionAfter('.', c)}${c.offset}[Europe/Berlin]`,
  },
  {
    precision: NANOSECONDS,
    write: (c) => `${compact(`${c.date}T${c.time}`)}${fractionAfter('.', c)}${withoutColon(c.offset)}`,
  },
  { precision: MINUTES, write: (c) => `${c.date}t${c.time.slice(0, 5)} ${c.offset}` },
  {
    precision: SECONDS,
    write: (c) => `${c.weekday}, ${c.day} ${c.name} ${c.year} ${c.time} ${withoutColon(c.offset)}`,
  },
  { precision: SECONDS, write: (c) => `${c.day}/${c.name}/${c.year}:${c.time} ${withoutColon(c.offset)}` },
  {
    precision: SECONDS,
    write: (c) =>
      `${c.weekday} ${c.name} ${c.day} ${c.year} ${c.time} GMT${withoutColon(c.offset)} (Somewhere)`,
  },
  {
    precision: SECONDS,
    write: (c) =>
      `${c.weekday} ${c.name} ${c.day.replace(/^0/, ' ')} ${c.time} ${withoutColon(c.offset)} ${c.year}`,
  },
  {
    precision: SECONDS,
    write: (c) => `${c.name.toUpperCase()} ${Number(c.day)}, ${c.year}, ${twelveHours(c)} GMT${c.offset}`,
  },
];

const FORMS_WITHOUT_ZONE: ((clock: Clock) => string)[] = [
  (c) => `${c.date} ${c.time}${fractionAfter(',', c)}`,
  (c) => `${c.date}T${c.time}${fractionAfter('.', c)}`,
  (c) => `${c.date}T${c.time.slice(0, 5)}`,
  (c) => `${c.day}/${c.name}/${c.year}:${c.time}`,
  (c) => `${c.weekday} ${c.name} ${c.day} ${c.time} ${c.year}`,
  (c) => `${c.name} ${c.day}, ${c.year} ${twelveHours(c)}`,
  (c) => compact(`${c.date}T${c.time}`),
];

function twelveHours({ time }: Clock): string {
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.slice(2)} ${hour < 12 ? 'AM' : 'pm'}`;
}
