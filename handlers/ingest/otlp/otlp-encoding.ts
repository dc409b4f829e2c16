import { VALUES_LIMIT } from '../../limits.ts';

/** One of the two encodings of OTLP/HTTP. Messages stay encoded until they are needed, one record at a time. */
export interface OtlpEncoding {
  contentType: 'application/json' | 'application/x-protobuf';
  /** The ExportLogsServiceRequest in a body. @throws HttpProblem 400 if the body is something else */
  openRequest(body: Buffer): Buffer;
  /** The fields of a message that leads to log records, in their order. @throws Error if the message is damaged */
  fieldsOf(message: Buffer, kind: MessageKind): Iterable<OtlpField>;
  /** @throws Error if it is not a log record, or has too many values, or values that are nested too deeply */
  decodeRecord(record: Buffer): LogRecord;
  /** @throws Error as decodeRecord does */
  decodeSource(message: Buffer, kind: keyof RecordSources): RecordSource;
  /** A part of a request as text for people to read: a record, or anything else. */
  textOf(part: Buffer): string;
}

/**
 * The messages that lead from a request to its log records, and the numbers of their fields
 * (collector/logs/v1/logs_service.proto and logs/v1/logs.proto).
 */
export const MESSAGES = {
  ExportLogsServiceRequest: { resourceLogs: 1 },
  ResourceLogs: { resource: 1, scopeLogs: 2, schemaUrl: 3 },
  ScopeLogs: { scope: 1, logRecords: 2, schemaUrl: 3 },
} as const;

export type MessageKind = keyof typeof MESSAGES;

/** A value of a field, still encoded. Each value of a repeated field is one of these. */
export interface OtlpField {
  name: string;
  value: Buffer;
  /** Why it cannot be read: it is not a field of its message, or its value is not a message. */
  fault?: string;
  /** OTLP demands that unknown fields are ignored. Those that may contain records are not ignored. */
  isIgnorable?: boolean;
}

/** The fields of opentelemetry.proto.logs.v1.LogRecord that are read. A field that was not sent has its default. */
export interface LogRecord {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  body: AnyValue;
  attributes: KeyValues;
  /** In hexadecimal, like spanId. */
  traceId: string;
  spanId: string;
  eventName: string;
}

/** What is read of a Resource, which has no name, or of an InstrumentationScope. */
export interface RecordSource {
  name: string;
  version: string;
  attributes: KeyValues;
}

/** What log records share. */
export interface RecordSources {
  resource: RecordSource;
  scope: RecordSource;
}

/** A value of opentelemetry.proto.common.v1.AnyValue: an intValue is a bigint, a doubleValue a number. */
export type AnyValue = string | boolean | bigint | number | Uint8Array | AnyValue[] | KeyValues | null;

/** A list of KeyValue. A name may occur more than once. */
export interface KeyValues {
  pairs: [name: string, value: AnyValue][];
}

/** How many values may be nested in each other. Values are read recursively, so the stack limits their depth. */
const NESTING_LIMIT = 100;

/** Counts the values of a record as they are read, before they are built. */
export class ValueCount {
  private count = 0;

  /**
   * @param depth of the value; the outermost has depth 1
   * @throws RangeError if a record has too many values, or one at this depth is nested too deeply
   */
  add(depth: number): void {
    if (depth > NESTING_LIMIT) throw new RangeError(`its values are nested more than ${NESTING_LIMIT} deep`);
    if (++this.count > VALUES_LIMIT) throw new RangeError(`it has more than ${VALUES_LIMIT} values`);
  }
}
