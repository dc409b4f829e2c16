import { type AnyValue, type Attributes, type LogRecord, requireDepth } from './otlp-encoding.ts';

type Json = Record<string, unknown>;

/**
 * The log record in a value of OTLP's JSON: names in lowerCamelCase, 64-bit integers as strings or numbers, ids in
 * hexadecimal. Fields that are not read are ignored, and null means that a field was not sent.
 * @throws Error if the value is not a log record, is nested too deeply, or has an integer of more than 64 bits
 */
export function fromOtlpJson(value: unknown): LogRecord {
  const record = objectOf(value, 'it');
  return {
    timeUnixNano: integerOf(record.timeUnixNano),
    observedTimeUnixNano: integerOf(record.observedTimeUnixNano),
    severityNumber: severityNumberOf(record.severityNumber),
    severityText: textOf(record.severityText),
    body: isSet(record.body) ? anyValueOf(record.body, 1) : null,
    attributes: attributesOf(record.attributes, 0),
    traceId: textOf(record.traceId),
    spanId: textOf(record.spanId),
    eventName: textOf(record.eventName),
  };
}

/** The value of OTLP's JSON for a log record. Fields that have their default are left out. */
export function toOtlpJson(record: LogRecord): Json {
  const fields: Json = {
    ...record,
    timeUnixNano: record.timeUnixNano && String(record.timeUnixNano),
    observedTimeUnixNano: record.observedTimeUnixNano && String(record.observedTimeUnixNano),
    body: record.body !== null && toAnyValue(record.body),
    attributes: record.attributes.size > 0 && toKeyValues(record.attributes),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}

function anyValueOf(value: unknown, depth: number): AnyValue {
  requireDepth(depth);
  const any = objectOf(value, 'a value');
  if (isSet(any.stringValue)) return textOf(any.stringValue);
  if (isSet(any.boolValue)) return Boolean(any.boolValue);
  if (isSet(any.intValue)) return int64Of(any.intValue);
  if (isSet(any.doubleValue)) return Number(any.doubleValue);
  if (isSet(any.arrayValue)) return listOf(any.arrayValue).map((element) => anyValueOf(element, depth + 1));
  if (isSet(any.kvlistValue)) return attributesOf(listOf(any.kvlistValue), depth);
  if (isSet(any.bytesValue)) return Buffer.from(textOf(any.bytesValue), 'base64');
  return null;
}

function attributesOf(pairs: unknown, depth: number): Attributes {
  const attributes: Attributes = new Map();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    const { key, value } = objectOf(pair, 'an attribute');
    attributes.set(textOf(key), isSet(value) ? anyValueOf(value, depth + 1) : null);
  }
  return attributes;
}

function toAnyValue(value: AnyValue): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: Number.isFinite(value) ? value : String(value) };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  return value ? { kvlistValue: { values: toKeyValues(value) } } : {};
}

function toKeyValues(attributes: Attributes): Json[] {
  return Array.from(attributes, ([key, value]) => ({ key, value: toAnyValue(value) }));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what} is not an object`);
  return value as Json;
}

/** The values of an ArrayValue or a KeyValueList. */
function listOf(value: unknown): unknown[] {
  const { values } = objectOf(value, 'a list');
  return Array.isArray(values) ? values : [];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null)
    throw new TypeError('it has an object where a text is expected');
  return isSet(value) ? String(value) : '';
}

function integerOf(value: unknown): bigint {
  return typeof value === 'number' ? BigInt(value) : BigInt(textOf(value));
}

/** JSON may bring integers of a million digits, which take seconds to convert to text. */
function int64Of(value: unknown): bigint {
  const integer = integerOf(value);
  if (BigInt.asIntN(64, integer) !== integer) throw new RangeError('an intValue has more than 64 bits');
  return integer;
}

const SEVERITY_NAME = /^SEVERITY_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)([2-4]?)$/;
const SEVERITY_NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** OTLP wants the number. Generic protobuf libraries write the name, such as SEVERITY_NUMBER_WARN2. */
function severityNumberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const named = typeof value === 'string' ? SEVERITY_NAME.exec(value) : null;
  return named ? SEVERITY_NAMES.indexOf(String(named[1])) * 4 + Number(named[2] || 1) : 0;
}
