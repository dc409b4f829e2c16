import { VALUES_LIMIT } from '../../limits.ts';

/** One of the two encodings of OTLP/HTTP. Messages stay encoded until they are needed, one record at a time. */
export interface OtlpEncoding {
  contentType: string;
  /** The ExportLogsServiceRequest in a body. @throws HttpProblem 400 if the body is something else */
  openRequest(body: Buffer): Buffer;
  /** The fields of a message that leads to log records, in their order. @throws Error if the message is damaged */
  fieldsOf(message: Buffer, kind: MessageKind): Iterable<OtlpField>;
  /** @throws Error if it is not a log record */
  decodeRecord(record: Buffer): LogRecord;
  /** @throws Error if it is no Resource or InstrumentationScope */
  decodeOrigin(message: Buffer, kind: 'resource' | 'scope'): Origin;
  /** A part of a request as text for people to read: a record, or anything else. */
  textOf(part: Buffer): string;
  /** An ExportLogsServiceResponse. */
  encodeResponse(partialSuccess?: PartialSuccess): string | Buffer;
  /** A google.rpc.Status. */
  encodeStatus(code: number, message: string): string | Buffer;
}

/**
 * The messages that lead from a request to its log records, and the numbers of their fields
 * (collector/logs/v1/logs_service.proto and logs/v1/logs.proto).
 */
export const MESSAGES = {
  request: { resourceLogs: 1 },
  resourceLogs: { resource: 1, scopeLogs: 2, schemaUrl: 3 },
  scopeLogs: { scope: 1, logRecords: 2, schemaUrl: 3 },
} as const;

export type MessageKind = keyof typeof MESSAGES;

/** A value of a field, still encoded. Of a repeated field each value is one. */
export interface OtlpField {
  name: string;
  value: Buffer;
  /** Why it cannot be read: it is no field of its message, or has no message as its value. */
  fault?: string;
  /** OTLP demands that an unknown field is ignored. One that may hold records is not. */
  isIgnorable?: boolean;
}

export interface PartialSuccess {
  rejectedLogRecords: number;
  errorMessage: string;
}

/** The fields of opentelemetry.proto.logs.v1.LogRecord that are read. A field that was not sent has its default. */
export interface LogRecord {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  body: AnyValue;
  attributes: Attributes;
  /** In hexadecimal, like spanId. */
  traceId: string;
  spanId: string;
  eventName: string;
}

/** What is read of a Resource, which has no name, or of an InstrumentationScope. */
export interface Origin {
  name: string;
  version: string;
  attributes: Attributes;
}

/** A value of opentelemetry.proto.common.v1.AnyValue: an intValue is a bigint, a doubleValue a number. */
export type AnyValue = string | boolean | bigint | number | Uint8Array | AnyValue[] | Attributes | null;

/** A list of KeyValue. */
export type Attributes = Map<string, AnyValue>;

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
