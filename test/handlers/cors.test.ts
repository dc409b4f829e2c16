import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { type Service, startService } from '../support/service.ts';

const CORS_ORIGIN = 'https://app.example.com';

let service: Service;
beforeAll(async () => {
  service = await startService({ CORS_ORIGIN });
});
afterAll(() => service.close());

test('Pages of the origin in CORS_ORIGIN may write, and read what became of it', async () => {
  const headers = { Origin: CORS_ORIGIN };
  const preflight = await fetch(`${service.url}/logs`, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(CORS_ORIGIN);
  expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe('POST');
  expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('content-type');
  for (const [body, status] of [
    [entry(), 200],
    [{ id: 'refused' }, 400],
  ] as const) {
    const response = await fetch(`${service.url}/logs`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(CORS_ORIGIN);
  }
});

test('Pages of other origins may not write', async () => {
  const headers = { Origin: 'https://other.example.com' };
  const response = await fetch(`${service.url}/logs`, {
    method: 'POST',
    body: JSON.stringify(entry()),
    headers,
  });
  expect(response.status).toBe(403);
});

test('Pages of the origin in CORS_ORIGIN may not read entries', async () => {
  const response = await fetch(`${service.url}/logs`);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
});
