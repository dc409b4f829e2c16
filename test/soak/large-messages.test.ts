import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { GET_EVENT, invoke } from '../support/gateway.ts';
import { getAll, post } from '../support/http.ts';
import { newestFirst } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

/** Lambda's limit for a response, which it writes as JSON. */
const LAMBDA_LIMIT_BYTES = 6_291_556;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('100 messages of 200 KB come in pages within the limit of Lambda, with a link to the next', async () => {
  const sent = Array.from({ length: 100 }, () => entry({ message: randomBytes(150_000).toString('base64') }));
  for (let at = 0; at < sent.length; at += 20) {
    expect((await post(service.url, sent.slice(at, at + 20))).status).toBe(200);
  }

  for (const encoding of ['identity', 'gzip']) {
    const result = await invoke(service.retrieval, {
      ...GET_EVENT,
      headers: { Accept: '*/*', 'Accept-Encoding': encoding },
    });
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(LAMBDA_LIMIT_BYTES);
    expect(result.headers?.Link).toMatch(/rel="next"/);
  }
  expect(await getAll(service.url)).toEqual(newestFirst(sent));
});
