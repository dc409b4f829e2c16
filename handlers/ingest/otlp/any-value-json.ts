import type { AnyValue, Attributes, ValueCount } from './otlp-encoding.ts';

export type Json = Record<string, unknown>;

/** The integers of 64 bits have 19 digits and a sign, or 20 digits. */
const INTEGER = /^-?\d{1,20}$/;

/** Names of fields in lowerCamelCase, and in snake_case. */
const SNAKE_CASE = new Map<string, string>();

const BASE64 = /^[\w+/=-]*$/;

type Reader = (value: unknown, depth: number, count: ValueCount) => AnyValue;

/** How each field of an AnyValue is read. */
const FIELDS: Record<string, Reader> = {
  stringValue: textOf,
  boolValue: booleanOf,
  intValue: int64Of,
  doubleValue: doubleOf,
  arrayValue: (value, depth, count) => listOf(value).map((element) => anyValueOf(element, depth + 1, count)),
  kvlistValue: (value, depth, count) => attributesOf(listOf(value), depth, count),
  bytesValue: bytesOf,
};
const READERS = new Map(
  Object.entries(FIELDS).flatMap(([name, read]) => [
    [name, read] as const,
    [toSnakeCase(name), read] as const,
  ]),
);

/**
 * The value in an AnyValue of OTLP's JSON.
 * @param depth in which it is nested, from 1
 * @throws Error if it is none, because a value of another form would be lost
 */
export function anyValueOf(value: unknown, depth: number, count: ValueCount): AnyValue {
  count.add(depth);
  const any = objectOf(value, 'a value');
  for (const name of Object.keys(any)) {
    if (any[name] === null) continue;
    const read = READERS.get(name);
    if (!read) throw new TypeError(`a value has ${name}, which is no field of an AnyValue`);
    return read(any[name], depth, count);
  }
  return null;
}

/** The attributes in a list of KeyValue. @throws Error if it is none */
export function attributesOf(pairs: unknown, depth: number, count: ValueCount): Attributes {
  const attributes: Attributes = new Map();
  if (pairs === undefined) return attributes;
  if (!Array.isArray(pairs)) throw new TypeError('it has attributes that are not a list of key and value');
  for (const pair of pairs) {
    const given = objectOf(pair, 'an attribute');
    const value = fieldOf(given, 'value');
    count.add(depth + 1);
    attributes.set(
      textOf(fieldOf(given, 'key')),
      value === undefined ? null : anyValueOf(value, depth + 1, count),
    );
  }
  return attributes;
}

/** A value as an AnyValue of OTLP's JSON. */
export function toAnyValue(value: AnyValue): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: Number.isFinite(value) ? value : String(value) };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  return value ? { kvlistValue: { values: toKeyValues(value) } } : {};
}

export function toKeyValues(attributes: Attributes): Json[] {
  return Array.from(attributes, ([key, value]) => ({ key, value: toAnyValue(value) }));
}

/** A field by its name in lowerCamelCase or in snake_case, as in protobuf's JSON. Null is like not sent. */
export function fieldOf(message: Json, name: string): unknown {
  return message[name] ?? message[toSnakeCase(name)] ?? undefined;
}

function toSnakeCase(name: string): string {
  let snakeCase = SNAKE_CASE.get(name);
  if (snakeCase === undefined) {
    snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    SNAKE_CASE.set(name, snakeCase);
  }
  return snakeCase;
}

export function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${what} is not an object`);
  return value as Json;
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null)
    throw new TypeError('it has an object where a text is expected');
  return value === undefined || value === null ? '' : String(value);
}

/** An integer as text or as a number. @throws RangeError if it has a fraction or too many digits */
export function integerOf(value: unknown): bigint {
  const text = textOf(value);
  if (text === '') return 0n;
  // Converting a million digits would take seconds.
  if (INTEGER.test(text)) return BigInt(text);
  const number = Number(text);
  if (!Number.isInteger(number) || Math.abs(number) >= 2 ** 64)
    throw new RangeError('it has a value that is not an integer of 64 bits');
  return BigInt(number);
}

function int64Of(value: unknown): bigint {
  const integer = integerOf(value);
  if (BigInt.asIntN(64, integer) !== integer) throw new RangeError('an intValue has more than 64 bits');
  return integer;
}

function booleanOf(value: unknown): boolean {
  const text = String(value);
  if (text !== 'true' && text !== 'false') throw new TypeError('a boolValue is neither true nor false');
  return text === 'true';
}

function doubleOf(value: unknown): number {
  const text = textOf(value);
  const number = Number(text);
  if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN'))
    throw new TypeError('a doubleValue is not a number');
  return number;
}

function bytesOf(value: unknown): Buffer {
  const text = textOf(value);
  if (!BASE64.test(text)) throw new TypeError('a bytesValue is not base64');
  return Buffer.from(text, 'base64');
}

/** The values of an ArrayValue or a KeyValueList. */
function listOf(value: unknown): unknown[] {
  const values = fieldOf(objectOf(value, 'a list'), 'values') ?? [];
  if (!Array.isArray(values)) throw new TypeError('a list has values that are not a list');
  return values;
}
