const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LAST_WHITESPACE = 0x20;

/**
 * A part of a body: the bytes from `start` up to, but not including, `end`. A body is divided into spans before any
 * of it is parsed, because a few megabytes of empty objects would take a gigabyte as values.
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

/** A span without white space and control characters at its ends. */
export function trim(json: Buffer, span: Span): Span {
  let { start, end } = span;
  while (start < end && isBlank(json[start])) start++;
  while (end > start && isBlank(json[end - 1])) end--;
  return { start, end };
}

/** The array or object at the start of a span, or undefined if it is not closed within the span. */
export function bracketed(json: Buffer, { start, end }: Span): Span | undefined {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at, end);
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth === 0) return { start, end: at + 1 };
  }
  return undefined;
}

/** The parts between the commas of an array or object: elements, or members with their names. */
export function* partsOf(json: Buffer, whole: Span): Generator<Span> {
  const end = whole.end - 1;
  let start = whole.start + 1;
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at, end);
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    else if (byte === COMMA && depth === 0) {
      yield trim(json, { start, end: at });
      start = at + 1;
    }
  }
  const last = trim(json, { start, end });
  if (last.end > last.start) yield last;
}

/** The value of an object's member. If the name occurs more than once the last counts, as in JSON.parse. */
export function memberOf(json: Buffer, object: Span, name: string): Span | undefined {
  const quoted = Buffer.from(JSON.stringify(name));
  let value: Span | undefined;
  for (const { start, end } of partsOf(json, object)) {
    const nameEnd = start + quoted.length;
    if (nameEnd >= end || json.compare(quoted, 0, quoted.length, start, nameEnd) !== 0) continue;
    const { start: colon } = trim(json, { start: nameEnd, end });
    if (json[colon] === COLON) value = trim(json, { start: colon + 1, end });
  }
  return value;
}

/** A string, which may be cut off, or what stands between tokens. */
const STRING_OR_WHITESPACE = /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))|\s+/gs;

/** JSON without the white space between its tokens. */
export function compactJson(json: string): string {
  return json.replace(STRING_OR_WHITESPACE, '$1');
}

/** The position of the closing quote, or `end` if there is none. */
function endOfString(json: Buffer, quote: number, end: number): number {
  let at = quote + 1;
  while (at < end && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && byte <= LAST_WHITESPACE;
}
