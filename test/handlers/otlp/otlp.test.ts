import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../../entities/dead-letter.ts';
import { get, getAll } from '../../support/http.ts';
import {
  ENCODINGS,
  exportRequest,
  logRecord,
  type OtlpContentType,
  postOtlp,
  postOtlpBytes,
} from '../../support/otlp.ts';
import { type Service, startService } from '../../support/service.ts';

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
      { id, datetime: '2023-11-15T12:05:00.123456789Z', severity: 'error', message: 'Disk is nearly full' },
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

  test('responds with 413 to more than 20,000 records', async () => {
    const records = Array.from({ length: 20_001 }, (_, at) => logRecord({ timeUnixNano: String(at + 1) }));
    const response = await postOtlpBytes(
      service.url,
      contentType,
      ENCODINGS[contentType].encode(exportRequest(records)),
    );
    expect(response.status).toBe(413);
    expect(response.headers.get('Content-Type')).toBe(contentType);
    expect(await response.text()).toContain('20,000');
  });

  test('recognises the encoding from the body if the Content-Type names none', async () => {
    const text = `looked at ${contentType}`;
    const encoded = ENCODINGS[contentType].encode(exportRequest([logRecord(body(text))]));
    const response = await postOtlpBytes(service.url, 'application/x-www-form-urlencoded', encoded);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(contentType);
    expect(await entriesSaying(text)).toHaveLength(1);
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
