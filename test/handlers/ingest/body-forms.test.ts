import { once } from 'node:events';
import { request } from 'node:http';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../../entities/entry.ts';
import { RUNS } from '../../support/arbitraries.ts';
import { entry } from '../../support/entries.ts';
import { get, post } from '../../support/http.ts';
import { type Service, startService } from '../../support/service.ts';

const { deflateRawSync, deflateSync, gzipSync } = zlib;
/** Node has it from 22.15 on. */
const HAS_ZSTD = 'zstdCompressSync' in zlib;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const lines = (entries: LogEntry[]) => entries.map((one) => JSON.stringify(one));

/** Every format of a body, for any number of entries. */
const FORMS: Record<string, (entries: LogEntry[]) => string> = {
  'a JSON array': (entries) => JSON.stringify(entries),
  'an indented JSON array': (entries) => JSON.stringify(entries, null, 2),
  '{"logs": [...]}': (entries) => JSON.stringify({ logs: entries }),
  '{"logs": [...]} beside other members': (entries) => JSON.stringify({ host: '"]}', logs: entries, n: 1 }),
  NDJSON: (entries) => lines(entries).join('\n'),
  'NDJSON with a newline at its end': (entries) => `${lines(entries).join('\n')}\n`,
  'NDJSON with blank lines': (entries) => `\n${lines(entries).join('\n\n \n')}\n\n`,
  'NDJSON with CRLF': (entries) => `${lines(entries).join('\r\n')}\r\n`,
  'indented objects after one another': (entries) =>
    entries.map((one) => JSON.stringify(one, null, 2)).join('\n'),
  'objects on one line': (entries) => lines(entries).join(' '),
  'objects without anything between': (entries) => lines(entries).join(''),
  'objects with commas between': (entries) => lines(entries).join(',\n'),
  'arrays after one another': (entries) =>
    entries.map((one, at) => JSON.stringify([one], null, at % 3)).join('\n'),
  '{"logs": [...]} after one another': (entries) =>
    entries.map((one) => JSON.stringify({ logs: [one] })).join('\n'),
  'an array of {"logs": [...]}': (entries) => JSON.stringify(entries.map((one) => ({ logs: [one] }))),
  'an array beside objects': ([first, ...others]) => [JSON.stringify([first]), ...lines(others)].join('\r\n'),
  'a JSON text sequence (RFC 7464)': (entries) =>
    lines(entries)
      .map((line) => `\u001e${line}\n`)
      .join(''),
  'NDJSON after a byte order mark': (entries) => `\uFEFF${lines(entries).join('\n')}`,
};

async function expectStored(response: Response, entries: LogEntry[]): Promise<void> {
  expect(await response.json()).toEqual({ accepted: entries.length, rejected: [] });
  expect(response.status).toBe(200);
  for (const one of entries)
    expect(await get(service.url, `/logs/${encodeURIComponent(one.id)}`)).toEqual([one]);
}

describe.each(Object.entries(FORMS))('%s', (_, write) => {
  test('is read, plain and gzip, whatever the Content-Type says', async () => {
    const plain = [entry({ message: 'a "quoted" \\ text, {[' }), entry()];
    await expectStored(await post(service.url, write(plain)), plain);
    const zipped = [entry(), entry({ severity: 'warning' })];
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    await expectStored(await post(service.url, gzipSync(write(zipped)), headers), zipped);
  });
});

describe('A body', () => {
  test('may be one object on several lines, with fields that are ignored', async () => {
    const own = { ...entry(), host: 'web-1', logs: [1, 2], nested: { id: 'not this one' } };
    const { id, datetime, severity, message } = own;
    await expectStored(await post(service.url, JSON.stringify(own, null, 2)), [
      { id, datetime, severity, message },
    ]);
  });

  test('may arrive in chunks, without a Content-Length', async () => {
    const entries = [entry(), entry()];
    const outgoing = request(`${service.url}/logs`, { method: 'POST' });
    for (const line of lines(entries)) outgoing.write(`${line}\n`);
    outgoing.end();
    const [incoming] = await once(outgoing, 'response');
    incoming.resume();
    expect(incoming.statusCode).toBe(200);
    expect(await get(service.url, `/logs/${entries[1]?.id}`)).toEqual([entries[1]]);
  });

  test('gives the same entries in every format', async () => {
    const messages = fc.array(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(messages, fc.constantFrom(...Object.values(FORMS)), async (texts, write) => {
        const entries = texts.map((message) => entry({ message }));
        await expectStored(await post(service.url, write(entries)), entries);
      }),
      { numRuns: 100 * RUNS },
    );
  });
});

describe('A body is read', () => {
  test.each([
    ['as deflate', deflateSync, 'deflate'],
    ['as deflate without the format of zlib', deflateRawSync, 'Deflate'],
    ...(HAS_ZSTD
      ? [
          [
            'as zstd',
            (zlib as unknown as { zstdCompressSync: typeof gzipSync }).zstdCompressSync,
            '',
          ] as const,
        ]
      : []),
  ])('%s', async (_, pack, encoding) => {
    const sent = entry();
    await expectStored(
      await post(service.url, pack(JSON.stringify(sent)), encoding ? { 'Content-Encoding': encoding } : {}),
      [sent],
    );
  });

  test.each([
    ['iso-8859-1', (text: string) => Buffer.from(text, 'latin1')],
    ['"windows-1252"', (text: string) => Buffer.from(text, 'latin1')],
    ['utf-16', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['utf-8', (text: string) => Buffer.from(text)],
  ])('in the charset that its Content-Type names: %s', async (charset, encode) => {
    const sent = [entry({ message: 'Größe: 5 µm' }), entry()];
    const headers = { 'Content-Type': `application/json; charset=${charset}` };
    await expectStored(await post(service.url, encode(JSON.stringify(sent)), headers), sent);
  });

  test('with a byte order mark at the start of any line', async () => {
    const sent = [entry(), entry()];
    await expectStored(
      await post(
        service.url,
        lines(sent)
          .map((line) => `\uFEFF${line}`)
          .join('\r\n'),
      ),
      sent,
    );
  });

  test('although its array is cut off, up to there', async () => {
    const sent = entry();
    const response = await post(service.url, `[${JSON.stringify(sent)},`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, errors: [{ message: expect.stringContaining('cut off') }] }],
    });
    expect(await get(service.url, `/logs/${sent.id}`)).toEqual([sent]);
  });

  test.each(['[]', ' [ ]\n', '{"logs":[]}', '{"logs": [ ], "host": "a"}'])(
    'without entries: %j',
    async (empty) => {
      const response = await post(service.url, empty);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ accepted: 0, rejected: [] });
    },
  );
});

describe('A broken record affects no other record:', () => {
  test.each<[string, (good: string) => string | Buffer, number | number[]]>([
    ['the first line', (good: string) => `Starting up ...\n${good}`, 0],
    ['a line in the middle', (good: string) => `${JSON.stringify(entry())}\n{"id": "cut o\n${good}`, 1],
    [
      'text after an object',
      (good: string) => `${good} ok\n{"id": "cut o ok\n${JSON.stringify(entry())}`,
      [1, 2],
    ],
    ['text before an object', (good: string) => `[INFO] {"id":1}\n${good}`, 0],
    ['a line that ends after a comma', (good: string) => `{"id":"a",\n${good}`, 0],
    ['a line that ends after a bracket', (good: string) => `{"id":[\n${good}\n${JSON.stringify(entry())}`, 0],
    [
      'an indented object',
      (good: string) =>
        `{\n  "id": "5" disk",\n  "a": [\n    1\n  ]\n}\n${JSON.stringify(JSON.parse(good), null, 2)}`,
      0,
    ],
    [
      'an indented object that is cut off',
      (good: string) => `${JSON.stringify(JSON.parse(good), null, 2)}\n{\n  "id": {\n    "a": 1,`,
      1,
    ],
    [
      'an array after an array',
      (good: string) => `[${JSON.stringify(entry())}]\n[\n{"id": nul},\n{"id":"5" disk"},\n${good}\n]`,
      [1, 2, 3, 5],
    ],
    ['the last line, cut off', (good: string) => `${good}\n{"id":"a","datet`, 1],
    ['an element of an array', (good: string) => `[${good}, {"id": nul}]`, 1],
    ['an element of {"logs"}', (good: string) => `{"logs": [7, ${good}]}`, 0],
    ['a banner', (good: string) => `[nodemon] starting\n${good}\n`, 0],
    ['a banner like a prompt', (good: string) => `> app@1.0.0 start\n${good}\n`, 0],
    ['a banner before an array of its own', (good: string) => `[{"id":1}] INFO\n${good}\n`, [0, 1]],
    ['a line of control characters', (good: string) => `${good}\n\u0001\u0002\n`, 1],
    [
      'a quote that is not escaped in a line',
      (good: string) => `{"id":"5" disk"}\n${good}\n{"id":"5" disk"}`,
      [0, 2],
    ],
    ['a quote that is not escaped in an array', (good: string) => `[{"id":"5" disk"},${good}]`, 0],
    ['such a quote in the last element', (good: string) => `[${good}, {"id":"5" disk"} ]`, 1],
    ['such a quote in {"logs"}', (good: string) => `{"logs":[{"id":"5" disk"},\n${good}]}`, 0],
    [
      'a line that is not UTF-8',
      (good: string) => Buffer.concat([Buffer.from('{"id":"\xe9"}\n', 'latin1'), Buffer.from(good)]),
      0,
    ],
    ['an element that is cut off', (good: string) => `[${good},{"id":"a`, 1],
  ])('%s', async (_, write, index) => {
    const good = entry();
    const response = await post(service.url, write(JSON.stringify(good)));
    expect(response.status).toBe(200);
    const { rejected } = (await response.json()) as { rejected: { index: number }[] };
    expect(rejected.map(({ index }) => index)).toEqual([index].flat());
    expect(await get(service.url, `/logs/${good.id}`)).toEqual([good]);
  });

  test('a record over 2 MiB', async () => {
    const huge = { ...entry(), padding: 'x'.repeat(2 * 1024 * 1024) };
    const response = await post(service.url, [huge, entry()]);
    expect(await response.json()).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, errors: [{ message: expect.stringContaining('2 MiB') }] }],
    });
  });
});

describe('An unsupported body is refused with a hint what to configure instead:', () => {
  const json = JSON.stringify(entry());

  test.each([
    ['an array that is cut off before the first entry ends', '[{"id":', '', 400, /cut off/],
    ['nothing', '', '', 400, /empty/],
    ['blank lines', ' \r\n\n', '', 400, /empty/],
    ['plain text', 'Disk is nearly full', 'text/plain', 400, /not JSON/],
    ['MessagePack', Buffer.from([0x92, 0xc3, 0x0a, 0x7b, 0xa1]), 'application/msgpack', 415, /MessagePack/],
    ['protobuf', Buffer.from([0x0a, 0x03, 1, 2, 3]), 'application/x-protobuf', 415, /\/v1\/logs/],
    ['a form', 'log=%7B%7D', 'application/x-www-form-urlencoded', 415, /form/],
    ['a multipart form', '--x\r\n\r\n{}\r\n--x--', 'multipart/form-data; boundary=x', 415, /form/],
    ['OTLP', '{"resourceLogs":[]}', 'application/json', 400, /\/v1\/logs/],
    ['OTLP in snake case', '{"resource_logs":[]}', 'application/json', 400, /\/v1\/logs/],
    ['nothing, as a form', '', 'application/x-www-form-urlencoded', 400, /empty/],
    ['plain text, as a form', 'level=info disk full', 'application/x-www-form-urlencoded', 400, /not JSON/],
    ['UTF-16', Buffer.from(json, 'utf16le'), 'application/x-www-form-urlencoded', 415, /UTF-16/],
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${json}`, 'utf16le').swap16(), '', 415, /UTF-16/],
    [
      'MessagePack, as a form',
      Buffer.from([0x92, 0xc3, 0x80]),
      'application/x-www-form-urlencoded',
      415,
      /MessagePack/,
    ],
    ['gzip within gzip', gzipSync(gzipSync(json)), '', 415, /gzip within gzip/],
    ['a charset that does not exist', json, 'application/json; charset=klingon', 415, /klingon/],
    [
      'bytes that are not in their charset',
      Buffer.from([0x81]),
      'text/plain; charset=shift_jis',
      400,
      /shift_jis/,
    ],
    ['control characters', '\u0001\u0002', '', 400, /not JSON/],
  ])('%s', async (_, body, contentType, status, says) => {
    const response = await post(service.url, body, { 'Content-Type': contentType });
    const problem = (await response.json()) as { status: number };
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(problem.status).toBe(status);
    expect(JSON.stringify(problem)).toMatch(says);
  });

  test.each(['br', 'snappy', ...(HAS_ZSTD ? [] : ['zstd'])])('Content-Encoding %s', async (encoding) => {
    const response = await post(service.url, Buffer.from([1, 2, 3]), { 'Content-Encoding': encoding });
    expect(response.status).toBe(415);
    expect(response.headers.get('Accept-Encoding')).toBe('gzip');
    expect(await response.text()).toContain(encoding);
  });

  test('zstd without a header, where Node has none', async () => {
    const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00]);
    const response = await post(service.url, magic);
    expect(response.status).toBe(HAS_ZSTD ? 400 : 415);
    expect(await response.text()).toContain('zstd');
  });

  test.each(['gzip', 'deflate'])('%s of more than 32 MiB', async (encoding) => {
    const zeros = Buffer.alloc(33 * 1024 * 1024, '\n');
    const body = encoding === 'gzip' ? gzipSync(zeros) : deflateSync(zeros);
    const response = await post(service.url, body, { 'Content-Encoding': encoding });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('32 MiB');
  });

  test('deflate that is damaged', async () => {
    const response = await post(service.url, Buffer.from([1, 2, 3]), { 'Content-Encoding': 'deflate' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('deflate');
  });

  test('gzip that is cut off', async () => {
    const response = await post(service.url, gzipSync(json).subarray(0, 30), { 'Content-Encoding': 'gzip' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('cut off or damaged');
  });
});
