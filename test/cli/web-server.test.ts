import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { startWebServer, type WebServer } from '../../cli/web-server.ts';
import { entry } from '../support/entries.ts';
import { getAll, nextLink, post } from '../support/http.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
let web: WebServer;
let cookie: string;
beforeAll(async () => {
  service = await startService();
  await post(service.url, [entry({ id: 'a/b c' }), entry(), entry()]);
  web = await startWebServer(openService(new URL(service.url)), 0);
  cookie = await cookieOf(web);
});
afterAll(async () => {
  await web.close();
  await service.close();
});

describe('The server of logs --web', () => {
  test('passes on what the service answers, with next links that lead through itself', async () => {
    const entries = [];
    for (let path: string | undefined = '/logs?limit=1'; path; ) {
      const response: Response = await read(path);
      entries.push(...((await response.json()) as unknown[]));
      path = nextLink(response);
      if (path) expect(path).toMatch(/^\/logs\?limit=1&cursor=/);
    }
    expect(entries).toEqual(await getAll(service.url));
    expect(entries).toHaveLength(3);
    expect(await (await read('/logs/a%2Fb%20c')).json()).toHaveLength(1);
  });

  test('passes on a refusal unchanged', async () => {
    const response = await read('/logs?limit=0');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, detail: expect.stringContaining('limit') });
  });

  test('serves the page with a policy under which no text becomes markup', async () => {
    const response = await read('/');
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(await response.text()).toContain('<script type="module" src="page/app.js">');
  });

  test('sends the page once to a browser that keeps it', async () => {
    const response = await send('GET', '/page/app.js', { 'accept-encoding': 'gzip' });
    const { etag } = response.headers;
    expect(response.headers['content-encoding']).toBe('gzip');
    expect((await send('GET', '/page/app.js', { 'if-none-match': etag })).statusCode).toBe(304);
  });

  test.each([
    ['POST', '/logs', 405],
    ['GET', '/v1/logs', 404],
    ['GET', '/page/serve-page.ts', 404],
    ['GET', '/../package.json', 404],
    ['GET', '//evil.example/logs', 404],
    ['GET', 'http://[', 400],
    ['OPTIONS', '*', 400],
    ['GET', '/logs/%', 400],
    ['GET', 'http://evil.example/logs', 421],
  ])('answers %s %s with %i and a reason, and without a link', async (method, path, status) => {
    const response = await send(method, path);
    expect([response.statusCode, response.headers.link]).toEqual([status, undefined]);
    expect(JSON.parse(await text(response))).toMatchObject({ status, detail: expect.any(String) });
  });

  test.each([
    ['evil.example', 421],
    ['evil.example:80', 421],
    ['127.0.0.1.evil.example', 421],
    ['a b', 400],
  ])('refuses a request under a foreign host name: %s', async (host, status) => {
    const response = await send('GET', '/logs', { host });
    expect(response.statusCode).toBe(status);
    expect(await text(response)).not.toContain('datetime');
  });

  test('links to itself only, whatever host and path a request names', async () => {
    const { port } = new URL(web.url);
    for (const target of [
      '/logs?limit=1',
      'http://127.0.0.2:1/logs?limit=1',
      'http://localhost/logs?limit=1',
    ]) {
      const { headers } = await send('GET', target);
      expect(headers.link).toMatch(/^<\/logs\?limit=1&cursor=[\w.~-]+>; rel="next"$/);
      expect(new URL(String(headers.link).slice(1), web.url).port).toBe(port);
    }
  });

  test('answers 502 with the reason when the service is unavailable', async () => {
    const nobody = await startWebServer(openService(new URL('http://127.0.0.1:9')), 0);
    const headers = { cookie: await cookieOf(nobody) };
    const response = await fetch(`${nobody.url}logs`, { headers });
    expect([response.status, await response.json()]).toEqual([
      502,
      expect.objectContaining({ detail: expect.stringContaining('cannot reach 127.0.0.1:9') }),
    ]);
    await nobody.close();
  });

  test.each([
    ['https://evil.example/logs?cursor=1', 'which is not below'],
    ['//evil.example/logs', 'which is not below'],
    ['http://[', 'something other than log entries'],
  ])('answers 502 with the reason when the next link of the service is %s', async (link, reason) => {
    const hostile = await startRecordingServer((_request, response) => {
      response.writeHead(200, { link: `<${link}>; rel="next"` }).end('[]');
    });
    const server = await startWebServer(openService(new URL(hostile.url)), 0);
    const response = await fetch(`${server.url}logs`, { headers: { cookie: await cookieOf(server) } });
    expect([response.status, response.headers.get('link')]).toEqual([502, null]);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(reason) });
    await server.close();
    await hostile.close();
  });

  test('answers 502 when the answer of the service breaks off', async () => {
    const broken = await startRecordingServer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('[', () => response.destroy());
    });
    const server = await startWebServer(openService(new URL(broken.url)), 0);
    const headers = { cookie: await cookieOf(server) };
    expect((await fetch(`${server.url}logs`, { headers })).status).toBe(502);
    await server.close();
    await broken.close();
  });

  test('asks for another port when this one is taken', async () => {
    const { port } = new URL(web.url);
    const service = openService(new URL('http://127.0.0.1'));
    await expect(startWebServer(service, Number(port))).rejects.toThrow('choose another with --port');
  });
});

describe('The token of logs --web', () => {
  test('is exchanged for a cookie of this port, and leaves the address', async () => {
    const { port } = new URL(web.url);
    const address = `${web.url}?token=${web.token}&severity=error`;
    const { status, headers } = await fetch(address, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([303, '/?severity=error']);
    expect(headers.get('set-cookie')).toMatch(
      new RegExp(`^logs-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.each([
    ['GET', '/'],
    ['GET', '/page/app.js'],
    ['GET', '/logs'],
    ['GET', '/logs/a%2Fb%20c'],
    ['GET', '/counts?step=60'],
    ['GET', '/dead-letters'],
    ['GET', '/nowhere'],
    ['GET', '/?token='],
    ['GET', '/?token=wrong'],
    ['HEAD', '/logs'],
    ['POST', '/logs'],
  ])(
    'is needed for %s %s: the answer without it is 403 and says how to open the page',
    async (method, path) => {
      const response = await send(method, path, { cookie: undefined });
      expect(response.statusCode).toBe(403);
      const body = await text(response);
      if (method !== 'HEAD')
        expect(JSON.parse(body).detail).toBe(
          'open the address that `logs --web` has printed, with its token',
        );
    },
  );

  test('counts only in the cookie of this port', async () => {
    const value = cookie.split('=')[1];
    const wrong = [`logs-1=${value}`, `logs=${value}`, cookie.slice(0, -1), `${cookie}x`, `x${cookie}`, ''];
    for (const one of wrong) expect((await send('GET', '/logs', { cookie: one })).statusCode).toBe(403);
    expect((await send('GET', '/logs', { cookie: `logs-1=x; ${cookie}; a=b` })).statusCode).toBe(200);
  });

  test('differs from start to start', async () => {
    const other = await startWebServer(openService(new URL(service.url)), 0);
    expect(other.token).not.toBe(web.token);
    await other.close();
  });
});

describe('A page of another origin', () => {
  test.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'http://localhost:5173' }],
    [{ origin: 'http://127.0.0.1:5173' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ])('is refused even with the cookie: %j', async (headers) => {
    const response = await send('GET', '/logs', headers);
    expect(response.statusCode).toBe(403);
    expect(await text(response)).toContain('Web pages of other sites may not use this server');
  });

  test('does not keep the user from opening the printed address, nor the page from reading', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await send('GET', `/?token=${web.token}`, { ...link, cookie: undefined })).statusCode).toBe(303);
    const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    expect((await send('GET', '/logs', own)).statusCode).toBe(200);
    expect((await send('GET', '/logs', { origin: web.url.slice(0, -1) })).statusCode).toBe(200);
  });
});

/** What a browser keeps after it has opened the printed address. */
async function cookieOf({ url, token }: WebServer): Promise<string> {
  const { headers } = await fetch(`${url}?token=${token}`, { redirect: 'manual' });
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

function read(path: string): Promise<Response> {
  return fetch(new URL(path, web.url), { headers: { cookie } });
}

/** Sends a request unchanged: fetch would normalise its path and its host. */
async function send(
  method: string,
  path: string,
  given: Record<string, string | undefined> = {},
): Promise<IncomingMessage> {
  const { host, port } = new URL(web.url);
  const headers = Object.entries({ host, cookie, ...given }).filter(([, value]) => value !== undefined);
  const sent = request({ host: '127.0.0.1', port, method, path, headers: Object.fromEntries(headers) }).end();
  const [response] = await once(sent, 'response');
  return response;
}
