import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ROUTES } from '../../handlers/routes.ts';
import { describeApi } from '../../openapi/describe-api.ts';
import { entry } from '../support/entries.ts';
import { type Service, startService } from '../support/service.ts';

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: { schemas: { LogEntry: { examples: object[] } } };
}

interface Answer {
  headers?: Record<string, object>;
  content: Record<string, { schema?: object }>;
}

const text = readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8');
const written = JSON.parse(text) as Description;

/** Every described response of the functions. 403 comes from API Gateway alone. */
const DESCRIBED = Object.entries(written.paths).flatMap(([resource, methods]) =>
  Object.entries(methods).flatMap(([method, { responses }]) =>
    Object.keys(responses)
      .filter((status) => status !== '403')
      .map((status) => `${method.toUpperCase()} ${resource} ${status}`),
  ),
);

describe('The API description', () => {
  test('is current (npm run openapi writes it)', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(describeApi())));
  });

  test('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(text)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('names every route and no others', () => {
    const named = Object.entries(written.paths).flatMap(([resource, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${resource}`),
    );
    expect(named.toSorted()).toEqual(
      ROUTES.map(({ method, resource }) => `${method} ${resource}`).toSorted(),
    );
  });
});

describe('Real responses satisfy the API description', () => {
  const exercised = new Set<string>();
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  /** Sends a request to a route and compares the response with its description. */
  async function exchange(route: string, status: number, request: RequestInit = {}, path?: string) {
    const [method = '', resource = ''] = route.split(' ');
    const answer = await fetch(service.url + (path ?? resource), { method, ...request });
    expect(answer.status).toBe(status);
    const described = written.paths[resource]?.[method.toLowerCase()]?.responses[status] as Answer;
    const contentType = answer.headers.get('Content-Type') ?? '';
    expect(Object.keys(described.content)).toContain(contentType);
    const body = Buffer.from(await answer.arrayBuffer());
    if (contentType.includes('json'))
      expectValid(JSON.parse(body.toString()), [resource, method.toLowerCase(), String(status), contentType]);
    if (described.headers?.['Retry-After']) expect(answer.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    exercised.add(`${route} ${status}`);
    return answer;
  }

  test('where entries are written', async () => {
    const [example] = written.components.schemas.LogEntry.examples;
    const post = (status: number, body: string | Buffer, headers = {}) =>
      exchange('POST /logs', status, { body, headers });
    await post(200, JSON.stringify(example));
    await post(200, JSON.stringify([entry(), { id: 'refused' }, 7]));
    await post(200, JSON.stringify({ logs: [entry()] }));
    await post(400, JSON.stringify({ id: 'refused' }));
    await post(400, 'neither JSON nor anything');
    await post(413, gzipSync('{}\n'.repeat(40_001)));
    await post(415, 'brotli', { 'Content-Encoding': 'br' });
  });

  test('where loggers write', async () => {
    const post = (status: number, body: string | Buffer, headers = {}) =>
      exchange('POST /v1/json', status, { body, headers });
    await post(200, JSON.stringify({ time: 1_700_049_900_123, level: 30, msg: 'disk full', pid: 7 }));
    await post(200, '[]');
    await post(400, JSON.stringify({ msg: 'disk full' }));
    await post(413, gzipSync('{}\n'.repeat(40_001)));
    await post(415, 'brotli', { 'Content-Encoding': 'br' });
  });

  test('where OpenTelemetry writes', async () => {
    const post = (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
      exchange('POST /v1/logs', status, {
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      });
    const record = {
      timeUnixNano: '1700049900000000000',
      severityNumber: 17,
      body: { stringValue: 'disk full' },
    };
    const requestOf = (...logRecords: object[]) =>
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    await post(200, requestOf(record));
    await post(200, requestOf(record, { ...record, timeUnixNano: '9000000000000000000' }));
    await post(200, Buffer.alloc(0), { 'Content-Type': 'application/x-protobuf' });
    await post(400, '[]');
    await post(413, gzipSync(requestOf(...Array.from({ length: 40_001 }, () => ({})))));
    await post(415, 'brotli', { 'Content-Encoding': 'br' });
  });

  test('where entries are read', async () => {
    const page = await exchange('GET /logs', 200, {}, '/logs?limit=1');
    expect(page.headers.get('Link')).toMatch(/^<http.*>; rel="next"$/);
    expect(page.headers.get('Searched-Back-To')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await exchange('GET /logs', 200, {}, '/logs?severity=error&contains=nowhere');
    await exchange('GET /logs', 400, {}, '/logs?limit=0&from=yesterday&cursor=forged');
    await exchange(
      'GET /counts',
      200,
      {},
      '/counts?from=2023-11-15T00:00:00Z&to=2023-11-16T00:00:00Z&step=3600',
    );
    await exchange('GET /counts', 400, {}, '/counts?step=0');
    await exchange('GET /logs/{id}', 200, {}, '/logs/unique-id-123');
    await exchange('GET /logs/{id}', 400, {}, '/logs/%ff');
    await exchange('GET /logs/{id}', 404, {}, '/logs/nobody');
    await exchange('GET /dead-letters', 200);
    await exchange('GET /dead-letters', 400, {}, '/dead-letters?contains=x');
  });

  test('where the table is missing', async () => {
    await service.client.send(new DeleteTableCommand({ TableName: service.table }));
    await exchange('POST /logs', 503, { body: JSON.stringify(entry()) });
    await exchange('POST /v1/json', 503, { body: '{"time":1,"msg":"m"}' });
    const otlp = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1' }] }] }] };
    await exchange('POST /v1/logs', 503, { body: JSON.stringify(otlp) });
    await exchange('GET /logs', 503);
    await exchange('GET /counts', 503, {}, `/counts?from=${new Date().toISOString()}&step=60`);
    await exchange('GET /logs/{id}', 503, {}, '/logs/unique-id-123');
    await exchange('GET /dead-letters', 503);
  });

  test('and every described response has been seen', () => {
    expect([...exercised].toSorted()).toEqual(DESCRIBED.toSorted());
  });
});

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(written, 'openapi.json');

function expectValid(value: unknown, [resource = '', method, status, mediaType = '']: string[]): void {
  const pointer = ['paths', resource, method, 'responses', status, 'content', mediaType, 'schema']
    .map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validate = ajv.compile({ $ref: `openapi.json#/${pointer}` });
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}
