import { isUtf8 } from 'node:buffer';
import { parseExactly } from '../../../entities/json-text.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { bracketed, type Member, membersOf, partsOf } from '../json-spans.ts';
import { isArray, isObject, requireModest, trim } from '../json-value.ts';
import {
  type AnyValue,
  type KeyValues,
  type LogRecord,
  MESSAGES,
  type MessageKind,
  type OtlpEncoding,
  type OtlpField,
  type RecordSource,
  ValueCount,
} from './otlp-encoding.ts';

/** OTLP in JSON, by protobuf's JSON mapping. Names are in lowerCamelCase or in snake_case. Null is like not sent. */
export const OTLP_JSON: OtlpEncoding = {
  contentType: 'application/json',

  openRequest(body) {
    const all = trim(body, { start: 0, end: body.length });
    const request = isObject(body, all) ? bracketed(body, all) : undefined;
    if (request?.end !== all.end)
      throw new HttpProblem(400, 'The body is not a JSON object: send an ExportLogsServiceRequest of OTLP');
    return body.subarray(request.start, request.end);
  },

  *fieldsOf(message, kind) {
    for (const member of membersOf(message, { start: 0, end: message.length }))
      yield* valuesOf(message, member, kind);
  },

  decodeRecord: (record) => toLogRecord(parse(record)),

  decodeSource: (message) => toRecordSource(parse(message)),

  textOf: (part) => part.toString(isUtf8(part) ? 'utf8' : 'latin1'),
};

const NULL = Buffer.from('null');
const SINGLE_FIELDS = new Set(['resource', 'scope', 'schemaUrl']);

/** The values of a member of a message: the elements of a list, if the field is repeated. */
function* valuesOf(message: Buffer, member: Member, kind: MessageKind): Generator<OtlpField> {
  const name = toLowerCamelCase(member.name);
  const { value } = member;
  const bytes = message.subarray(value.start, value.end);
  if (bytes.equals(NULL)) return;
  if (!(name in MESSAGES[kind])) {
    const isIgnorable = !isArray(message, value) && !isObject(message, value);
    yield { name, value: bytes, fault: `is no field of ${kind} in OTLP`, isIgnorable };
  } else if (SINGLE_FIELDS.has(name)) yield { name, value: bytes };
  else if (!isArray(message, value)) yield { name, value: bytes, fault: 'is not a list of objects' };
  else
    for (const element of partsOf(message, value)) {
      const isMessage = name === 'logRecords' || isObject(message, element);
      const fault = isMessage ? undefined : 'has an element that is not an object';
      yield { name, value: message.subarray(element.start, element.end), fault };
    }
}

function toLowerCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function parse(json: Buffer): unknown {
  if (!isUtf8(json)) throw new Error('it is not UTF-8');
  requireModest(json, { start: 0, end: json.length });
  return parseExactly(json.toString());
}

/**
 * The log record in a value of OTLP's JSON. Integers of 64 bits are strings or numbers, ids are in hexadecimal. Fields
 * that are not read are ignored.
 * @throws Error if the value is not a log record, has a value that is not an AnyValue, too many or too deep ones, or an
 *   integer of more than 64 bits
 */
export function toLogRecord(value: unknown): LogRecord {
  const record = objectOf(value, 'it');
  const count = new ValueCount();
  return {
    timeUnixNano: integerOf(record.timeUnixNano),
    observedTimeUnixNano: integerOf(record.observedTimeUnixNano),
    severityNumber: severityNumberOf(record.severityNumber),
    severityText: textOf(record.severityText),
    body: record.body === undefined ? null : anyValueOf(record.body, 1, count),
    attributes: keyValuesOf(record.attributes, 0, count),
    traceId: textOf(record.traceId),
    spanId: textOf(record.spanId),
    eventName: textOf(record.eventName),
  };
}

function toRecordSource(value: unknown): RecordSource {
  const { name, version, attributes } = objectOf(value, 'its resource or scope');
  return {
    name: textOf(name),
    version: textOf(version),
    attributes: keyValuesOf(attributes, 0, new ValueCount()),
  };
}

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const SEVERITY_NAME = new RegExp(`^SEVERITY_NUMBER_(${SEVERITIES.join('|')})([2-4]?)$`);

/** OTLP wants the number. Generic protobuf libraries write the name, such as SEVERITY_NUMBER_WARN2. */
function severityNumberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const named = typeof value === 'string' ? SEVERITY_NAME.exec(value) : null;
  return named ? SEVERITIES.indexOf(String(named[1])) * 4 + Number(named[2] || 1) : 0;
}

/** How each field of an AnyValue is read. */
const ANY_VALUE = new Map<string, (value: unknown, depth: number, count: ValueCount) => AnyValue>([
  ['stringValue', textOf],
  ['boolValue', booleanOf],
  ['intValue', int64Of],
  ['doubleValue', doubleOf],
  ['arrayValue', (list, depth, count) => elementsOf(list).map((one) => anyValueOf(one, depth + 1, count))],
  ['kvlistValue', (list, depth, count) => keyValuesOf(elementsOf(list), depth, count)],
  ['bytesValue', bytesOf],
]);

/** @throws Error if the value is not an AnyValue, because a value of another form would be lost */
function anyValueOf(value: unknown, depth: number, count: ValueCount): AnyValue {
  count.add(depth);
  const fields = objectOf(value, 'a value');
  const [name] = Object.keys(fields);
  if (name === undefined) return null;
  const read = ANY_VALUE.get(name);
  if (!read) throw new TypeError(`a value has ${name}, which is no field of an AnyValue`);
  return read(fields[name], depth, count);
}

/** The attributes in a list of KeyValue. @throws Error if it is not such a list */
function keyValuesOf(pairs: unknown, depth: number, count: ValueCount): KeyValues {
  const attributes: KeyValues = { pairs: [] };
  if (pairs === undefined) return attributes;
  if (!Array.isArray(pairs)) throw new TypeError('it has attributes that are not a list of key and value');
  for (const pair of pairs) {
    const { key, value } = objectOf(pair, 'an attribute');
    count.add(depth + 1);
    attributes.pairs.push([textOf(key), value === undefined ? null : anyValueOf(value, depth + 1, count)]);
  }
  return attributes;
}

/** The values of an ArrayValue or a KeyValueList. */
function elementsOf(list: unknown): unknown[] {
  const { values = [] } = objectOf(list, 'a list');
  if (!Array.isArray(values)) throw new TypeError('a list has values that are not a list');
  return values;
}

/** The fields of a message that were sent, by their names in lowerCamelCase. */
function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${what} is not an object`);
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields);
  if (names.every((name) => fields[name] !== null && !name.includes('_'))) return fields;
  const sent = names.filter((name) => fields[name] !== null);
  return Object.fromEntries(sent.map((name) => [toLowerCamelCase(name), fields[name]]));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null)
    throw new TypeError('it has an object where a text is expected');
  return value === undefined || value === null ? '' : String(value);
}

/** An integer as text or as a number. @throws RangeError if it has a fraction or too many digits */
function integerOf(value: unknown): bigint {
  const text = textOf(value);
  if (text === '') return 0n;
  // 64 bits have at most 20 digits. Converting a million digits would take seconds.
  if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
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
  if (!/^[\w+/=-]*$/.test(text)) throw new TypeError('a bytesValue is not base64');
  return Buffer.from(text, 'base64');
}
