/** RFC 3339 section 5.6: full-date "T" full-time, a zone, and here 0 to 9 fraction digits. */
export const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|([+-])(\d\d):(\d\d))$/;
const DATE_TIME_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** ISO 8601 allows some spellings that RFC 3339 does not, and loggers use others. */
const SPELLINGS: [RegExp, string][] = [
  [/^\d{4}-\d\d-\d\d \d\d:/, 'is not RFC 3339: it has a blank between date and time, where T belongs'],
  [
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d,\d/,
    'is not RFC 3339: it has a comma before the fraction, where a full stop belongs',
  ],
  [
    /^\d{4}-\d\d-\d\d[Tt]\d\d:.*[+-]\d{4}$/,
    'is not RFC 3339: its offset has no colon. Write +01:00, not +0100',
  ],
];
const EXAMPLE = 'such as 2023-11-15T12:05:00Z or 2023-11-15T13:05:00.123+01:00';

/** A text that names no instant. Its message says how to correct it. */
export class InvalidInstantError extends Error {
  override readonly name = 'InvalidInstantError';
}

/**
 * The instant that an RFC 3339 date-time names, in UTC at nanosecond precision: `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`.
 * The fixed width makes text order and time order the same.
 * @throws InvalidInstantError when the text is not RFC 3339, has no zone, or names an impossible date
 */
export function parseInstant(text: string): string {
  if (text !== lastParsed.text) lastParsed = { text, instant: parse(text) };
  return lastParsed.instant;
}

/** What reads a record and what checks it ask for the same time, one after the other. */
let lastParsed: { text?: string; instant: string } = { instant: '' };

function parse(text: string): string {
  const match = RFC_3339.exec(text);
  if (!match) throw new InvalidInstantError(reasonFor(text));
  const [, year, month, day, hour, minute, second, fraction = '', zone, sign, zoneHour, zoneMinute] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second) };

  if (!isCalendarDate(date))
    throw new InvalidInstantError(`is no date of the calendar: ${year}-${month}-${day}`);
  if (
    time.hour > 23 ||
    time.minute > 59 ||
    time.second > 60 ||
    Number(zoneHour) > 23 ||
    Number(zoneMinute) > 59
  )
    throw new InvalidInstantError('has an hour, minute, second or offset out of range');

  const nanoseconds = fraction.padEnd(9, '0');
  const isUtc = zone === 'Z' || zone === 'z';
  if (isUtc && time.second < 60) return `${year}-${month}-${day}T${hour}:${minute}:${second}.${nanoseconds}Z`;

  const offsetMinutes = isUtc ? 0 : Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute));
  const utc = new Date(0);
  utc.setUTCFullYear(date.year, date.month - 1, date.day);
  utc.setUTCHours(time.hour, time.minute - offsetMinutes, time.second);
  if (time.second === 60) requireLeapSecond(utc);
  if (utc.getUTCFullYear() < 0 || utc.getUTCFullYear() > 9999)
    throw new InvalidInstantError('lies outside the years 0000 to 9999 in UTC');
  return `${utc.toISOString().slice(0, 19)}.${nanoseconds}Z`;
}

/** The instant of a clock reading. */
export function instantAt(epochMilliseconds: number): string {
  if (epochMilliseconds !== lastReading.epochMilliseconds) {
    const instant = `${new Date(epochMilliseconds).toISOString().slice(0, 23)}000000Z`;
    lastReading = { epochMilliseconds, instant };
  }
  return lastReading.instant;
}

/** Each entry is compared with the clock, and many arrive within a millisecond. */
let lastReading = { epochMilliseconds: Number.NaN, instant: '' };

/**
 * An RFC 3339 date-time.
 * @param seconds whole seconds since 1970
 * @param fraction the digits of the fraction, 0 to 9
 */
export function toDatetime(seconds: number, fraction: string): string {
  if (seconds !== lastSecond.seconds)
    lastSecond = { seconds, text: new Date(seconds * 1000).toISOString().slice(0, 19) };
  return `${lastSecond.text}${fraction && `.${fraction}`}Z`;
}

/** Most entries of a request are of the same few seconds. */
let lastSecond = { seconds: Number.NaN, text: '' };

/** The whole milliseconds of an instant since 1970. */
export function epochMillisecondsOf(instant: string): number {
  return Date.parse(`${instant.slice(0, 23)}Z`);
}

function isCalendarDate({ year, month, day }: { year: number; month: number; day: number }): boolean {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 && isLeapYear ? 29 : DAYS_IN_MONTH[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

/** RFC 3339 section 5.7: second 60 occurs only at the end of a UTC month. It is read as the second after. */
function requireLeapSecond(secondAfter: Date): void {
  if (secondAfter.getUTCDate() !== 1 || secondAfter.getUTCHours() !== 0 || secondAfter.getUTCMinutes() !== 0)
    throw new InvalidInstantError(
      'has second 60, which exists only as a leap second at the end of a UTC month',
    );
}

function reasonFor(text: string): string {
  const fault = SPELLINGS.find(([pattern]) => pattern.test(text));
  if (fault) return `${fault[1]}, ${EXAMPLE}`;
  if (DATE_TIME_WITHOUT_ZONE.test(text)) return `has no time zone: end it with Z or an offset, ${EXAMPLE}`;
  return `must be an RFC 3339 date-time with a zone and at most 9 fraction digits, ${EXAMPLE}`;
}

/** The time in whole seconds since 1970, as expiry is stored. */
export function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

export const DAY_SECONDS = 86_400;
