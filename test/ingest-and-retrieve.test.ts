import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from './support/entries.ts';
import { get, post } from './support/http.ts';
import { type Service, startService } from './support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('An entry', () => {
  test('comes back as it was sent, alone and among entries of today', async () => {
    const old = {
      id: 'unique-id-123',
      datetime: '2023-11-15T12:05:00Z',
      severity: 'info',
      message: 'Log content here',
    };
    const posted = await post(service.url, old);
    expect(posted.status).toBe(200);
    expect(await posted.json()).toEqual({ accepted: 1, rejected: [] });
    expect(await get(service.url)).toEqual([old]);

    const today = entry();
    await post(service.url, today);
    expect(await get(service.url)).toEqual([today, old]);
  });
});
