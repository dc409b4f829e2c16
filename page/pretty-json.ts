/** One line of laid-out JSON. */
export interface JsonLine {
  text: string;
  /** For a member with a plain value, such as `"level":"warn"`, the text as it stands in the original. */
  member?: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = '  ';

/**
 * A text that is a JSON object or array, laid out a member a line. The tokens stay as they are, so that a number
 * with many digits loses none. Undefined for any other text.
 */
export function layOutJson(text: string): JsonLine[] | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined;
  const lines: JsonLine[] = [];
  let line = '';
  let depth = 0;
  /** Where the member on this line began and ended in the original, and of how many tokens it is. */
  let member = { from: 0, to: 0, tokens: 0 };

  const endLine = () => {
    if (line !== '')
      lines.push({ text: line, ...(member.tokens === 3 && { member: text.slice(member.from, member.to) }) });
    line = '';
    member = { from: 0, to: 0, tokens: 0 };
  };
  const begin = () => {
    if (line === '') line = INDENT.repeat(depth);
  };

  const tokens = [...text.matchAll(TOKEN)];
  for (const [place, { 0: token, index }] of tokens.entries()) {
    const previous = tokens[place - 1]?.[0] ?? '';
    const isEmpty = (previous === '{' && token === '}') || (previous === '[' && token === ']');
    if (token === '}' || token === ']') {
      depth -= 1;
      if (!isEmpty) endLine();
      begin();
      line += token;
    } else if (token === ',') {
      line += token;
      endLine();
    } else {
      if (previous === '{' || previous === '[') endLine();
      begin();
      line += token === ':' ? ': ' : token;
      if (token === '{' || token === '[') depth += 1;
      if (member.tokens === 0) member.from = index;
      member.to = index + token.length;
      member.tokens += token === '{' || token === '[' ? 4 : 1;
    }
  }
  endLine();
  return lines;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
