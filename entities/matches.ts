import { compactJson, membersOf, parseExactly, parseWithAllMembers, plainValueOf } from './json-text.ts';

/**
 * How texts are compared: `sensitive` tells upper and lower case apart, `smart` only for a text that has an
 * upper-case letter.
 */
export const TEXT_CASES = ['sensitive', 'smart'] as const;
export type TextCase = (typeof TEXT_CASES)[number];

/** Texts that a message must contain, all of them, and must not contain, any of them. */
export interface TextFilter {
  contains?: readonly string[];
  excludes?: readonly string[];
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
 * Whether an entry has all attributes that are wanted and none that are unwanted. The members of a message that is a
 * JSON object count as attributes. Of several values under a name, as of `{"a":{"b":1},"a.b":2}`, any can be the one.
 * @param json the attributes as compact JSON
 */
export function matchAttributes(
  json: string | undefined,
  wanted: readonly AttributeFilter[],
  unwanted: readonly AttributeFilter[] = [],
  message = '',
): boolean {
  if (wanted.length === 0 && unwanted.length === 0) return true;
  if (json === undefined && !mayBeObject(message)) return wanted.length === 0;
  const isInAttributes = json === undefined ? () => false : memberFinder(json);
  const isInMessage = messageFinder(message);
  const has = (filter: AttributeFilter) => isInAttributes(filter) || isInMessage(filter);
  return wanted.every(has) && !unwanted.some(has);
}

type Finder = (filter: AttributeFilter) => boolean;

/** Looks for members in the JSON of an object, which is parsed only if it may have them. It throws as JSON.parse does. */
function memberFinder(json: string): Finder {
  const mayBeEscaped = json.includes('\\');
  let value: unknown;
  let compact: string | undefined;
  let whole: unknown;
  return (filter) => {
    if (!mayBeEscaped && !mayHaveText(json, filter.text)) return false;
    value ??= parseExactly(json);
    const keys: string[] = [];
    if (hasValue(value, filter, keys)) return true;
    if (keys.length === 0) return false;
    compact ??= compactJson(json);
    if (!mayOccurTwice(compact, keys)) return false;
    whole ??= parseWithAllMembers(compact);
    return hasMember(whole, filter);
  };
}

/** The same for a message, which may be an object, or may only look like one. */
function messageFinder(message: string): Finder {
  if (!mayBeObject(message)) return () => false;
  let find = memberFinder(message);
  return (filter) => {
    try {
      return find(filter);
    } catch (error) {
      // It is no JSON, or it is nested deeper than the stack.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      find = () => false;
      return false;
    }
  };
}

/** Whether a message may be a JSON object. */
export function mayBeObject(message: string): boolean {
  return OBJECT.test(message);
}

const OBJECT = /^\s*\{/;

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

/** Whether one of these keys may be the name of several members of one object, of which JSON.parse keeps the last. */
function mayOccurTwice(json: string, keys: string[]): boolean {
  const names = keys.map((key) => `${JSON.stringify(key)}:`);
  if (names.some((name) => json.includes(name, json.indexOf(name) + 1))) return true;
  return json.includes('\\') && ESCAPED_NAME.test(json);
}

/** A name that JSON.stringify would write in another way. It takes no longer than reading the text. */
const ESCAPED_NAME = /[{,]"[^"\\]*(?:\\[^u/][^"\\]*)*\\[u/][^"\\]*(?:\\.[^"\\]*)*":/s;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
