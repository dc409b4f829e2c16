/**
 * Parses JSON as JSON.parse does, except that a number which JavaScript would write in another way, such as one of
 * more than 17 digits, becomes its text.
 * @throws SyntaxError as JSON.parse does
 */
export function parseExactly(json: string): unknown {
  // Few texts have such a number, and looking takes a tenth of replacing.
  if (!MAY_CHANGE.test(json)) return JSON.parse(json);
  const exact = json.replace(TOKEN, (token, at: number) =>
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

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** JSON without the white space between its tokens. */
export function compactJson(json: string): string {
  return /\s/.test(json) ? json.replace(STRING_OR_WHITESPACE, '$1') : json;
}

/** A string, which may be cut off, or white space between tokens. */
const STRING_OR_WHITESPACE = /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))|\s+/gs;
