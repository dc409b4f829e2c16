import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  endOfString,
  isBlank,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Part,
  QUOTE,
  type Span,
  skipBlanks,
  trim,
} from './json-value.ts';

/**
 * The array or object at the start of a span. Undefined if it is not closed within the span, or if a string in it ends
 * where JSON cannot continue, so that its end is unknown.
 */
export function bracketed(json: Buffer, { start, end }: Span): Span | undefined {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at, end);
      if (!mayFollowString(json, at + 1, end)) return undefined;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth === 0) return { start, end: at + 1 };
  }
  return undefined;
}

/**
 * The parts between the commas of an array or object. If a string ends where JSON cannot continue, its quotes are not
 * escaped: then the part ends where the next object of the array begins.
 * @param whole begins at the bracket, and may end after the closing one
 * @returns where the array or object ends, or undefined if it is not closed
 */
export function* partsOf(json: Buffer, whole: Span): Generator<Part, number | undefined> {
  const { end } = whole;
  let start = whole.start + 1;
  let depth = 0;
  let isInArray = false;
  let hasList = false;
  for (let at = start; at < end; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      const quote = at;
      at = endOfString(json, at, end);
      if (mayFollowString(json, at + 1, end)) continue;
      at = endOfElement(json, { start: quote, end }) - 1;
      depth = 0;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth++;
      if (depth === 2) isInArray = byte === OPEN_ARRAY;
      else if (depth === 3 && isInArray && byte === OPEN_OBJECT) hasList = true;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      if (depth === 0) {
        const last = partOf(json, start, at, hasList);
        if (last.end > last.start) yield last;
        return at + 1;
      }
      depth--;
    } else if (byte === COMMA && depth === 0) {
      yield partOf(json, start, at, hasList);
      start = at + 1;
      hasList = false;
    }
  }
  const last = partOf(json, start, end, hasList);
  if (last.end > last.start) yield last;
  return undefined;
}

function partOf(json: Buffer, from: number, to: number, hasList: boolean): Part {
  const { start, end } = trim(json, { start: from, end: to });
  return { start, end, hasList };
}

/** A member of an object: the span of its name and value, and of its value alone. */
export interface Member extends Span {
  name: string;
  value: Span;
}

/** The members of an object in their order. Parts that are not members are skipped. */
export function* membersOf(json: Buffer, object: Span): Generator<Member> {
  for (const part of partsOf(json, object)) {
    const member = memberIn(json, part);
    if (member) yield member;
  }
}

/** The member in a part of an object. Undefined if the part is not a member. */
export function memberIn(json: Buffer, { start, end }: Span): Member | undefined {
  const nameEnd = json[start] === QUOTE ? endOfString(json, start, end) + 1 : end;
  const { start: colon } = trim(json, { start: Math.min(nameEnd, end), end });
  if (json[colon] !== COLON || colon >= end) return undefined;
  const name = nameOf(json.toString('utf8', start, nameEnd));
  return { start, end, name, value: trim(json, { start: colon + 1, end }) };
}

/** Most names have no escapes, and parsing takes much longer than looking for one. */
function nameOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}

/** Whether JSON can continue after a string as it does from `at` on. */
function mayFollowString(json: Buffer, at: number, end: number): boolean {
  const follower = json[at];
  const next = isBlank(follower) ? json[skipBlanks(json, at, end)] : follower;
  return next === COLON || next === COMMA || next === CLOSE_OBJECT || next === CLOSE_ARRAY;
}

/** Where the next object of an array begins, at its comma, or the body ends, at its bracket; else the end of the span. */
function endOfElement(json: Buffer, { start, end }: Span): number {
  for (let brace = json.indexOf(CLOSE_OBJECT, start); brace >= 0 && brace < end; ) {
    const next = skipBlanks(json, brace + 1, end);
    const afterNext = skipBlanks(json, next + 1, end);
    if (json[next] === COMMA && json[afterNext] === OPEN_OBJECT) return next;
    const isLast =
      afterNext >= end || (json[afterNext] === CLOSE_OBJECT && skipBlanks(json, afterNext + 1, end) >= end);
    if (json[next] === CLOSE_ARRAY && isLast) return next;
    brace = json.indexOf(CLOSE_OBJECT, brace + 1);
  }
  return end;
}
