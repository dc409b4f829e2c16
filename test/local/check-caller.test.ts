import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
let port: string;
beforeAll(async () => {
  service = await startService({}, { allowedHosts: ['host.docker.internal'] });
  port = new URL(service.url).port;
});
afterAll(() => service.close());

describe('The local server', () => {
  test.each([
    ['localhost'],
    ['LOCALHOST:3000'],
    ['logs.localhost'],
    ['127.0.0.1'],
    ['127.1.2.3:80'],
    ['[::1]:3000'],
    ['192.168.1.20:3000'],
    ['host.docker.internal:3000'],
  ])('answers clients that call it %s', async (host) => {
    expect(await ask({ host })).toMatchObject({ status: 200 });
  });

  test.each([
    ['evil.example'],
    ['localhost.evil.example'],
    ['127.0.0.1.evil.example'],
    ['evil.example:3000'],
    ['evil-localhost'],
    ['host.docker.internal.evil.example'],
  ])(
    'answers 421 to a foreign name that points to it, such as %s, and says how to allow it',
    async (host) => {
      const { status, body } = await ask({ host });
      expect(status).toBe(421);
      expect(body).toContain('ALLOWED_HOSTS');
    },
  );

  test.each([
    'evil>; rel="next", <http://x',
    'localhost/logs?',
    'user@localhost',
    'localhost:3000:3000',
    'a b',
  ])('answers 400 to an invalid Host: %s', async (host) => {
    expect(await ask({ host })).toMatchObject({ status: 400 });
  });

  test.each([
    ['http://evil.example'],
    ['https://localhost.evil.example'],
    ['http://192.0.2.1:3000'],
    ['null'],
    ['no URL'],
  ])('answers 403 to a page of %s, and stores nothing of what it sends', async (origin) => {
    const sent = entry();
    const answer = await post(service.url, sent, { Origin: origin, 'Content-Type': 'text/plain' });
    expect(answer.status).toBe(403);
    expect((await get(service.url)).map(({ id }) => id)).not.toContain(sent.id);
  });

  test('answers its own page, pages of this machine, and those that are allowed', async () => {
    const origins = [
      service.url,
      `http://localhost:${port}`,
      'http://localhost:5173',
      'https://host.docker.internal',
    ];
    for (const Origin of origins) expect(await ask({ Origin })).toMatchObject({ status: 200 });
  });

  test.each([
    ['cross-site', 'no-cors', 'image', 403],
    ['cross-site', 'navigate', 'iframe', 403],
    ['cross-site', 'navigate', 'document', 200],
    ['same-origin', 'cors', 'empty', 200],
    ['none', 'navigate', 'document', 200],
  ])('answers a browser that says %s, %s, %s with %s', async (site, mode, destination, status) => {
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': destination };
    expect(await ask(headers)).toMatchObject({ status });
  });

  test('links to the next page at the host by which it was called', async () => {
    await post(service.url, [entry(), entry()]);
    const { link } = await ask({ host: `LocalHost:${port}` });
    expect(link).toMatch(
      new RegExp(`^<http://localhost:${port}/logs\\?limit=1&cursor=[\\w.~-]+>; rel="next"$`),
    );
  });
});

/** A GET with headers that fetch does not allow. */
async function ask(headers: Record<string, string>) {
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request(`${service.url}/logs?limit=1`, { headers }, resolve).once('error', reject).end();
  });
  return { status: answer.statusCode, link: answer.headers.link, body: await text(answer) };
}
