import { DIGITS_LIMIT, VALUES_LIMIT } from '../limits.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  endOfString,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Part,
  QUOTE,
  SPACE,
  type Span,
} from './json-spans.ts';

/** How deep the values of a sequence may be nested. Attributes may have 32 levels. */
const NESTING_LIMIT = 100;

/** Where a text stops being JSON, and where the brackets are that are open there. */
export interface Break {
  brokenAt: number;
  open: number[];
}

/** What may come next in JSON. */
const NAME = 1;
const VALUE = 2;
const COLON_OF_NAME = 4;
const COMMA_OR_CLOSE = 8;
const CLOSE = 16;

/**
 * The whole array or object at the start of a span; or where it breaks off, which is at the first byte that cannot be
 * JSON. It checks brackets, strings, colons and commas, but no escapes, numbers and words.
 */
export function scanValue(json: Buffer, { start, end }: Span): Part | Break {
  const open: number[] = [];
  let isInObject = false;
  let hasList = false;
  let next = VALUE;
  let at = start;
  for (; at < end; at++) {
    const byte = json[at] as number;
    if (byte <= SPACE) continue;
    if (byte === QUOTE) {
      if (!(next & (NAME | VALUE))) break;
      at = endOfStringInLine(json, at, end);
      if (json[at] !== QUOTE || at >= end) break;
      next = next & NAME ? COLON_OF_NAME : COMMA_OR_CLOSE;
    } else if (byte === COLON) {
      if (next !== COLON_OF_NAME) break;
      next = VALUE;
    } else if (byte === COMMA) {
      if (next !== COMMA_OR_CLOSE) break;
      next = isInObject ? NAME : VALUE;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (!(next & VALUE) || open.length === NESTING_LIMIT) break;
      if (open.length === 2 && !isInObject && byte === OPEN_OBJECT) hasList = true;
      open.push(at);
      isInObject = byte === OPEN_OBJECT;
      next = CLOSE | (isInObject ? NAME : VALUE);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (!(next & (COMMA_OR_CLOSE | CLOSE)) || (byte === CLOSE_OBJECT) !== isInObject) break;
      open.pop();
      if (open.length === 0) return { start, end: at + 1, hasList };
      isInObject = json[open[open.length - 1] as number] === OPEN_OBJECT;
      next = COMMA_OR_CLOSE;
    } else {
      if (!(next & VALUE)) break;
      while (at + 1 < end && !isEndOfWord(json[at + 1] as number)) at++;
      next = COMMA_OR_CLOSE;
    }
  }
  return { brokenAt: Math.min(at, end), open };
}

/** The position of the closing quote, or of the end of the line: no string of JSON has a line break in it. */
function endOfStringInLine(json: Buffer, quote: number, end: number): number {
  let at = quote + 1;
  for (; at < end; at++) {
    const byte = json[at];
    if (byte === QUOTE || byte === NEWLINE) return at;
    if (byte === BACKSLASH && json[at + 1] !== NEWLINE) at++;
  }
  return at;
}

/** Whether a byte ends a number, `true`, `false` or `null`. */
function isEndOfWord(byte: number): boolean {
  return (
    byte <= SPACE ||
    byte === QUOTE ||
    byte === COMMA ||
    byte === COLON ||
    byte === CLOSE_OBJECT ||
    byte === CLOSE_ARRAY ||
    byte === OPEN_OBJECT ||
    byte === OPEN_ARRAY
  );
}

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
