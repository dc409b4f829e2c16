import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../../../entities/dead-letter.ts';
import { get, getAll } from '../../../support/http.ts';
import {
  ENCODINGS,
  exportRequest,
  logRecord,
  type OtlpContentType,
  postOtlp,
  postOtlpBytes,
} from '../../../support/otlp.ts';
import { type Service, startService } from '../../../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const uid = (id: string) => ({ attributes: [{ key: 'log.record.uid', value: { stringValue: id } }] });
const body = (text: string) => ({ body: { stringValue: text } });

/** The stored entries with this message. */
async function entriesSaying(text: string) {
  const entries = await getAll(service.url);
  return entries.filter(({ message }) => message === text);
}

describe.each(Object.keys(ENCODINGS) as OtlpContentType[])('POST /v1/logs in %s', (contentType) => {
  const post = (request: object) => postOtlp(service.url, contentType, request);

  test('stores a record as an entry and responds in the encoding of the request', async () => {
    const id = `uid in ${contentType}`;
    const answer = await post(exportRequest([logRecord({ ...uid(id), severityNumber: 17 })]));

    expect(answer).toEqual({ status: 200, contentType, rejected: 0, errorMessage: '' });
    expect(await get(service.url, `/logs/${encodeURIComponent(id)}`)).toEqual([
      {
        id,
        datetime: '2023-11-15T12:05:00.123456789Z',
        severity: 'error',
        message: 'Disk is nearly full',
        attributes: { 'log.record.uid': id, 'otel.scope.name': 'test', 'service.name': 'checkout' },
      },
    ]);
  });

  test('stores a record that is sent twice only once, but keeps an equal record of another resource', async () => {
    const text = `sent again in ${contentType}`;
    await post(exportRequest([logRecord(body(text)), logRecord(body(`another ${text}`))]));
    await post(exportRequest([logRecord(body(text))]));
    expect(await entriesSaying(text)).toHaveLength(1);

    await post(exportRequest([logRecord(body(text))], 'payment'));
    expect(await entriesSaying(text)).toHaveLength(2);
  });

  test('responds with partial success and keeps what it refused', async () => {
    const text = `refused in ${contentType}`;
    const timeless = logRecord({ ...body(text), timeUnixNano: '0' });
    const answer = await post(exportRequest([logRecord(body(`beside ${text}`)), timeless]));

    expect(answer).toMatchObject({ status: 200, contentType, rejected: 1 });
    expect(answer.errorMessage).toMatch(/^1 of 2 log records.*observedTimeUnixNano/);
    expect(await entriesSaying(`beside ${text}`)).toHaveLength(1);
    const deadLetters = (await get(service.url, '/dead-letters')) as unknown as DeadLetter[];
    expect(deadLetters.filter(({ raw }) => raw.includes(text))).toHaveLength(1);
  });

  test('keeps refused records even if it refuses all of them', async () => {
    const text = `alone in ${contentType}`;
    const answer = await post(
      exportRequest([logRecord({ ...body(text), timeUnixNano: '18000000000000000000' })]),
    );

    expect(answer).toMatchObject({ status: 200, rejected: 1 });
    expect(answer.errorMessage).toMatch(/24 hours/);
    expect(JSON.stringify(await get(service.url, '/dead-letters'))).toContain(text);
  });

  test('reads gzip, and accepts a request without records', async () => {
    const text = `gzip in ${contentType}`;
    const zipped = gzipSync(ENCODINGS[contentType].encode(exportRequest([logRecord(body(text))])));
    const headers = { 'Content-Encoding': 'gzip' };
    expect((await postOtlpBytes(service.url, contentType, zipped, headers)).status).toBe(200);
    expect(await entriesSaying(text)).toHaveLength(1);
    for (const empty of [{}, { resourceLogs: [] }, exportRequest([])])
      expect((await post(empty)).status).toBe(200);
  });

  test('responds with 413 to more than 40,000 records', async () => {
    const records = Array.from({ length: 40_001 }, (_, at) => logRecord({ timeUnixNano: String(at + 1) }));
    const response = await postOtlpBytes(
      service.url,
      contentType,
      ENCODINGS[contentType].encode(exportRequest(records)),
    );
    expect(response.status).toBe(413);
    expect(response.headers.get('Content-Type')).toBe(contentType);
    expect(await response.text()).toContain('40,000');
  });

  test('recognises the encoding from the body if the Content-Type names none', async () => {
    const text = `looked at ${contentType}`;
    const encoded = ENCODINGS[contentType].encode(exportRequest([logRecord(body(text))]));
    const response = await postOtlpBytes(service.url, 'application/x-www-form-urlencoded', encoded);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(contentType);
    expect(await entriesSaying(text)).toHaveLength(1);
  });

  test('stores what is beside the body of a record, and finds it again', async () => {
    const text = `payment failed in ${contentType}`;
    const stack = `at a\nat ${contentType}`;
    const attributes = [{ key: 'exception.stacktrace', value: { stringValue: stack } }];
    await post(
      exportRequest([logRecord({ ...body(text), attributes, traceId: '0af7651916cd43dd8448eb211c80319c' })]),
    );
    const [stored] = await entriesSaying(text);
    expect(stored?.attributes).toEqual({
      'exception.stacktrace': stack,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      'otel.scope.name': 'test',
      'service.name': 'checkout',
    });
    const query = new URLSearchParams({ 'attributes[exception.stacktrace]': stack });
    expect(await get(service.url, `/logs?${query}`)).toEqual([stored]);
  });

  test('refuses resources whose attributes would be far too much with each of their records', async () => {
    const records = Array.from({ length: 1_000 }, (_, at) => logRecord({ timeUnixNano: String(at + 1) }));
    const answer = await postOtlpBytes(
      service.url,
      contentType,
      ENCODINGS[contentType].encode(exportRequest(records, 'x'.repeat(70_000))),
    );
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('64 MiB');
  });

  test.each([
    ['not an encoding of OTLP', 'plain text'],
    ['an array', '[{"id":"1"}]'],
    ['cut off', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}'],
    ['something else', '{"id":"1"}'],
    ['bytes', '\u0000\u0001\u0002'],
  ])('responds with 400 and a google.rpc.Status to a body that is %s', async (_, text) => {
    const response = await postOtlpBytes(service.url, contentType, text);
    expect(response.status).toBe(400);
    expect(response.headers.get('Content-Type')).toBe(contentType);
    const status = Buffer.from(await response.arrayBuffer());
    // Code 3, INVALID_ARGUMENT: in protobuf field 1 as a varint.
    if (contentType === 'application/json') expect(JSON.parse(status.toString()).code).toBe(3);
    else expect([...status.subarray(0, 2)]).toEqual([8, 3]);
  });
});

describe('POST /v1/logs in JSON', () => {
  const post = (text: string) => postOtlpBytes(service.url, 'application/json', text);
  const partialSuccess = async (response: Response) =>
    ((await response.json()) as { partialSuccess?: { rejectedLogRecords: string; errorMessage: string } })
      .partialSuccess;
  const raws = async () => {
    const letters = await getAll(service.url, '/dead-letters?limit=1000');
    return (letters as unknown as DeadLetter[]).map(({ raw }) => raw);
  };

  test('reads names in snake case, around records as inside them', async () => {
    const record = '{"time_unix_nano":"1700049900123456789","body":{"string_value":"in snake case"}}';
    const response = await post(
      `\uFEFF{"resource_logs":[{"resource":{},"scope_logs":[{"log_records":[${record}]}]}]}`,
    );
    expect(response.status).toBe(200);
    expect(await entriesSaying('in snake case')).toHaveLength(1);
  });

  test('keeps every digit of a time that is a number', async () => {
    const record =
      '{"timeUnixNano":1795600800123456789,"body":{"stringValue":"digits"},"attributes":[{"key":"n","value":{"intValue":9007199254740993}}]}';
    await post(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
    const [stored] = await entriesSaying('digits');
    expect(stored?.datetime).toBe('2026-11-25T10:00:00.123456789Z');
    expect(stored?.attributes).toEqual({ n: '9007199254740993' });
  });

  test.each([
    ['{"resourcelogs":[{"scopeLogs":[]}]}', 'resourcelogs'],
    ['{"resourceLogs":[{"instrumentationLibraryLogs":[{"logs":[{}]}]}]}', 'instrumentationLibraryLogs'],
    ['{"resourceLogs":[{"scopeLogs":[{"records":[{}]}]}]}', 'records'],
    ['{"resourceLogs":[{"scopeLogs":{"logRecords":[{}]}}]}', 'scopeLogs'],
    ['{"resourceLogs":"disk full"}', 'resourceLogs'],
    ['{"resourceLogs":[7]}', 'resourceLogs'],
    ['{"level":"info","msg":"disk full"}', 'level'],
  ])(
    'answers 400 to a request in which nothing is understood, and names the field: %s',
    async (text, field) => {
      const response = await post(text);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { message: string }).message).toContain(field);
    },
  );

  test('keeps what may be records of another form beside those that it stores', async () => {
    const record = '{"timeUnixNano":"1","body":{"stringValue":"understood"}}';
    const old = '[{"logs":[{"name":"of another form"}]}]';
    const response = await post(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}],"future":"text"}]},{"instrumentationLibraryLogs":${old}}]}`,
    );
    expect(await partialSuccess(response)).toMatchObject({ rejectedLogRecords: '1' });
    expect(await entriesSaying('understood')).toHaveLength(1);
    expect(await raws()).toContain(old);
  });

  test.each([
    '{"timeUnixNano":"2","body":"disk full"}',
    '{"timeUnixNano":"2","attributes":{"event":"disk full"}}',
    '{"timeUnixNano":"2","body":{"text":"disk full"}}',
  ])('refuses and keeps a record with a value that is no AnyValue: %s', async (record) => {
    const response = await post(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
    expect(await partialSuccess(response)).toMatchObject({ rejectedLogRecords: '1' });
    expect(await raws()).toContain(record);
  });

  test('refuses and keeps a record that is not UTF-8', async () => {
    const request =
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"3","body":{"stringValue":"é"}}]}]}]}';
    const response = await postOtlpBytes(service.url, 'application/json', Buffer.from(request, 'latin1'));
    expect((await partialSuccess(response))?.errorMessage).toContain('UTF-8');
    expect(await raws()).toContain('{"timeUnixNano":"3","body":{"stringValue":"é"}}');
  });
});
