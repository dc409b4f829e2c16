import fc from 'fast-check';
import { type Attributes, type LogEntry, SEVERITIES } from '../../entities/entry.ts';

/** How many times as often as usual each property runs: ten times in the soak. */
export const RUNS = Number(process.env.RUNS ?? 1);

/** A date-time text, and the instant it names by construction: nanoseconds since 1970. */
export interface Datetime {
  text: string;
  nanoseconds: bigint;
}

const SECOND_NANOSECONDS = 1_000_000_000n;

/** The seconds since 1970 of the years 0001 to 9998: with any offset they stay within four digits. */
const EARLIEST_SECOND = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LATEST_SECOND = Date.parse('9998-12-31T23:59:59Z') / 1000;

const MOST_OFFSET_MINUTES = 23 * 60 + 59;

/** Date-times of any offset and 0 to 9 fraction digits, between two seconds since 1970. */
export function datetimes({ from = EARLIEST_SECOND, to = LATEST_SECOND } = {}): fc.Arbitrary<Datetime> {
  return fc
    .record({
      second: fc.integer({ min: from, max: to }),
      fraction: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 }),
      offset: fc.option(fc.integer({ min: -MOST_OFFSET_MINUTES, max: MOST_OFFSET_MINUTES })),
    })
    .map(({ second, fraction, offset }) => ({
      text: toText(second, fraction, offset),
      nanoseconds: BigInt(second) * SECOND_NANOSECONDS + BigInt(fraction.padEnd(9, '0')),
    }));
}

/** Writes an instant as a clock `offset` minutes ahead of UTC shows it; without an offset, with Z. */
function toText(second: number, fraction: string, offset: number | null): string {
  const local = new Date((second + (offset ?? 0) * 60) * 1000).toISOString().slice(0, 19);
  return `${local}${fraction && `.${fraction}`}${offset === null ? 'Z' : zoneOf(offset)}`;
}

function zoneOf(offset: number): string {
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** Ids of whole characters, few enough that some are drawn twice: with separators, astral characters, spaces. */
export const ids = fc.string({
  unit: fc.constantFrom('a', 'A', '#', ' ', '~', '\u{1F600}', '\uFF41', 'é'),
  minLength: 1,
  maxLength: 3,
});

/** Well-formed text of any kind. */
export const texts = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.isWellFormed());

/** Any JSON object, some with the keys and values that searches ask for. */
export const attributes: fc.Arbitrary<Attributes> = fc
  .dictionary(
    fc.oneof(fc.constantFrom('service', 'service.name', 'name', '__proto__', ''), texts),
    fc.oneof(fc.constantFrom('alpha', 7, true, null, { name: 'alpha' }, ['alpha']), fc.jsonValue()),
    { maxKeys: 3 },
  )
  .map((object) => JSON.parse(JSON.stringify(object)));

/** Entries within three days of 2023, so that days, instants and ids are drawn twice now and then. */
export const entries: fc.Arbitrary<LogEntry> = fc.record(
  {
    id: ids,
    datetime: fc.oneof(
      datetimes({ from: 1_700_000_000, to: 1_700_000_000 + 3 * 86_400 }).map(({ text }) => text),
      fc.constantFrom('2023-11-15T12:05:00Z', '2023-11-15T13:05:00+01:00', '2023-11-15T12:05:00.000000000Z'),
    ),
    severity: fc.constantFrom(...SEVERITIES),
    message: fc.oneof(fc.constantFrom('alpha', 'beta', 'alphabet', ''), texts),
    attributes,
  },
  { requiredKeys: ['id', 'datetime', 'severity', 'message'] },
);
