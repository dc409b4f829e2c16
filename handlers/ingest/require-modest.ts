import { DIGITS_LIMIT, VALUES_LIMIT } from '../limits.ts';
import { endOfString, type Span } from './json-spans.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const ZERO = 0x30;
const NINE = 0x39;

/** Each value takes a byte and a comma or a bracket, so shorter JSON needs no counting. */
const MODEST_BYTES = 2 * VALUES_LIMIT;

/** @throws RangeError if JSON has more than VALUES_LIMIT values, or a number of more than DIGITS_LIMIT digits */
export function requireModest(json: Buffer, { start, end }: Span): void {
  if (end - start <= MODEST_BYTES) return;
  let values = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = json[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      if (++digits > DIGITS_LIMIT)
        throw new RangeError(`it has a number of more than ${DIGITS_LIMIT} digits`);
      continue;
    }
    digits = 0;
    if (byte === QUOTE) at = endOfString(json, at, end);
    else if ((byte === COMMA || byte === OPEN_ARRAY || byte === OPEN_OBJECT) && ++values > VALUES_LIMIT)
      throw new RangeError(`it has more than ${VALUES_LIMIT} values`);
  }
}
