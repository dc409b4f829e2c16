import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entry } from '../support/entries.ts';
import { hostileRequests } from '../support/hostile-bodies.ts';
import { get, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const BODIES = 2_000;
const SEED = 4;

/** Much longer than any body takes on a machine that is busy with other things. */
const HANG_MS = 120_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('Every body gets a response below 500, and the next good request is served', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(hostileRequests, async ({ path, contentType, body }) => {
      const response = await fetch(service.url + path, {
        method: 'POST',
        headers: { 'Content-Type': contentType },
        body,
        signal: AbortSignal.timeout(HANG_MS),
      });
      await response.arrayBuffer();
      expect(response.status).toBeLessThan(500);
      statuses.add(response.status);

      const good = entry();
      expect(await (await post(service.url, good)).json()).toEqual({ accepted: 1, rejected: [] });
    }),
    { numRuns: BODIES, seed: SEED },
  );

  expect(statuses).toEqual(new Set([200, 400, 415]));
  expect(await get(service.url)).toHaveLength(100);
});
