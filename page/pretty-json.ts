import { readableToken } from '../client/entry-text.ts';
import { parseJson } from '../client/log-client.ts';
import { jsonTokens } from '../entities/json-text.ts';

/** One line of laid-out JSON. */
export interface JsonLine {
  text: string;
  /** For a member with a plain value, such as `"level":"warn"`, its text in the original. */
  member?: string;
  /** The keys that lead to that member, unless it is in a list, and the text of its value. */
  path?: string[];
  value?: string;
  /** For the first line of an object or array that is long: the place of its last line, and how many items it has. */
  fold?: { end: number; items: number };
}

const INDENT = '  ';
/** An object or array of more lines than this is folded. */
const MOST_UNFOLDED = 20;
/** Indentation by hundreds of thousands of levels, which fit into a message, would fill the memory. */
const MOST_LEVELS = 100;

/**
 * A text that is a JSON object or array, laid out a member a line. Its tokens are not changed, so that numbers keep all
 * their digits, except that a text of several lines is shown as these lines. Undefined for any other text, and for one
 * that is nested more than 100 deep.
 */
export function layOutJson(text: string): JsonLine[] | undefined {
  if (!/^\s*[{[]/.test(text) || parseJson(text) === undefined) return undefined;
  const lines: JsonLine[] = [];
  let line = '';
  /** The keys that lead to the objects and arrays that are open, undefined for an item of an array. */
  const open: (string | undefined)[] = [];
  /** Where the member on this line begins and ends in the original, and its tokens. */
  let member = { from: 0, to: 0, tokens: [] as string[] };
  /** The first lines of the objects and arrays that are open, and how many items each has so far. */
  const begun: { line: number; items: number }[] = [];

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
      const { line: first = 0, items = 0 } = begun.pop() ?? {};
      const opening = lines[first];
      // The whole is not folded.
      if (opening && first > 0 && lines.length - first > MOST_UNFOLDED)
        opening.fold = { end: lines.length, items };
      begin();
      line += token;
    } else if (token === ',') {
      line += token;
      const list = begun.at(-1);
      if (list) list.items += 1;
      endLine();
    } else {
      if (previous === '{' || previous === '[') endLine();
      begin();
      line += token === ':' ? ': ' : readableToken(token);
      if (member.tokens.length === 0) member.from = index;
      member.to = index + token.length;
      member.tokens.push(token);
      if (token === '{' || token === '[') {
        const [key, colon] = member.tokens;
        if (open.length === MOST_LEVELS) return undefined;
        begun.push({ line: lines.length, items: 1 });
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
