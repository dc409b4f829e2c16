/**
 * Parses JSON as JSON.parse does, except that a number which JavaScript would write in another way, such as one of
 * more than 17 digits, becomes its text.
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  return JSON.parse(
    json.replace(STRING_OR_NUMBER, (token) =>
      token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`,
    ),
  );
}

/** A string of JSON, which may be cut off, or a number. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
