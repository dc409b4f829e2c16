import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { startWebServer, type WebServer } from '../../cli/web-server.ts';
import { entry } from '../support/entries.ts';
import { getAll, nextLink, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
let web: WebServer;
beforeAll(async () => {
  service = await startService();
  await post(service.url, [entry({ id: 'a/b c' }), entry(), entry()]);
  web = await startWebServer(openService(new URL(service.url)), 0);
});
afterAll(async () => {
  await web.close();
  await service.close();
});

describe('The server of logs --web', () => {
  test('passes on what the service answers, with next links that lead through itself', async () => {
    const first = await fetch(`${web.url}logs?limit=1`);
    expect(nextLink(first)).toMatch(new RegExp(`^${web.url}logs\\?limit=1&cursor=`));
    const throughWeb = await getAll(web.url, 'logs?limit=1');
    expect(throughWeb).toEqual(await getAll(service.url));
    expect(throughWeb).toHaveLength(3);
    expect(await (await fetch(`${web.url}logs/a%2Fb%20c`)).json()).toHaveLength(1);
  });

  test('passes on a refusal unchanged', async () => {
    const response = await fetch(`${web.url}logs?limit=0`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, detail: expect.stringContaining('limit') });
  });

  test('serves the page with a policy under which no text becomes markup', async () => {
    const response = await fetch(web.url);
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(await response.text()).toContain('<script type="module" src="page/app.js">');
  });

  test.each([
    ['POST', '/logs', 405],
    ['GET', '/v1/logs', 404],
    ['GET', '/page/serve-page.ts', 404],
    ['GET', '/../package.json', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await send(method, path)).statusCode).toBe(status);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1.evil.example', 'a b'])(
    'refuses a request under a foreign host name: %s',
    async (host) => {
      const response = await send('GET', '/logs', host);
      expect(response.statusCode).toBe(403);
      expect(await text(response)).not.toContain('datetime');
    },
  );

  test('answers 502 with the reason when the service is unavailable', async () => {
    const nobody = await startWebServer(openService(new URL('http://127.0.0.1:9')), 0);
    const response = await fetch(`${nobody.url}logs`);
    expect([response.status, await response.json()]).toEqual([
      502,
      expect.objectContaining({ detail: expect.stringContaining('cannot reach 127.0.0.1:9') }),
    ]);
    await nobody.close();
  });

  test('asks for another port when this one is taken', async () => {
    const { port } = new URL(web.url);
    const service = openService(new URL('http://127.0.0.1'));
    await expect(startWebServer(service, Number(port))).rejects.toThrow('choose another with --port');
  });
});

/** Sends a request unchanged: fetch would normalise its path and its host. */
async function send(method: string, path: string, host = new URL(web.url).host): Promise<IncomingMessage> {
  const { port } = new URL(web.url);
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { host } }).end();
  const [response] = await once(sent, 'response');
  return response;
}
