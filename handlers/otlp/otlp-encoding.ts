import type { ExportLogsPartialSuccess } from '../opentelemetry/proto/collector/logs/v1/logs_service.ts';
import type { LogRecord } from '../opentelemetry/proto/logs/v1/logs.ts';

/** The fields in which OTLP nests what it sends, with their numbers in its definitions. */
export const OTLP_FIELDS = { resourceLogs: 1, resource: 1, scopeLogs: 2, scope: 1, logRecords: 2 } as const;

export type OtlpField = keyof typeof OTLP_FIELDS;

/** One of the two encodings of OTLP/HTTP. Messages stay bytes until they are needed, one record at a time. */
export interface OtlpEncoding {
  contentType: string;
  /** The message of a request. @throws HttpProblem 400 when the body holds none */
  openRequest(body: Buffer): Buffer;
  /** The values of a field of a message, each still encoded. @throws Error when the message is damaged */
  valuesOf(message: Buffer, field: OtlpField): Iterable<Buffer>;
  /** @throws Error when it is no log record */
  decodeRecord(record: Buffer): LogRecord;
  /** A record as text, for a person to read. */
  textOf(record: Buffer): string;
  encodeResponse(partialSuccess: ExportLogsPartialSuccess | undefined): string | Buffer;
  /** A google.rpc.Status. */
  encodeStatus(code: number, message: string): string | Buffer;
}
