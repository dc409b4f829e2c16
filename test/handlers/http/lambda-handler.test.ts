import { describe, expect, test } from '@jest/globals';
import { HttpProblem } from '../../../handlers/http/http-problem.ts';
import { type Endpoint, lambdaHandler } from '../../../handlers/http/lambda-handler.ts';
import { createPowertools } from '../../../handlers/start-function.ts';
import { GET_EVENT, invoke } from '../../support/gateway.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

/** Calls a function that serves one endpoint at `GET /logs`. */
function call(endpoint: Endpoint, event: object = {}) {
  const handler = lambdaHandler(
    createPowertools('test'),
    { 'GET /logs': endpoint },
    {
      toProblem: (cause) => new HttpProblem(503, 'Try again later', { cause }),
      unavailableMetric: 'Unavailable',
    },
  );
  return invoke(handler, { ...GET_EVENT, ...event });
}

const failing = (error: unknown): Endpoint => ({ respond: () => Promise.reject(error) });
const working: Endpoint = { respond: async () => ({ status: 200, headers: {}, body: '[]' }) };

describe('A function', () => {
  test('serves an endpoint by the name of its route', async () => {
    expect(await call(working)).toMatchObject({ statusCode: 200, body: '[]' });
  });

  test('answers HEAD as GET, without the body', async () => {
    const [get, head] = [await call(working), await call(working, { httpMethod: 'HEAD' })];
    expect(head).toEqual({ ...get, body: '' });
    const failed = await call(failing(new HttpProblem(413, 'Too large')), { httpMethod: 'HEAD' });
    expect(failed).toMatchObject({ statusCode: 413, body: '' });
  });

  test.each([{ resource: '/elsewhere' }, { httpMethod: 'POST' }])(
    'responds with 404 to %j',
    async (event) => {
      expect(await call(working, event)).toMatchObject({ statusCode: 404 });
    },
  );

  test.each([
    { headers: { Accept: '*/*', 'Accept-Encoding': 'gzip' }, encoding: 'gzip' },
    { headers: { 'Accept-Encoding': 'gzip' }, encoding: undefined },
  ])('responds to the headers $headers with the encoding $encoding', async ({ headers, encoding }) => {
    const long: Endpoint = { respond: async () => ({ status: 200, headers: {}, body: 'a'.repeat(2_000) }) };
    const response = await call(long, { headers });
    expect(response.headers?.['Content-Encoding']).toBe(encoding);
  });

  test('turns a problem into HTTP', async () => {
    const { statusCode, headers, body } = await call(failing(new HttpProblem(413, 'Too large')));
    expect(statusCode).toBe(413);
    expect(headers).toMatchObject({ 'Content-Type': 'application/problem+json' });
    expect(JSON.parse(body)).toMatchObject({ status: 413, detail: 'Too large' });
  });

  test('turns any other error into the problem of its choice, without the message of the error', async () => {
    const { statusCode, body } = await call(failing(new Error('a secret')));
    expect(statusCode).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ detail: 'Try again later' });
    expect(body).not.toContain('a secret');
  });

  test('lets an endpoint write problems in the format of its protocol', async () => {
    const endpoint: Endpoint = {
      ...failing(new HttpProblem(400, 'Wrong')),
      toProblemResponse: ({ status, message }) => ({ status, headers: {}, body: `own ${message}` }),
    };
    expect(await call(endpoint)).toMatchObject({ statusCode: 400, body: 'own Wrong' });
  });
});
