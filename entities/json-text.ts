/**
 * Parses JSON as JSON.parse does, except that a number which JavaScript would write in another way, such as one of
 * more than 17 digits, becomes its text.
 * @throws SyntaxError as JSON.parse does
 */
export function parseExactly(json: string): unknown {
  // Few texts have such a number, and looking takes a fifth of replacing.
  if (!MAY_CHANGE.test(json)) return JSON.parse(json);
  const exact = json.replace(STRING_OR_NUMBER, (token, at: number) =>
    NUMBER.test(token) && String(Number(token)) !== token && !isName(json, at + token.length)
      ? `"${token}"`
      : token,
  );
  try {
    return JSON.parse(exact);
  } catch {
    // Its error tells the position in the text that was given.
    return JSON.parse(json);
  }
}

/**
 * Parses JSON as `parseExactly` does, except that objects have all their members: of those that share a name
 * JSON.parse keeps the last. `membersOf` and `plainValueOf` read the value.
 */
export function parseWithAllMembers(json: string): unknown {
  return parseExactly(json.replace(TOKEN, (token) => AS_LIST.get(token) ?? token));
}

/** An object is parsed as `{"members": [name, value, name, value]}`. */
const AS_LIST = new Map([
  ['{', '{"members":['],
  ['}', ']}'],
  [':', ','],
]);

/** The members of such an object and the elements of a list with their indexes, in their order; none of other values. */
export function membersOf(value: unknown): [name: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.map((element, index) => [String(index), element]);
  const { members } = value as { members: unknown[] };
  return Array.from({ length: members.length / 2 }, (_, index) => [
    members[2 * index] as string,
    members[2 * index + 1],
  ]);
}

/** Such a value as `parseExactly` returns it. */
export function plainValueOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = membersOf(value).map(([name, member]): [string, unknown] => [name, plainValueOf(member)]);
  return Array.isArray(value) ? members.map(([, element]) => element) : Object.fromEntries(members);
}

/** Whether the token before a position is the name of a member. A number as a name is not JSON, and stays so. */
function isName(json: string, at: number): boolean {
  COLON.lastIndex = at;
  return COLON.test(json);
}

const COLON = /\s*:/y;

/** The tokens of a JSON text: strings, brackets, colons, commas and the other values, and where each begins. */
export function* jsonTokens(json: string): Generator<{ token: string; index: number }, void> {
  for (const { 0: token, index } of json.matchAll(TOKEN)) yield { token, index };
}

/** What follows a bracket, a colon or a comma and is a long integer, a fraction, an exponent or minus 0. */
const MAY_CHANGE = /(?:^|[[:,])\s*(?:-?\d{16}|-?\d+[.eE]|-0)/;

/** A token of JSON. A text that is no JSON has tokens too: a string may be cut off, a value may be any characters. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** A string, which may be cut off, or what may be a long integer, a fraction, an exponent or minus 0. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?\d+[.eE][\d.eE+-]*|-?\d{16,}|-0/gs;

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** JSON without the white space between its tokens. */
export function compactJson(json: string): string {
  return /\s/.test(json) ? json.replace(STRING_OR_WHITESPACE, '$1') : json;
}

/** A string, which may be cut off, or white space between tokens. */
const STRING_OR_WHITESPACE = /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))|\s+/gs;

/** A member in the text of an object: its name begins at `start`, its value is from `valueStart` up to `end`. */
export interface TextMember {
  name: string;
  start: number;
  valueStart: number;
  end: number;
}

/** The members in the text of an object, in their order. @param json an object that JSON.parse takes */
export function textMembersOf(json: string): TextMember[] {
  const members: TextMember[] = [];
  for (let start = skipBlanks(json, json.indexOf('{') + 1); json[start] === '"'; ) {
    const nameEnd = endOfString(json, start);
    const quoted = json.slice(start, nameEnd);
    const name = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
    const valueStart = skipBlanks(json, json.indexOf(':', nameEnd) + 1);
    const end = endOfValue(json, valueStart);
    members.push({ name, start, valueStart, end });
    const next = skipBlanks(json, end);
    start = json[next] === ',' ? skipBlanks(json, next + 1) : next;
  }
  return members;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The position after the value that begins at a position. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || code <= SPACE)) return at;
  }
  return json.length;
}

/** The position after a string. */
function endOfString(json: string, quote: number): number {
  for (let end = json.indexOf('"', quote + 1); ; end = json.indexOf('"', end + 1)) {
    let first = end;
    while (json.charCodeAt(first - 1) === BACKSLASH) first--;
    // An even number of backslashes are escaped backslashes.
    if ((end - first) % 2 === 0) return end + 1;
  }
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (json.charCodeAt(at) <= SPACE) at++;
  return at;
}
