import { InvalidInstantError } from '../../../entities/instant.ts';

const EPOCH = /^(\d{1,19})(?:\.(\d+))?$/;

/** How many decimals of a second the unit has, by the size of the number: 10^11 seconds are the year 5138. */
const UNITS = [
  { digits: 11, decimals: 0 },
  { digits: 14, decimals: 3 },
  { digits: 17, decimals: 6 },
  { digits: 19, decimals: 9 },
];

const NANOSECONDS_DECIMALS = 9;

/**
 * The date-time that a value names: a text is one as it is, and a number is seconds, milliseconds, microseconds or
 * nanoseconds since 1970, whichever its size tells. log4j2 writes `{"epochSecond": 1, "nanoOfSecond": 2}`.
 * @throws InvalidInstantError when the value is none of these
 */
export function toDatetime(value: unknown): string {
  const text = textOf(value);
  const epoch = EPOCH.exec(text);
  if (!epoch) {
    if (typeof value === 'string') return text;
    throw new InvalidInstantError('is no time: send RFC 3339 or an epoch number');
  }
  const [, whole = '', fraction = ''] = epoch;
  const { decimals } = UNITS.find(({ digits }) => whole.length <= digits) ?? {
    decimals: NANOSECONDS_DECIMALS,
  };
  // The digits of the number, with as many behind the point as nanoseconds have.
  const rest = fraction
    .slice(0, NANOSECONDS_DECIMALS - decimals)
    .padEnd(NANOSECONDS_DECIMALS - decimals, '0');
  const nanoseconds = (whole + rest).padStart(NANOSECONDS_DECIMALS + 1, '0');
  const seconds = Number(nanoseconds.slice(0, -NANOSECONDS_DECIMALS));
  const decimal = nanoseconds.slice(-NANOSECONDS_DECIMALS).replace(/0+$/, '');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${decimal && `.${decimal}`}Z`;
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('epochSecond' in value)) return String(value);
  const nanoseconds = 'nanoOfSecond' in value ? String(value.nanoOfSecond) : '';
  return `${value.epochSecond}.${nanoseconds.padStart(NANOSECONDS_DECIMALS, '0')}`;
}
