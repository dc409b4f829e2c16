import type { Fault } from '../../entities/dead-letter.ts';
import type { LogEntry, Severity } from '../../entities/entry.ts';
import { ID_LIMIT_BYTES } from '../limits.ts';
import type { AnyValue, Attributes, LogRecord } from './otlp-encoding.ts';

/** From OpenTelemetry's semantic conventions: a unique identifier of the log record. */
const UID_ATTRIBUTE = 'log.record.uid';

/** The lowest SeverityNumber of each range, and the highest of all. */
const SEVERITY_NUMBERS = { warning: 13, error: 17, highest: 24 };

/** How severity texts begin, alone or before a number or a colon. */
const ERROR_TEXT = /^(err|fatal|crit|alert|emerg|panic|severe)/i;
const WARNING_TEXT = /^warn/i;

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const END_OF_FIXED64 = 2n ** 64n;

/**
 * The entry in a log record, which is still to be checked like any other; or why there is none.
 * @param deriveId makes the id of a record that has none of its own
 */
export function toEntryValue(
  record: LogRecord,
  deriveId: () => string,
): { value: LogEntry } | { errors: Fault[] } {
  const time = record.timeUnixNano || record.observedTimeUnixNano;
  // The time of arrival would make another entry of the record each time it is sent again.
  if (time === 0n)
    return fault('timeUnixNano', 'is 0, and so is observedTimeUnixNano: let the sender set one of them');
  if (time < 0n || time >= END_OF_FIXED64)
    return fault('timeUnixNano', 'must be nanoseconds since 1970 in 64 bits');
  return {
    value: {
      id: uidOf(record) ?? deriveId(),
      datetime: datetimeOf(time),
      severity: severityOf(record),
      message: messageOf(record),
    },
  };
}

function fault(path: string, message: string): { errors: Fault[] } {
  return { errors: [{ path, message }] };
}

function uidOf({ attributes }: LogRecord): string | undefined {
  const uid = attributes.get(UID_ATTRIBUTE);
  if (typeof uid !== 'string' || uid === '' || !uid.isWellFormed()) return undefined;
  return Buffer.byteLength(uid) > ID_LIMIT_BYTES ? undefined : uid;
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
  if (ERROR_TEXT.test(severityText)) return 'error';
  return WARNING_TEXT.test(severityText) ? 'warning' : 'info';
}

/** A body that is text as it is, any other body as JSON. An event has no body, so its attributes are the message. */
function messageOf({ body, attributes }: LogRecord): string {
  if (typeof body === 'string') return body;
  if (body !== null) return JSON.stringify(toPlain(body));
  return attributes.size > 0 ? JSON.stringify(toPlain(attributes)) : '';
}

/** A value as JSON can hold it. An integer that a number cannot hold exactly becomes text, bytes become base64. */
function toPlain(value: AnyValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toPlain);
  return value instanceof Map ? toObject(value) : value;
}

function toObject(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(Array.from(attributes, ([key, value]) => [key, toPlain(value)]));
}
