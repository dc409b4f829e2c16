/** One of the two encodings of OTLP/HTTP. Messages stay encoded until they are needed, one record at a time. */
export interface OtlpEncoding {
  contentType: string;
  /** The ExportLogsServiceRequest in a body. @throws HttpProblem 400 if the body is something else */
  openRequest(body: Buffer): Buffer;
  /** The values of one field of a message, each still encoded. @throws Error if the message is damaged */
  valuesOf(message: Buffer, field: OtlpField): Iterable<Buffer>;
  /** @throws Error if it is not a log record */
  decodeRecord(record: Buffer): LogRecord;
  /** A record as text for people to read. */
  textOf(record: Buffer): string;
  /** An ExportLogsServiceResponse. */
  encodeResponse(partialSuccess?: PartialSuccess): string | Buffer;
  /** A google.rpc.Status. */
  encodeStatus(code: number, message: string): string | Buffer;
}

/** The fields that lead from a request to its log records. */
export type OtlpField = 'resourceLogs' | 'resource' | 'scopeLogs' | 'scope' | 'logRecords';

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

/** A value of opentelemetry.proto.common.v1.AnyValue: an intValue is a bigint, a doubleValue a number. */
export type AnyValue = string | boolean | bigint | number | Uint8Array | AnyValue[] | Attributes | null;

/** A list of KeyValue. */
export type Attributes = Map<string, AnyValue>;

/** How many values may be nested in each other. Values are read recursively, so the stack limits their depth. */
const NESTING_LIMIT = 100;

/** @throws RangeError if a value at this depth is nested too deeply. The outermost value has depth 1. */
export function requireDepth(depth: number): void {
  if (depth > NESTING_LIMIT) throw new RangeError(`its values are nested more than ${NESTING_LIMIT} deep`);
}
