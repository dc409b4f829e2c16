import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { on, once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startBundledFunction } from '../support/bundled-function.ts';
import { entry } from '../support/entries.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';
import { ENGINE_ENVIRONMENT, openTables, type TestTable } from '../support/table.ts';

/** What the X-Ray SDK sends to the daemon, after a line that names the format. */
type Segment = { id: string; parent_id: string; name: string; annotations?: Record<string, unknown> };

let app: SynthesizedApp;
let tables: TestTable;
let daemon: Socket;

beforeAll(async () => {
  [app, tables] = await Promise.all([synthesizeApp({}, { bundle: true }), openTables()]);
  daemon = createSocket('udp4').bind(0, '127.0.0.1');
  await once(daemon, 'listening');
});

afterAll(async () => {
  daemon.close();
  await tables.close();
});

test('Each request has a trace of its own, and in it every request to DynamoDB', async () => {
  const ingest = await startBundledFunction(app, 'dev-log-ingest', {
    ...ENGINE_ENVIRONMENT,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    TABLE_NAME: await tables.create(),
  });

  const received = segmentsUntil((segments) => segments.filter(isRequest).length === 2);
  for (const count of [30, 60]) await ingest.invoke(postEvent(Array.from({ length: count }, () => entry())));
  const segments = await received;
  await ingest.stop();

  const requests = segments.filter(isRequest);
  expect(requests.map(({ annotations }) => annotations?.accepted)).toEqual([30, 60]);
  const callsOf = (id: string) =>
    segments.filter(({ name, parent_id }) => name === 'DynamoDB' && parent_id === id);
  // The first also announces the day.
  expect(requests.map(({ id }) => callsOf(id).length)).toEqual([3, 3]);
});

test('A GET that fails has a trace as soon as it is answered, with every request to DynamoDB', async () => {
  let queries = 0;
  const proxy = await startFaultProxy(tables.endpoint, () => {
    queries++;
    const body = Buffer.from('{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException"}');
    const headers = { 'Content-Type': 'application/x-amz-json-1.0' };
    return queries === 1 ? Promise.resolve({ status: 400, headers, body }) : new Promise(() => {});
  });
  const retrieval = await startBundledFunction(app, 'dev-log-retrieval', {
    ...ENGINE_ENVIRONMENT,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
  });

  const received = segmentsUntil((segments) => segments.some(isRequest));
  expect(await retrieval.invoke({ resource: '/logs', path: '/logs', httpMethod: 'GET' })).toMatchObject({
    statusCode: 503,
  });
  const segments = await received;
  await retrieval.stop();
  await proxy.close();
  expect(segments.filter(({ name }) => name === 'DynamoDB')).toHaveLength(queries);
  expect(segments.find(isRequest)?.annotations).toMatchObject({ status: 503 });
});

test('The X-Ray SDK loads the stand-in for cls-hooked outside of a bundle too', () => {
  const ofTracer = createRequire(import.meta.resolve('@aws-lambda-powertools/tracer'));
  const ofSdk = createRequire(ofTracer.resolve('aws-xray-sdk-core'));
  const standIn = new URL('../../stacks/stand-ins/cls-hooked/context.js', import.meta.url);
  expect(realpathSync(ofSdk.resolve('cls-hooked/context'))).toBe(fileURLToPath(standIn));
});

function isRequest({ name }: Segment): boolean {
  return name === '## index.handler';
}

async function segmentsUntil(areAll: (segments: Segment[]) => boolean): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const [message] of on(daemon, 'message')) {
    segments.push(JSON.parse(message.toString().split('\n')[1]));
    if (areAll(segments)) break;
  }
  return segments;
}

function postEvent(body: object): object {
  return {
    resource: '/logs',
    path: '/logs',
    httpMethod: 'POST',
    headers: { Host: 'example.execute-api.us-east-1.amazonaws.com' },
    requestContext: { requestId: randomUUID() },
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    isBase64Encoded: true,
  };
}
