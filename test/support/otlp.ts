import { readPartialSuccess, toProtobuf } from './otlp-protobuf.ts';

/** A log record in the JSON of OTLP, dated in November 2023. */
export function logRecord(overrides: object = {}): object {
  return {
    timeUnixNano: '1700049900123456789',
    severityNumber: 9,
    body: { stringValue: 'Disk is nearly full' },
    ...overrides,
  };
}

/** A request with one resource and one scope, in the JSON of OTLP. */
export function exportRequest(logRecords: object[], service = 'checkout'): object {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] };
}

interface Answer {
  status: number;
  contentType: string | null;
  rejected: number;
  errorMessage: string;
}

interface Encoding {
  encode(request: object): string | Uint8Array;
  readPartialSuccess(response: Buffer): Pick<Answer, 'rejected' | 'errorMessage'>;
}

/** The two encodings of OTLP/HTTP: encodes a request, and reads the response in the same encoding. */
export const ENCODINGS: Record<'application/json' | 'application/x-protobuf', Encoding> = {
  'application/json': {
    encode: JSON.stringify,
    readPartialSuccess: (response) => {
      const { partialSuccess = {} } = JSON.parse(response.toString());
      const { rejectedLogRecords = '0', errorMessage = '' } = partialSuccess;
      return { rejected: Number(rejectedLogRecords), errorMessage };
    },
  },
  'application/x-protobuf': {
    encode: (request) => toProtobuf('ExportLogsServiceRequest', request),
    readPartialSuccess,
  },
};

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
  const encoding = ENCODINGS[contentType];
  const response = await postOtlpBytes(url, contentType, encoding.encode(request));
  return {
    status: response.status,
    contentType: response.headers.get('Content-Type'),
    ...encoding.readPartialSuccess(Buffer.from(await response.arrayBuffer())),
  };
}
