import { InvalidInstantError } from '../../../entities/instant.ts';
import { toDatetime } from '../derive.ts';

const EPOCH = /^(\d{1,19})(?:\.(\d+))?$/;

/** How many decimals of a second the unit has, by the digits of the number: 10^11 seconds are the year 5138. */
const UNITS = [
  { digits: 11, decimals: 0 },
  { digits: 14, decimals: 3 },
  { digits: 17, decimals: 6 },
  { digits: 19, decimals: 9 },
];

const NANOSECONDS_DECIMALS = 9;

/**
 * The date-time in a value. A text is returned as it is. A number is seconds, milliseconds, microseconds or nanoseconds
 * since 1970 and its size decides which. log4j2 writes `{"epochSecond": 1, "nanoOfSecond": 2}`.
 * @throws InvalidInstantError if the value is none of these
 */
export function readTime(value: unknown): string {
  const text = textOf(value);
  const epoch = EPOCH.exec(text);
  if (!epoch) {
    if (typeof value === 'string') return text;
    throw new InvalidInstantError('is not a time: send RFC 3339 or an epoch number');
  }
  const [, whole = '', fraction = ''] = epoch;
  const { decimals } = UNITS.find(({ digits }) => whole.length <= digits) ?? {
    decimals: NANOSECONDS_DECIMALS,
  };
  const missing = NANOSECONDS_DECIMALS - decimals;
  const digits = whole + fraction.slice(0, missing).padEnd(missing, '0');
  const nanoseconds = digits.padStart(NANOSECONDS_DECIMALS + 1, '0');
  return toDatetime(
    Number(nanoseconds.slice(0, -NANOSECONDS_DECIMALS)),
    nanoseconds.slice(-NANOSECONDS_DECIMALS).replace(/0+$/, ''),
  );
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('epochSecond' in value)) return String(value);
  const nanoseconds = 'nanoOfSecond' in value ? String(value.nanoOfSecond) : '';
  return `${value.epochSecond}.${nanoseconds.padStart(NANOSECONDS_DECIMALS, '0')}`;
}
