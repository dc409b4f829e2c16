import type { Fault } from '../../entities/dead-letter.ts';
import type { LogEntry, Severity } from '../../entities/entry.ts';
import { ID_LIMIT_BYTES } from '../limits.ts';
import type { AnyValue, KeyValue } from '../opentelemetry/proto/common/v1/common.ts';
import { type LogRecord, SeverityNumber } from '../opentelemetry/proto/logs/v1/logs.ts';

/** Semantic conventions of OpenTelemetry: a unique identifier of the log record. */
const UID_ATTRIBUTE = 'log.record.uid';

/** What severity texts begin with, by themselves or before a number or a colon. */
const ERROR_TEXT = /^(err|fatal|crit|alert|emerg|panic|severe)/i;
const WARNING_TEXT = /^warn/i;

const NANOSECONDS_A_SECOND = 1_000_000_000n;
const END_OF_FIXED64 = 2n ** 64n;

/**
 * The entry in a log record, still to be checked like any other; or why there is none.
 * @param deriveId makes the id of a record that brings none
 * @throws RangeError when the record is nested too deeply, or an integer in it is none of 64 bits
 */
export function toEntryValue(
  record: LogRecord,
  deriveId: () => string,
): { value: LogEntry } | { errors: Fault[] } {
  const time = record.timeUnixNano || record.observedTimeUnixNano;
  // The time of arrival would make another entry of it each time it is sent.
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
  const uid = attributes.find(({ key }) => key === UID_ATTRIBUTE)?.value?.value;
  if (uid?.$case !== 'stringValue' || uid.value === '' || !uid.value.isWellFormed()) return undefined;
  return Buffer.byteLength(uid.value) > ID_LIMIT_BYTES ? undefined : uid.value;
}

function datetimeOf(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / NANOSECONDS_A_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % NANOSECONDS_A_SECOND).padStart(9, '0')}Z`;
}

/** TRACE, DEBUG and INFO are info, FATAL is error. Without a number that means something the text decides. */
function severityOf({ severityNumber, severityText }: LogRecord): Severity {
  const { SEVERITY_NUMBER_WARN, SEVERITY_NUMBER_ERROR, SEVERITY_NUMBER_FATAL4 } = SeverityNumber;
  if (severityNumber > 0 && severityNumber <= SEVERITY_NUMBER_FATAL4) {
    if (severityNumber >= SEVERITY_NUMBER_ERROR) return 'error';
    return severityNumber >= SEVERITY_NUMBER_WARN ? 'warning' : 'info';
  }
  if (ERROR_TEXT.test(severityText)) return 'error';
  return WARNING_TEXT.test(severityText) ? 'warning' : 'info';
}

/** The body as it is when it is text, as JSON when it has structure. An event without a body has attributes. */
function messageOf({ body, attributes }: LogRecord): string {
  if (body?.value?.$case === 'stringValue') return body.value.value;
  if (body?.value) return JSON.stringify(toPlain(body));
  return attributes.length > 0 ? JSON.stringify(toObject(attributes)) : '';
}

function toPlain({ value }: AnyValue): unknown {
  switch (value?.$case) {
    case 'arrayValue':
      return value.value.values.map(toPlain);
    case 'kvlistValue':
      return toObject(value.value.values);
    case 'intValue':
      return toNumber(value.value);
    case 'bytesValue':
      return value.value.toString('base64');
    default:
      return value?.value ?? null;
  }
}

/** What a number does not hold exactly stays text. JSON may bring integers of a million digits: those take seconds. */
function toNumber(integer: bigint): number | string {
  if (BigInt.asIntN(64, integer) !== integer) throw new RangeError('an intValue has more than 64 bits');
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer);
}

function toObject(pairs: KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value ? toPlain(value) : null]));
}
