import { NotATimeError, readDateTimeText } from '../../../entities/date-time-text.ts';
import { parseInstant, RFC_3339, toDatetime } from '../../../entities/instant.ts';

/** JavaScript's Date with the longest name of a zone has 90 characters. */
const LONGEST_TEXT = 100;

/**
 * The date-time in a value, as an RFC 3339 text that parseInstant accepts. A text that is RFC 3339 is returned as it
 * is. Others are: a number since 1970, or its text; the texts of date-time-text.ts; and the objects that log4j2,
 * protobuf, MongoDB, PHP and others write. Digits of a fraction after the ninth are cut off.
 * @throws NotATimeError if the value is no time
 * @throws InvalidInstantError if it is a time, but does not name one instant
 */
export function readTime(value: unknown): string {
  const datetime =
    typeof value === 'string'
      ? readText(value)
      : typeof value === 'number'
        ? readNumber(value)
        : readObject(value);
  if (datetime === undefined) throw new NotATimeError();
  return datetime;
}

function readText(text: string): string | undefined {
  if (RFC_3339.test(text)) {
    parseInstant(text);
    return text;
  }
  if (text.length > LONGEST_TEXT) return undefined;
  const trimmed = text.trim();
  const date = DOTNET_DATE.exec(trimmed);
  if (date?.[1]) return readEpoch(date[1], MILLISECONDS);
  return readEpoch(trimmed) ?? readDateTimeText(trimmed);
}

/** How .NET writes a Date: milliseconds since 1970 in UTC, and the offset of the clock that was read. */
const DOTNET_DATE = /^\/Date\((\d+)(?:[+-]\d{4})?\)\/$/;

function readNumber(value: number): string | undefined {
  // The number that most loggers write is read without going through text.
  const isMilliseconds = Number.isInteger(value) && value >= 1e11 && value < 1e13;
  return isMilliseconds
    ? toDatetime(Math.floor(value / 1000), fractionOf(value % 1000))
    : readEpoch(`${value}`);
}

function fractionOf(milliseconds: number): string {
  return withoutZeros(String(milliseconds).padStart(MILLISECONDS, '0'));
}

const EPOCH = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

const SECONDS = 0;
const MILLISECONDS = 3;
const MICROSECONDS = 6;
const NANOSECONDS = 9;

/** The unit, in decimals of a second, by the digits of the number: 10^11 seconds are the year 5138. */
const UNITS = [
  { digits: 11, unit: SECONDS },
  { digits: 14, unit: MILLISECONDS },
  { digits: 17, unit: MICROSECONDS },
  { digits: 19, unit: NANOSECONDS },
];

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/**
 * The time since 1970 in a text of digits, exactly. Its size says which unit it has, unless `unit` does.
 * @returns nothing if the text is no such number
 */
function readEpoch(text: string, unit?: number): string | undefined {
  const match = EPOCH.exec(text);
  if (!match) return undefined;
  const [, integer = '', decimals = '', exponent = '0'] = match;
  const [whole, rest] = movePoint(integer, decimals, Number(exponent));
  const places = unit ?? UNITS.find(({ digits }) => whole.length <= digits)?.unit;
  if (places === undefined) return undefined;
  const padded = whole.padStart(places + 1, '0');
  const seconds = Number(padded.slice(0, padded.length - places));
  if (seconds > LAST_SECOND) return undefined;
  const fraction = padded.slice(padded.length - places) + rest;
  return toDatetime(seconds, withoutZeros(fraction.slice(0, NANOSECONDS)));
}

/** The digits before and after the decimal point of a number that has an exponent. */
function movePoint(integer: string, decimals: string, exponent: number): [string, string] {
  const point = Math.max(integer.length + exponent, 1);
  const zeros = '0'.repeat(Math.max(1 - integer.length - exponent, 0));
  const digits = zeros + integer + decimals.padEnd(exponent, '0');
  return [digits.slice(0, point).replace(/^0+(?=\d)/, ''), digits.slice(point)];
}

function withoutZeros(fraction: string): string {
  return fraction.replace(/0+$/, '');
}

/** Names of seconds and of what is added to them, in protobuf, Firestore, log4j2, kotlinx, ROS, Rust and C. */
const UNIT_NAMES: [RegExp, number][] = [
  [/^[_$]?(?:tv_|epoch_?|unix_?)?s(?:ec(?:ond)?s?)?(?:_?since_?epoch)?$/i, SECONDS],
  [/nano|nsec|^ns$/i, NANOSECONDS],
  [/micro|usec|^us$/i, MICROSECONDS],
  [/milli|msec|^ms$/i, MILLISECONDS],
  // An object with one of these is a length of time, or a time without a zone.
  [/minute|hour|day|month|year/i, -1],
];

const MOST_MEMBERS = 8;

function readObject(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value);
  if (members.length > MOST_MEMBERS) return undefined;
  const { $date, date, timezone } = value as Record<string, unknown>;
  if (typeof $date === 'string') return readText($date);
  if ($date !== undefined) return readEpoch(digitsOf($date), MILLISECONDS);
  // json_encode of PHP's DateTime
  if (typeof date === 'string' && typeof timezone === 'string') return readText(`${date} ${timezone}`);

  const parts = members.flatMap(([name, member]) => {
    const unit = UNIT_NAMES.find(([pattern]) => pattern.test(name))?.[1];
    return unit === undefined ? [] : { unit, digits: digitsOf(member) };
  });
  const [seconds, fraction, ...more] = parts.sort((a, b) => a.unit - b.unit);
  if (seconds?.unit !== SECONDS || more.length > 0) return undefined;
  if (!fraction) return readEpoch(seconds.digits, SECONDS);
  const digits = integerOf(fraction.digits).padStart(fraction.unit, '0');
  return digits.length === fraction.unit
    ? readEpoch(`${integerOf(seconds.digits)}.${digits}`, SECONDS)
    : undefined;
}

/** The digits of a number, which may be written as text or as MongoDB writes a long one. */
function digitsOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  const { $numberLong } = Object(value) as Record<string, unknown>;
  return typeof $numberLong === 'string' ? $numberLong : '';
}

/** An integer without its exponent. */
function integerOf(text: string): string {
  return EPOCH.test(text) && Number.isSafeInteger(Number(text)) ? String(Number(text)) : NOT_A_NUMBER;
}

/** No form of a number, and longer than any fraction. */
const NOT_A_NUMBER = 'not a number';
