import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENTRIES_LIMIT, UNPACKED_LIMIT_BYTES, WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import { type IngestProcess, startIngestProcess } from '../support/ingest-process.ts';
import { ENCODINGS, exportRequest, logRecord } from '../support/otlp.ts';
import { ENGINE_ENVIRONMENT, openTables, type TestTable } from '../support/table.ts';

const MEBIBYTE = 1024 * 1024;

/** The memory that must be enough. The function has more, for the CPU that comes with it. */
const FUNCTION_MEBIBYTES = 256;

let tables: TestTable;
let ingest: IngestProcess;
beforeAll(async () => {
  tables = await openTables();
});
beforeEach(async () => {
  ingest = await startIngestProcess(FUNCTION_MEBIBYTES, {
    TABLE_NAME: await tables.create(),
    ...ENGINE_ENVIRONMENT,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
});
afterEach(() => ingest.stop());
afterAll(() => tables.close());

/** Entries as one JSON object a line, 290 bytes each: 20,000 of them are what Fluentd sends at once, 32,766 lines Fluent Bit. */
function ndjson(count: number): string {
  const lines = Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      id: `entry-${at}`.padEnd(30, '-'),
      datetime: '2023-11-15T12:05:00Z',
      severity: 'info',
      message: `Line ${at}`.padEnd(175, ' of a log'),
      host: 'web-1',
    }),
  );
  return lines.join('\n');
}

describe('A body of 40,000 entries', () => {
  const body = Buffer.from(ndjson(ENTRIES_LIMIT));

  test('is stored within 256 MiB when it is sent as gzip', async () => {
    expect(body.length).toBeGreaterThan(11_600_000);
    const { statusCode, body: answer, peakBytes } = await ingest.post(gzipSync(body));
    expect({ statusCode, answer }).toEqual({ statusCode: 200, answer: '{"accepted":40000,"rejected":[]}' });
    expect(peakBytes).toBeLessThan(FUNCTION_MEBIBYTES * MEBIBYTE);
  });

  test('is refused when it is sent plain, with the limit and what to configure', async () => {
    const { statusCode, body: answer } = await ingest.post(body);
    expect(statusCode).toBe(413);
    expect(answer).toContain('over 4,400,000 bytes: switch on gzip in the shipper');
  });

  test('is refused when it has one more', async () => {
    const { statusCode, body: answer } = await ingest.post(gzipSync(ndjson(ENTRIES_LIMIT + 1)));
    expect(statusCode).toBe(413);
    expect(answer).toContain('more than 40,000 entries');
  });
});

test('A plain body of 4 MB is stored', async () => {
  const body = Buffer.from(ndjson(13_750));
  expect(body.length).toBeGreaterThan(4_000_000);
  expect((await ingest.post(body)).body).toBe('{"accepted":13750,"rejected":[]}');
});

/** As many repetitions of a text as unpack to just below the bound, as gzip. */
function packed(before: string, repeated: string | Buffer, after: string): Buffer {
  const room = UNPACKED_LIMIT_BYTES - before.length - after.length;
  const filling = Buffer.alloc(room - (room % repeated.length), repeated);
  return gzipSync(Buffer.concat([Buffer.from(before), filling, Buffer.from(after)]));
}

/** Concatenated gzip members unpack to concatenated data. */
function bomb(gigabytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MEBIBYTE));
  return Buffer.concat(Array(gigabytes * 16).fill(member));
}

describe('A body that is meant to fill the memory is refused within 256 MiB:', () => {
  test('gzip of 4 GiB, which the bound on the wire lets through', async () => {
    const body = bomb(4);
    expect(body.length).toBeLessThan(WIRE_LIMIT_BYTES);
    await expectRefused(body, 'over 32 MiB once unpacked');
  });

  test('gzip of 10 GiB', () => expectRefused(bomb(10), 'over 4,400,000 bytes'));

  test('millions of tiny records', async () => {
    await expectRefused(packed('[', '{},', '{}]'), 'more than 40,000 entries');
    await expectRefused(packed('{"logs":[', '0,', '0]}'), 'more than 40,000 entries');
    await expectRefused(packed('', '{}\n', ''), 'more than 40,000 entries');
  });

  test('one record of millions of values', async () => {
    const { statusCode, peakBytes } = await ingest.post(packed('{"a":[', '{},', '{}]}'));
    expect(statusCode).toBe(400);
    expect(peakBytes).toBeLessThan(FUNCTION_MEBIBYTES * MEBIBYTE);
  });

  test.each([
    ['integers of millions of digits', `{"timeUnixNano":"1","body":{"intValue":"${'9'.repeat(2_000_000)}"}}`],
    ['times of millions of digits', `{"timeUnixNano":${'9'.repeat(2_000_000)}}`],
    [
      'lists of very many values',
      `{"timeUnixNano":"1","body":{"arrayValue":{"values":[${'{},'.repeat(600_000)}{}]}}}`,
    ],
    ['very many attributes', `{"timeUnixNano":"1","attributes":[${'{"key":"a"},'.repeat(150_000)}{}]}`],
  ])('OTLP records with %s', async (_, record) => {
    const records = Array(Math.floor(UNPACKED_LIMIT_BYTES / record.length) - 1).fill(record);
    const request = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records.join(',')}]}]}]}`;
    const { statusCode, body, peakBytes } = await ingest.post(gzipSync(request), '/v1/logs', {
      'content-type': 'application/json',
    });
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      partialSuccess: { rejectedLogRecords: String(records.length) },
    });
    expect(peakBytes).toBeLessThan(FUNCTION_MEBIBYTES * MEBIBYTE);
  });

  test('OTLP records in protobuf with lists of very many values', async () => {
    const values = Array(500_000).fill({});
    const record = logRecord({ body: { kvlistValue: { values } } });
    const encoded = ENCODINGS['application/x-protobuf'].encode(exportRequest(Array(20).fill(record)));
    const { statusCode, body, peakBytes } = await ingest.post(gzipSync(encoded), '/v1/logs', {
      'content-type': 'application/x-protobuf',
    });
    expect(statusCode).toBe(200);
    expect(Buffer.from(body, 'base64').toString()).toContain('20 of 20 log records were refused');
    expect(peakBytes).toBeLessThan(FUNCTION_MEBIBYTES * MEBIBYTE);
  });

  test.each([
    ['ResourceLogs', '{"resourceLogs":[', '{},', '{}]}', 'application/json'],
    ['ScopeLogs', '{"resourceLogs":[{"scopeLogs":[', '{},', '{}]}]}', 'application/json'],
    ['ResourceLogs', '', Buffer.from([0x0a, 0x00]), '', 'application/x-protobuf'],
  ])('millions of empty %s of OTLP', async (_, before, repeated, after, contentType) => {
    await expectRefused(packed(before, repeated, after), 'more than 40,000 entries', contentType);
  });
});

async function expectRefused(body: Buffer, detail: string, otlpContentType?: string): Promise<void> {
  const {
    statusCode,
    body: answer,
    peakBytes,
  } = await (otlpContentType
    ? ingest.post(body, '/v1/logs', { 'content-type': otlpContentType })
    : ingest.post(body));
  expect(statusCode).toBe(413);
  // A body in protobuf leaves the function as base64.
  expect(answer + Buffer.from(answer, 'base64')).toContain(detail);
  expect(peakBytes).toBeLessThan(FUNCTION_MEBIBYTES * MEBIBYTE);
}
