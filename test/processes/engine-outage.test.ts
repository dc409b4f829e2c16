import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createEngineSwitch, type EngineSwitch } from '../support/engine-switch.ts';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { ENGINE_ENDPOINT } from '../support/table.ts';

/** As long as API Gateway waits for a function. */
const GATEWAY_TIMEOUT_MS = 29_000;

let engine: EngineSwitch;
let service: Service;
beforeAll(async () => {
  engine = await createEngineSwitch();
  service = await startService({ AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint });
  engine.leadTo(ENGINE_ENDPOINT);
});
afterAll(async () => {
  await service.close();
  await engine.stop();
});

test('While the engine is unavailable POST and GET answer 503 in time, and both recover afterwards', async () => {
  const [before, after] = [entry(), entry()];
  expect((await post(service.url, before)).status).toBe(200);

  await engine.stop();
  // A write is repeated until its time is over. The test ends that time, so that nothing depends on a real clock.
  const writeTime = new AbortController();
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(writeTime.signal);
  const write = post(service.url, [after, { id: 'refused' }]);
  const reads = await Promise.all(
    ['/logs', `/logs/${before.id}`, '/dead-letters'].map((path) => fetch(service.url + path)),
  );
  expect(timeout).toHaveBeenCalledTimes(1);
  expect(timeout.mock.calls[0]?.[0]).toBeLessThan(GATEWAY_TIMEOUT_MS);
  writeTime.abort();
  for (const answer of [await write, ...reads]) {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, detail: expect.stringContaining('again') });
  }
  jest.restoreAllMocks();

  await engine.start();
  expect((await post(service.url, after)).status).toBe(200);
  expect(await get(service.url)).toEqual([after, before]);
});
