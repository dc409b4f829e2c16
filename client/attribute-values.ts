import type { Attributes, LogEntry } from '../entities/entry.ts';
import { exactAttributes } from './entry-text.ts';

/** An attribute by the name and the text that a filter takes: the name of a nested one is joined by dots. */
export interface AttributeValue {
  name: string;
  text: string;
}

/** The attributes of an entry that have a plain value or a list, nested ones too. */
export function attributesOf({ attributes }: LogEntry): AttributeValue[] {
  const found: AttributeValue[] = [];
  if (attributes) collect(exactAttributes(attributes), '', found);
  return found;
}

/** The text of the attribute with this name; undefined where the entry has none. */
export function attributeText({ attributes }: LogEntry, name: string): string | undefined {
  return attributes && textUnder(exactAttributes(attributes), name);
}

function collect(members: Attributes, prefix: string, found: AttributeValue[]): void {
  for (const [key, value] of Object.entries(members)) {
    const name = prefix + key;
    if (isParent(value)) collect(value, `${name}.`, found);
    else found.push({ name, text: textOf(value) });
  }
}

/** A name is one key, or the keys that lead to the value, each of which may contain dots. */
function textUnder(members: Attributes, name: string): string | undefined {
  if (Object.hasOwn(members, name)) {
    const value = members[name];
    return isParent(value) ? undefined : textOf(value);
  }
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot);
    const value = Object.hasOwn(members, key) ? members[key] : undefined;
    const text = isParent(value) ? textUnder(value, name.slice(dot + 1)) : undefined;
    if (text !== undefined) return text;
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
