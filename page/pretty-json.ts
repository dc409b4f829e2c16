import { jsonTokens } from '../entities/json-text.ts';

/** One line of laid-out JSON. */
export interface JsonLine {
  text: string;
  /** For a member with a plain value, such as `"level":"warn"`, the text as it stands in the original. */
  member?: string;
  /** The keys that lead to that member, unless it is in a list, and the text of its value. */
  path?: string[];
  value?: string;
}

const INDENT = '  ';

/**
 * A text that is a JSON object or array, laid out a member a line. The tokens stay as they are, so that a number
 * with many digits loses none. Undefined for any other text.
 */
export function layOutJson(text: string): JsonLine[] | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined;
  const lines: JsonLine[] = [];
  let line = '';
  /** The keys of the objects that are open, undefined for what has none. */
  const open: (string | undefined)[] = [];
  /** Where the member on this line began and ended in the original, and of which tokens it is. */
  let member = { from: 0, to: 0, tokens: [] as string[] };

  const endLine = () => {
    if (line !== '') lines.push({ text: line, ...plainMember() });
    line = '';
    member = { from: 0, to: 0, tokens: [] };
  };
  const plainMember = (): Omit<JsonLine, 'text'> => {
    const [key = '', colon, value = ''] = member.tokens;
    if (colon !== ':' || value === '{' || value === '[') return {};
    const keys = [...open.slice(1), textOf(key)];
    return {
      member: text.slice(member.from, member.to),
      ...(!keys.includes(undefined) && { path: keys as string[] }),
      value: textOf(value),
    };
  };
  const begin = () => {
    if (line === '') line = INDENT.repeat(open.length);
  };

  const tokens = [...jsonTokens(text)];
  for (const [place, { token, index }] of tokens.entries()) {
    const previous = tokens[place - 1]?.token ?? '';
    const isEmpty = (previous === '{' && token === '}') || (previous === '[' && token === ']');
    if (token === '}' || token === ']') {
      if (!isEmpty) endLine();
      open.pop();
      begin();
      line += token;
    } else if (token === ',') {
      line += token;
      endLine();
    } else {
      if (previous === '{' || previous === '[') endLine();
      begin();
      line += token === ':' ? ': ' : token;
      if (member.tokens.length === 0) member.from = index;
      member.to = index + token.length;
      member.tokens.push(token);
      if (token === '{' || token === '[') {
        const [key, colon] = member.tokens;
        open.push(colon === ':' && key !== undefined ? textOf(key) : undefined);
      }
    }
  }
  endLine();
  return lines;
}

/** The text of a JSON string, and any other value as it is written. */
function textOf(token: string): string {
  return token.startsWith('"') ? JSON.parse(token) : token;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
