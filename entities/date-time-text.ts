import { InvalidInstantError, parseInstant } from './instant.ts';

const EXAMPLE = 'such as 2023-11-15T12:05:00Z or 2023-11-15T13:05:00.123+01:00';

/** A value that is no time at all. Any other InvalidInstantError is a time that lacks something, such as its zone. */
export class NotATimeError extends InvalidInstantError {
  constructor() {
    super(`is not a time: send RFC 3339, ${EXAMPLE}, or an epoch number`);
  }
}

/** For the loggers that write no offset unless they are told to. */
const HOW_TO_SET_ZONE =
  'Python: datefmt="%Y-%m-%dT%H:%M:%S%z"; winston: timestamp() without a format; Java: %d{yyyy-MM-dd\'T\'HH:mm:ss.SSSXXX}';

/** What a reader takes for granted where a text does not say it. */
export interface Assumed {
  year?: string;
  /** The offset of a time such as `2026-11-28T10:00:06`: `Z` or `+01:00`. */
  zoneAt?: (wallClock: string) => string;
}

/**
 * The RFC 3339 text of a date and a time in another form: with a blank for T, a comma for the point, an offset without
 * a colon, the name of a month as in RFC 2822, ctime and access logs, in the basic format of ISO 8601, and others.
 * @param assumed nothing where a record is stored, because an entry at a wrong time is hard to find
 * @throws InvalidInstantError if the text does not name one instant beyond doubt. Its message says what to change.
 */
export function readDateTimeText(text: string, assumed: Assumed = {}): string {
  const parts = partsOf(text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text);
  if (!parts)
    throw DAY_OR_MONTH.test(text) ? new InvalidInstantError(DAY_OR_MONTH_FIRST) : new NotATimeError();
  const { year = assumed.year, month, day, hour, minute, second = '00', fraction = '' } = parts;
  if (!month || !day)
    throw hour ? new InvalidInstantError(`has no date: send one ${EXAMPLE}`) : new NotATimeError();
  if (!year) throw new InvalidInstantError(`has no year of four digits: send one ${EXAMPLE}`);
  if (!hour || !minute) throw new InvalidInstantError(`has no time of day: send one ${EXAMPLE}`);
  const date = `${year}-${numberOf(month)}-${twoDigits(day)}`;
  const time = `${hourOfDay(hour, parts.half)}:${minute}:${second}`;
  const zone = isZoneless(parts) && assumed.zoneAt ? assumed.zoneAt(`${date}T${time}`) : zoneOf(parts);
  const datetime = `${date}T${time}${fraction && `.${fraction.slice(0, 9)}`}${zone}`;
  parseInstant(datetime);
  requireWeekday(date, parts.weekday);
  return datetime;
}

const DAY_OR_MONTH = /(?<!\d)\d\d?([-/.])\d\d?\1\d\d/;
const DAY_OR_MONTH_FIRST = `leaves open which number is the day and which the month: send one ${EXAMPLE}`;

interface Parts extends Record<string, string | undefined> {}

const MONTH = `(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])`;

/** The fraction is after a point, a comma or, if it has the digits of a unit, a colon. */
const CLOCK = String.raw`(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:(?:[.,]|:(?=(?:\d{3}){1,3}(?!\d)))(?<fraction>\d+))?)?(?![\d:.])`;

/** What a text may consist of, in any order. At each position the first that matches is taken. */
const PARTS = [
  // 2026-11-28 10:00:06,123; 2026/11/28
  part`(?<year>\d{4})([-/.])(?<month>\d\d?)\2(?<day>\d\d?)(?!\d)(?:[t_ ]${CLOCK})?`,
  // +01:00, -0500, +01, GMT+0100, GMT+1, and Rust's +01:00:00
  part`\s?(?:UTC|GMT)?(?<sign>[-+\u2212])(?<offsetHour>\d\d)(?::?(?<offsetMinute>\d\d)(?::?00)?)?(?![\d:])`,
  part`\s?(?<utc>Z|UTC?|GMT|Coordinated Universal Time|Greenwich Mean Time)(?![\w/+\u2212-])`,
  part`(?:UTC|GMT)(?<sign>[-+\u2212])(?<offsetHour>\d)(?::(?<offsetMinute>\d\d))?(?![\d:])`,
  part`${CLOCK}`,
  // What is between others
  part`[\s,;_]+|[t:](?=\d)|at(?= )`,
  // 20261128T100006.123, and the date alone before a time in another form
  part`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)[t_ ]?(?<hour>\d\d)(?<minute>\d\d)(?:(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?![\d:])`,
  part`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?=[t_ ])`,
  // Sat, 28 Nov 2026; 28/Nov/2026; Nov 28, 2026; 2026-Nov-28
  part`(?<weekday>sun|mon|tue|wed|thu|fri|sat)(?:s?day|nesday|rsday|urday)?(?![a-z])`,
  part`(?<day>\d\d?)[-/. ]{1,2}${MONTH}\.?(?:[-/](?<year>\d{4})(?!\d))?`,
  part`[-/]?${MONTH}[-/. ]{1,2}(?<day>\d\d?)(?![\d:])(?:[-/](?<year>\d{4})(?!\d))?`,
  part`(?<year>\d{4})(?!\d)`,
  part`(?<half>[ap])(?:m|\.m\.)(?![a-z])`,
  // The name of a zone, alone or in brackets, and Go's monotonic clock. After an offset, they say nothing new.
  /(?<name>[A-Z]{2,5}(?![\w/])|[A-Z]\w+(?:\/[\w+-]+)+)/y,
  /[[(](?<name>[^\])]*)[\])]|m=[+-][\d.]+/y,
];

/** Matches at one position, in upper and lower case. */
function part(pattern: TemplateStringsArray, ...values: string[]): RegExp {
  return new RegExp(String.raw(pattern, ...values), 'iy');
}

/** With the blanks between, twice as many as any logger writes: a longer text is no time, and costs no more. */
const MOST_PARTS = 24;

/** The parts of a text, unless something in it is none of them or says otherwise than another one. */
function partsOf(text: string): Parts | undefined {
  let parts: Parts | undefined;
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const match = partAt(text, at);
    if (!match || ++count > MOST_PARTS) return undefined;
    at += match[0].length;
    // Most texts have nearly all parts in the first match.
    if (!parts) parts = match.groups;
    else if (!addTo(parts, match.groups)) return undefined;
  }
  return parts;
}

function addTo(parts: Parts, others: Parts = {}): boolean {
  for (const name in others) {
    const value = others[name];
    if (name !== 'name' && value !== undefined && (parts[name] ?? value) !== value) return false;
    parts[name] ??= value;
  }
  return true;
}

function partAt(text: string, at: number): RegExpExecArray | undefined {
  for (const pattern of PARTS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return match;
  }
  return undefined;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function numberOf(month: string): string {
  const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return twoDigits(index < 0 ? month : String(index + 1));
}

function hourOfDay(hour: string, half: string | undefined): string {
  if (!half) return twoDigits(hour);
  if (Number(hour) < 1 || Number(hour) > 12)
    throw new InvalidInstantError('has an hour that does not fit AM or PM');
  return twoDigits(String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)));
}

/**
 * Names that the tz database has given one offset only since 2000. Others had several, such as CST, IST, MSK and PST, or
 * still had until recently in some systems, such as EST.
 */
const OFFSETS = new Map(
  'WET+00:00 WEST+01:00 CET+01:00 CEST+02:00 EET+02:00 EEST+03:00 SAST+02:00 HKT+08:00 AWST+08:00 JST+09:00 ACST+09:30 ACDT+10:30 AEST+10:00 AEDT+11:00 NZST+12:00 NZDT+13:00'
    .split(' ')
    .map((zone) => [zone.slice(0, -6), zone.slice(-6)]),
);
const UTC_NAME = /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich)$/;

function isZoneless({ sign, utc, name }: Parts): boolean {
  return (sign ?? utc ?? name) === undefined;
}

function zoneOf({ sign, offsetHour = '', offsetMinute = '00', utc, name }: Parts): string {
  if (sign) {
    const offset = `${twoDigits(offsetHour)}:${offsetMinute}`;
    if (utc && offset !== '00:00') throw new InvalidInstantError('has two time zones that differ');
    return `${sign === '+' ? '+' : '-'}${offset}`;
  }
  if (utc || UTC_NAME.test(name ?? '')) return 'Z';
  const offset = OFFSETS.get(name ?? '');
  if (offset) return offset;
  const fault =
    name === undefined ? 'has no time zone' : `has a time zone whose offset is not certain, ${name}`;
  throw new InvalidInstantError(`${fault}: end it with Z or an offset, ${EXAMPLE} (${HOW_TO_SET_ZONE})`);
}

const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');

function requireWeekday(date: string, weekday: string | undefined): void {
  if (weekday && WEEKDAYS[new Date(`${date}T00:00Z`).getUTCDay()] !== weekday.toLowerCase())
    throw new InvalidInstantError(`names a weekday that ${date} is not`);
}

function twoDigits(number: string): string {
  return number.padStart(2, '0');
}
