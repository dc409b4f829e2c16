import type { Fault } from '../../../entities/dead-letter.ts';
import type { LogEntry, Severity } from '../../../entities/entry.ts';
import { isId } from '../entry-schema.ts';
import { severityOfText } from '../severity.ts';
import type { AnyValue, Attributes, LogRecord, Origin } from './otlp-encoding.ts';

/** From OpenTelemetry's semantic conventions: a unique identifier of the log record. */
const UID_ATTRIBUTE = 'log.record.uid';

/** The lowest SeverityNumber of each range, and the highest of all. */
const SEVERITY_NUMBERS = { warning: 13, error: 17, highest: 24 };

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const END_OF_FIXED64 = 2n ** 64n;

/**
 * The entry in a log record, which is still to be checked like any other; or why there is none.
 * @param origin the resource and the scope of the record
 * @param deriveId makes the id of a record that has none of its own
 */
export function toEntryValue(
  record: LogRecord,
  origin: { resource: Origin; scope: Origin },
  deriveId: () => string,
): { value: LogEntry } | { errors: Fault[] } {
  const time = record.timeUnixNano || record.observedTimeUnixNano;
  // The time of arrival would make another entry of the record each time it is sent again.
  if (time === 0n)
    return fault('timeUnixNano', 'is 0, and so is observedTimeUnixNano: let the sender set one of them');
  if (time < 0n || time >= END_OF_FIXED64)
    return fault('timeUnixNano', 'must be nanoseconds since 1970 in 64 bits');
  const attributes = attributesOf(record, origin);
  return {
    value: {
      id: uidOf(record) ?? deriveId(),
      datetime: datetimeOf(time),
      severity: severityOf(record),
      message: messageOf(record),
      ...(attributes.size > 0 && { attributes: toObject(attributes) }),
    },
  };
}

function fault(path: string, message: string): { errors: Fault[] } {
  return { errors: [{ path, message }] };
}

function uidOf({ attributes }: LogRecord): string | undefined {
  const uid = attributes.get(UID_ATTRIBUTE);
  return typeof uid === 'string' && isId(uid) ? uid : undefined;
}

function datetimeOf(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / NANOSECONDS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % NANOSECONDS_PER_SECOND).padStart(9, '0')}Z`;
}

/** TRACE, DEBUG and INFO are info, FATAL is error. If the number is unspecified or unknown, the text decides. */
function severityOf({ severityNumber, severityText }: LogRecord): Severity {
  if (severityNumber > 0 && severityNumber <= SEVERITY_NUMBERS.highest) {
    if (severityNumber >= SEVERITY_NUMBERS.error) return 'error';
    return severityNumber >= SEVERITY_NUMBERS.warning ? 'warning' : 'info';
  }
  return severityOfText(severityText);
}

/** A body that is text as it is, any other body as JSON. An event may have a name instead. */
function messageOf({ body, eventName }: LogRecord): string {
  if (typeof body === 'string') return body;
  return body === null ? eventName : JSON.stringify(toPlain(body));
}

/**
 * The attributes of the record, of its scope and of its resource, and what OTLP has fields for, under the names of
 * the semantic conventions. Where a name occurs twice, the first in this order counts.
 */
function attributesOf(
  record: LogRecord,
  { resource, scope }: { resource: Origin; scope: Origin },
): Attributes {
  const attributes: Attributes = new Map(record.attributes);
  const add = (name: string, value: AnyValue) => {
    if (value !== '' && !attributes.has(name)) attributes.set(name, value);
  };
  add('trace_id', record.traceId);
  add('span_id', record.spanId);
  add('severity_text', record.severityText);
  add('event.name', record.eventName);
  for (const [name, value] of scope.attributes) if (!attributes.has(name)) attributes.set(name, value);
  add('otel.scope.name', scope.name);
  add('otel.scope.version', scope.version);
  for (const [name, value] of resource.attributes) if (!attributes.has(name)) attributes.set(name, value);
  return attributes;
}

/** A value as JSON can hold it. A number that JSON or a double cannot hold becomes text, bytes become base64. */
function toPlain(value: AnyValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toPlain);
  return value instanceof Map ? toObject(value) : value;
}

function toObject(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(Array.from(attributes, ([key, value]) => [key, toPlain(value)]));
}
