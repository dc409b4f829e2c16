import {
  ExportLogsServiceRequest,
  ExportLogsServiceResponse,
} from '../../handlers/opentelemetry/proto/collector/logs/v1/logs_service.ts';
import { LogRecord } from '../../handlers/opentelemetry/proto/logs/v1/logs.ts';

/** A log record in the JSON of OTLP, of a second in November 2023 unless it says another. */
export function logRecord(overrides: object = {}): object {
  return {
    timeUnixNano: '1700049900123456789',
    severityNumber: 9,
    body: { stringValue: 'Disk is nearly full' },
    ...overrides,
  };
}

/** A request of one resource and one scope, in the JSON of OTLP. */
export function exportRequest(logRecords: object[], service = 'checkout'): object {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] };
}

export function decodeLogRecord(record: object): LogRecord {
  return LogRecord.fromJSON(record);
}

interface Answer {
  status: number;
  contentType: string | null;
  rejected: number;
  errorMessage: string;
}

/** The two encodings of OTLP/HTTP: sends a request, and reads the answer in the encoding that it is in. */
export const ENCODINGS = {
  'application/json': { encode: JSON.stringify, decode: (body: Buffer) => JSON.parse(body.toString()) },
  'application/x-protobuf': {
    encode: (request: object) =>
      ExportLogsServiceRequest.encode(ExportLogsServiceRequest.fromJSON(request)).finish(),
    decode: (body: Buffer) => ExportLogsServiceResponse.toJSON(ExportLogsServiceResponse.decode(body)),
  },
} as const;

export type OtlpContentType = keyof typeof ENCODINGS;

export function postOtlpBytes(
  url: string,
  contentType: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': contentType, ...headers },
    body,
  });
}

export async function postOtlp(url: string, contentType: OtlpContentType, request: object): Promise<Answer> {
  const { encode, decode } = ENCODINGS[contentType];
  const response = await postOtlpBytes(url, contentType, encode(request));
  const answer = decode(Buffer.from(await response.arrayBuffer()));
  return {
    status: response.status,
    contentType: response.headers.get('Content-Type'),
    rejected: Number(answer.partialSuccess?.rejectedLogRecords ?? 0),
    errorMessage: answer.partialSuccess?.errorMessage ?? '',
  };
}
