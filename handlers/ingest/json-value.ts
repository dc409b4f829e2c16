import { DIGITS_LIMIT, VALUES_LIMIT } from '../limits.ts';

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const NUL = 0x00;
const TAB = 0x09;
export const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const RECORD_SEPARATOR = 0x1e;
const SPACE = 0x20;

/** U+FEFF in UTF-8, which editors and Windows programs write before text. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * A part of a body: the bytes from `start` up to, but not including, `end`. A body is divided into spans before any
 * of it is parsed, because a few megabytes of empty objects would take a gigabyte of memory as values.
 */
export interface Span {
  start: number;
  end: number;
}

export function isArray(json: Buffer, { start }: Span): boolean {
  return json[start] === OPEN_ARRAY;
}

export function isObject(json: Buffer, { start }: Span): boolean {
  return json[start] === OPEN_OBJECT;
}

/** A span without blanks at its ends and without byte order marks at its start. */
export function trim(json: Buffer, span: Span): Span {
  let { start, end } = span;
  while (start < end && (isBlank(json[start]) || isByteOrderMark(json, start)))
    start += isBlank(json[start]) ? 1 : BYTE_ORDER_MARK.length;
  start = Math.min(start, end);
  while (end > start && isBlank(json[end - 1])) end--;
  return { start, end };
}

/** An array or object, an element of an array, or a member of an object with its name. */
export interface Part extends Span {
  /** Whether it is an object with an array of objects, as an envelope is. Empty arrays may count. */
  hasList: boolean;
}

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
      if (open.length === 2 && !isInObject && next & CLOSE) hasList = true;
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

/** The position of the closing quote, or `end` if there is none. */
export function endOfString(json: Buffer, quote: number, end: number): number {
  let at = quote + 1;
  const nearEnd = Math.min(end, at + SHORT_STRING_BYTES);
  while (at < nearEnd && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  if (at < nearEnd) return at;
  // The search of Buffer is several times as fast, but takes as long to begin as a short string to end.
  while (at < end) {
    const next = json.indexOf(QUOTE, at);
    if (next < 0 || next >= end) return end;
    if (!isEscaped(json, next, at)) return next;
    at = next + 1;
  }
  return end;
}

const SHORT_STRING_BYTES = 24;

/** Whether an odd number of backslashes is before a quote, none of them before `from`. */
function isEscaped(json: Buffer, quote: number, from: number): boolean {
  let first = quote;
  while (first > from && json[first - 1] === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

export function skipBlanks(json: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(json[at])) at++;
  return at;
}

/** White space, NUL, which pads files, and the record separator of JSON text sequences (RFC 7464). */
export function isBlank(byte: number | undefined): boolean {
  if (byte === undefined || byte > SPACE) return false;
  return (
    byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN) || byte === NUL || byte === RECORD_SEPARATOR
  );
}

function isByteOrderMark(json: Buffer, at: number): boolean {
  return BYTE_ORDER_MARK.every((byte, offset) => json[at + offset] === byte);
}
