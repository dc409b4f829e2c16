import { once } from 'node:events';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../../entities/entry.ts';
import { entry } from '../../support/entries.ts';
import { get, post } from '../../support/http.ts';
import { type Service, startService } from '../../support/service.ts';

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
  'NDJSON behind a byte order mark': (entries) => `\uFEFF${lines(entries).join('\n')}`,
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
      { numRuns: 100 },
    );
  });
});

describe('A broken record affects no other record:', () => {
  test.each([
    ['the first line', (good: string) => `Starting up ...\n${good}`, 0],
    ['a line in the middle', (good: string) => `${JSON.stringify(entry())}\n{"id": "cut o\n${good}`, 1],
    ['the last line, cut off', (good: string) => `${good}\n{"id":"a","datet`, 1],
    ['an element of an array', (good: string) => `[${good}, {"id": nul}]`, 1],
    ['an element of {"logs"}', (good: string) => `{"logs": [7, ${good}]}`, 0],
  ])('%s', async (_, write, index) => {
    const good = entry();
    const response = await post(service.url, write(JSON.stringify(good)));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ rejected: [{ index, errors: [{ path: '' }] }] });
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
  const two = JSON.stringify(entry()).repeat(2);
  const json = JSON.stringify(entry());

  test.each([
    ['objects on one line', two, '', 400, /json_lines/],
    ['an array behind an array', `[${json}]\n[${json}]`, '', 400, /follows the JSON array/],
    ['an array that is cut off', `[${json},`, '', 400, /cut off/],
    ['nothing', '', '', 400, /empty/],
    ['blank lines', ' \r\n\n', '', 400, /empty/],
    ['plain text', 'Disk is nearly full', 'text/plain', 400, /not JSON/],
    ['MessagePack', Buffer.from([0x92, 0xc3, 0x0a, 0x7b, 0xa1]), 'application/msgpack', 415, /MessagePack/],
    ['protobuf', Buffer.from([0x0a, 0x03, 1, 2, 3]), 'application/x-protobuf', 415, /\/v1\/logs/],
    ['a form', 'log=%7B%7D', 'application/x-www-form-urlencoded', 415, /form/],
    ['a multipart form', '--x\r\n\r\n{}\r\n--x--', 'multipart/form-data; boundary=x', 415, /form/],
    ['OTLP', '{"resourceLogs":[]}', 'application/json', 400, /\/v1\/logs/],
  ])('%s', async (_, body, contentType, status, says) => {
    const response = await post(service.url, body, { 'Content-Type': contentType });
    const problem = (await response.json()) as { status: number };
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(problem.status).toBe(status);
    expect(JSON.stringify(problem)).toMatch(says);
  });

  test.each(['deflate', 'br', 'zstd', 'snappy'])('Content-Encoding %s', async (encoding) => {
    const response = await post(service.url, Buffer.from([1, 2, 3]), { 'Content-Encoding': encoding });
    expect(response.status).toBe(415);
    expect(response.headers.get('Accept-Encoding')).toBe('gzip');
    expect(await response.text()).toContain(encoding);
  });

  test('gzip that is cut off', async () => {
    const response = await post(service.url, gzipSync(json).subarray(0, 30), { 'Content-Encoding': 'gzip' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('cut off or damaged');
  });
});
