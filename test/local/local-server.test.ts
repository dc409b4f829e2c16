import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WIRE_LIMIT_BYTES } from '../../handlers/limits.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

/** Headers that belong to a connection or a moment. */
const HOP_BY_HOP = ['connection', 'date', 'keep-alive'];

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('The local server', () => {
  test.each(['/nothing', '/logs/', '/logs/a/b', '/LOGS', '//', '//logs', '/%'])(
    'answers 404 to an unknown path such as %s',
    async (path) => {
      const answer = await exchange([`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]);
      expect(answer).toMatch(/^HTTP\/1.1 404 /);
      expect(answer).toMatch(/content-type: application\/problem\+json/i);
    },
  );

  test.each([
    ['DELETE', '/logs', 'POST, GET'],
    ['PUT', '/logs', 'POST, GET'],
    ['POST', '/logs/some-id', 'GET'],
    ['GET', '/v1/logs', 'POST'],
    ['POST', '/dead-letters', 'GET'],
  ])('answers 405 to %s %s and allows %s', async (method, path, allow) => {
    const answer = await fetch(service.url + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('Allow')).toBe(allow);
    expect(await answer.json()).toMatchObject({ status: 405, detail: expect.stringContaining(method) });
  });

  test.each(['/logs', '/logs?limit=1', '/', '/page/style.css', '/nothing'])(
    'answers HEAD %s like GET, without the body',
    async (path) => {
      const [got, headed] = await Promise.all([
        fetch(service.url + path),
        fetch(service.url + path, { method: 'HEAD' }),
      ]);
      const headersOf = ({ headers }: Response) =>
        [...headers].filter(([name]) => !HOP_BY_HOP.includes(name));
      expect(headed.status).toBe(got.status);
      expect(headersOf(headed)).toEqual(headersOf(got));
      expect(await headed.text()).toBe('');
    },
  );

  test('answers 304 without a length to a browser that has the page already', async () => {
    const etag = (await fetch(`${service.url}/`)).headers.get('etag');
    const answer = await exchange([
      `GET / HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 304 /);
    expect(answer).not.toMatch(/content-length/i);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  test('reads a request target that is a whole URL', async () => {
    const sent = entry();
    await post(service.url, sent);
    const answer = await exchange([
      `GET ${service.url}/logs/${sent.id} HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(sent.id);
  });

  test('answers 413 to a body whose declared length is too long, without reading it', async () => {
    const answer = await exchange([
      `POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${WIRE_LIMIT_BYTES + 1}\r\n\r\n`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('gzip');
  });

  test('answers 413 to an endless body, and closes the connection', async () => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    function* endless() {
      yield 'POST /logs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
      for (;;) yield chunk;
    }
    expect(await exchange(endless())).toMatch(/^HTTP\/1.1 413 /);
    expect((await post(service.url, entry())).status).toBe(200);
  });

  test('survives a client that disconnects in the middle of a body', async () => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[{');
    socket.destroy();
    await once(socket, 'close');
    expect((await post(service.url, entry())).status).toBe(200);
  });
});

/** Sends texts unchanged until the server closes the connection. Returns the whole answer. */
async function exchange(request: Iterable<string>): Promise<string> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  // The server may close the connection while the client is still sending.
  const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
  Readable.from(request).pipe(socket, { end: false });
  await closed;
  return answer;
}
