import type { Attributes, LogEntry } from '../entities/entry.ts';
import { parseExactly } from '../entities/json-text.ts';
import { type AttributeFilter, mayBeObject } from '../entities/matches.ts';
import { exactAttributes } from './entry-text.ts';
import { isShallow } from './is-entry.ts';

/** A name in a filter of the service has at most so many. Far deeper values end JSON.stringify. */
const MOST_LEVELS = 32;

/**
 * The attributes of an entry that have a plain value or a list, nested ones too, each as the filter that finds it. The
 * members of a message that is a JSON object are attributes too.
 */
export function attributesOf(entry: LogEntry): AttributeFilter[] {
  const found: AttributeFilter[] = [];
  for (const members of objectsOf(entry)) collect(members, '', found);
  return found;
}

/** The text of the attribute with this name; undefined where the entry has none. */
export function attributeText(entry: LogEntry, name: string): string | undefined {
  const value = attributeValue(entry, name);
  return value === undefined ? undefined : textOf(value);
}

/** The value of the attribute with this name, with numbers of many digits as texts. */
export function attributeValue(entry: LogEntry, name: string): unknown {
  for (const members of objectsOf(entry)) {
    const value = valueUnder(members, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function objectsOf(entry: LogEntry): Attributes[] {
  const { attributes, message } = entry;
  return [
    ...(attributes ? [exactAttributes(attributes)] : []),
    ...(mayBeObject(message) ? membersOf(entry) : []),
  ];
}

/** A row is drawn again and again. */
const known = new WeakMap<LogEntry, Attributes[]>();

/** The message as an object, in a list; none where it only looks like JSON, or is nested too deeply. */
function membersOf(entry: LogEntry): Attributes[] {
  const members = known.get(entry) ?? parse(entry.message);
  known.set(entry, members);
  return members;
}

function parse(message: string): Attributes[] {
  try {
    const value = parseExactly(message) as Attributes;
    return isShallow(value, MOST_LEVELS) ? [value] : [];
  } catch {
    return [];
  }
}

function collect(members: Attributes, prefix: string, found: AttributeFilter[]): void {
  for (const [key, value] of Object.entries(members)) {
    const name = prefix + key;
    if (isParent(value)) collect(value, `${name}.`, found);
    else found.push({ name, text: textOf(value) });
  }
}

/** A name is one key, or the keys that lead to the value, each of which may contain dots. */
function valueUnder(members: Attributes, name: string): unknown {
  if (Object.hasOwn(members, name) && !isParent(members[name])) return members[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot);
    const value = Object.hasOwn(members, key) ? members[key] : undefined;
    const found = isParent(value) ? valueUnder(value, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isParent(value: unknown): value is Attributes {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
