import { membersOf, parseExactly, parseWithAllMembers, plainValueOf } from './json-text.ts';

/**
 * How texts are compared: `sensitive` tells upper and lower case apart, `smart` only for a text that has an
 * upper-case letter.
 */
export const TEXT_CASES = ['sensitive', 'smart'] as const;
export type TextCase = (typeof TEXT_CASES)[number];

/** Texts that a message must contain, all of them, and must not contain, any of them. */
export interface TextFilter {
  contains?: string[];
  excludes?: string[];
  /** Default: sensitive. */
  textCase?: TextCase;
}

/** Whether a text matches in upper and lower case alike. */
export function foldsCase(text: string, textCase: TextCase | undefined): boolean {
  return textCase === 'smart' && text !== text.toUpperCase() && !/[\p{Lu}\p{Lt}]/u.test(text);
}

/** Makes a function that tells whether a message matches a filter. */
export function matchTexts({
  contains = [],
  excludes = [],
  textCase,
}: TextFilter): (message: string) => boolean {
  const toSought = (text: string) => ({ text, isFolded: foldsCase(text, textCase) });
  const wanted = contains.map(toSought);
  const unwanted = excludes.map(toSought);
  const needsFolding = [...wanted, ...unwanted].some(({ isFolded }) => isFolded);
  return (message) => {
    const folded = needsFolding ? message.toLowerCase() : message;
    const has = ({ text, isFolded }: ReturnType<typeof toSought>) =>
      (isFolded ? folded : message).includes(text);
    return wanted.every(has) && !unwanted.some(has);
  };
}

/** An attribute that entries are chosen by: its name, nested ones joined by dots, and the text of its value. */
export interface AttributeFilter {
  name: string;
  text: string;
}

/**
 * Whether attributes, as the compact JSON text of an object, include all that are wanted and none that are unwanted. Of
 * several values under a name, as of `{"a":{"b":1},"a.b":2}`, any can be the one.
 */
export function matchAttributes(
  json: string | undefined,
  wanted: AttributeFilter[],
  unwanted: AttributeFilter[] = [],
): boolean {
  if (wanted.length === 0 && unwanted.length === 0) return true;
  if (json === undefined) return wanted.length === 0;
  const mayBeEscaped = json.includes('\\');
  let attributes: unknown;
  let whole: unknown;
  const has = (filter: AttributeFilter) => {
    if (!mayBeEscaped && !mayHaveText(json, filter.text)) return false;
    attributes ??= parseExactly(json);
    const keys: string[] = [];
    if (hasValue(attributes, filter, keys)) return true;
    if (!keys.some((key) => mayOccurTwice(json, key))) return false;
    whole ??= parseWithAllMembers(json);
    return hasMember(whole, filter);
  };
  return wanted.every(has) && !unwanted.some(has);
}

/** Whether the text of a value may be that of one in a JSON without escapes. Objects and lists may be written anew. */
function mayHaveText(json: string, text: string): boolean {
  return /^[[{]/.test(text) || json.includes(text);
}

/**
 * Whether a value is under a name that is a key as a whole, or a path of keys, each of which may contain dots. It looks
 * at each key once at most, so it takes no longer than reading the value, whatever the name is.
 * @param keys receives the keys that the name begins with
 */
function hasValue(value: unknown, { name, text }: AttributeFilter, keys: string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  // A list has its indexes as keys, but not its length.
  if (Object.prototype.propertyIsEnumerable.call(value, name)) {
    keys.push(name);
    if (textOf(members[name]) === text) return true;
  }
  if (!name.includes('.')) return false;
  return Object.keys(members).some((key) => {
    if (!isBeginning(key, name)) return false;
    keys.push(key);
    return hasValue(members[key], { name: name.slice(key.length + 1), text }, keys);
  });
}

/** The same for a value with all its members. */
function hasMember(value: unknown, { name, text }: AttributeFilter): boolean {
  return membersOf(value).some(([key, member]) =>
    key === name
      ? textOf(plainValueOf(member)) === text
      : isBeginning(key, name) && hasMember(member, { name: name.slice(key.length + 1), text }),
  );
}

function isBeginning(key: string, name: string): boolean {
  return name[key.length] === '.' && name.startsWith(key);
}

/** Whether a key may be the name of several members of one object, of which JSON.parse keeps the last. */
function mayOccurTwice(json: string, key: string): boolean {
  const name = `${JSON.stringify(key)}:`;
  if (json.includes(name, json.indexOf(name) + 1)) return true;
  return json.includes('\\') && ESCAPED_NAME.test(json);
}

/** A name that JSON.stringify would write in another way. It takes no longer than reading the text. */
const ESCAPED_NAME = /[{,]"[^"\\]*(?:\\[^u/][^"\\]*)*\\[u/][^"\\]*(?:\\.[^"\\]*)*":/s;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
