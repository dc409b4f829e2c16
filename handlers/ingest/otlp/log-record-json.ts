import {
  anyValueOf,
  attributesOf,
  fieldOf,
  integerOf,
  type Json,
  objectOf,
  textOf,
  toAnyValue,
  toKeyValues,
} from './any-value-json.ts';
import { type LogRecord, type Origin, ValueCount } from './otlp-encoding.ts';

/**
 * The log record in a value of OTLP's JSON: names in lowerCamelCase or snake_case, 64-bit integers as strings or
 * numbers, ids in hexadecimal. Fields that are not read are ignored, and null means that a field was not sent.
 * @throws Error if the value is not a log record, has a value that is no AnyValue, too many or too deep ones, or an
 *   integer of more than 64 bits
 */
export function fromOtlpJson(value: unknown): LogRecord {
  const record = objectOf(value, 'it');
  const field = (name: string) => fieldOf(record, name);
  const body = field('body');
  const count = new ValueCount();
  return {
    timeUnixNano: integerOf(field('timeUnixNano')),
    observedTimeUnixNano: integerOf(field('observedTimeUnixNano')),
    severityNumber: severityNumberOf(field('severityNumber')),
    severityText: textOf(field('severityText')),
    body: body === undefined ? null : anyValueOf(body, 1, count),
    attributes: attributesOf(field('attributes'), 0, count),
    traceId: textOf(field('traceId')),
    spanId: textOf(field('spanId')),
    eventName: textOf(field('eventName')),
  };
}

/** What is read of a Resource or an InstrumentationScope in OTLP's JSON. @throws Error as for a log record */
export function originFromOtlpJson(value: unknown): Origin {
  const origin = objectOf(value, 'its resource or scope');
  return {
    name: textOf(fieldOf(origin, 'name')),
    version: textOf(fieldOf(origin, 'version')),
    attributes: attributesOf(fieldOf(origin, 'attributes'), 0, new ValueCount()),
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

const SEVERITY_NAME = /^SEVERITY_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)([2-4]?)$/;
const SEVERITY_NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** OTLP wants the number. Generic protobuf libraries write the name, such as SEVERITY_NUMBER_WARN2. */
function severityNumberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const named = typeof value === 'string' ? SEVERITY_NAME.exec(value) : null;
  return named ? SEVERITY_NAMES.indexOf(String(named[1])) * 4 + Number(named[2] || 1) : 0;
}
