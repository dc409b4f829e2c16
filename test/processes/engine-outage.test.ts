import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEngineSwitch, type EngineSwitch } from '../support/engine-switch.ts';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { ENGINE_ENDPOINT, type Service, startService } from '../support/service.ts';

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

test('With the engine away POST and GET answer 503 in time, and both recover once it is back', async () => {
  const [before, after] = [entry(), entry()];
  expect((await post(service.url, before)).status).toBe(200);

  await engine.stop();
  const signal = AbortSignal.timeout(GATEWAY_TIMEOUT_MS);
  const answers = await Promise.all([
    fetch(`${service.url}/logs`, {
      method: 'POST',
      body: JSON.stringify([after, { id: 'refused' }]),
      signal,
    }),
    fetch(`${service.url}/logs`, { signal }),
    fetch(`${service.url}/logs/${before.id}`, { signal }),
    fetch(`${service.url}/dead-letters`, { signal }),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, detail: expect.stringContaining('again') });
  }

  await engine.start();
  expect((await post(service.url, after)).status).toBe(200);
  expect(await get(service.url)).toEqual([after, before]);
});
