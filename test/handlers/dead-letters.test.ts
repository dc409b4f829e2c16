import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DeadLetter, RAW_TEXT_LIMIT } from '../../entities/dead-letter.ts';
import { entry } from '../support/entries.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { GET_EVENT, invoke } from '../support/gateway.ts';
import { get, getAll, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { ENGINE_ENDPOINT } from '../support/table.ts';

/** Whether the engine refuses to write dead letters, and nothing else. */
let deniesDeadLetters = false;

let proxy: FaultProxy;
let service: Service;
beforeAll(async () => {
  proxy = await startFaultProxy(ENGINE_ENDPOINT, async ({ body }, forward) => {
    const isDenied = deniesDeadLetters && body.includes('"S":"x#');
    const denial = Buffer.from('{"__type":"com.amazonaws.dynamodb.v20120810#AccessDeniedException"}');
    return isDenied ? { status: 400, headers: {}, body: denial } : forward();
  });
  service = await startService({ AWS_ENDPOINT_URL_DYNAMODB: proxy.url });
});
afterAll(async () => {
  await service.close();
  await proxy.close();
});

const deadLetters = async (path = '/dead-letters?limit=1000') =>
  (await getAll(service.url, path)) as unknown as DeadLetter[];

/** Posts refused records, as texts, beside an entry that is accepted. */
const postRefused = (...texts: string[]) => post(service.url, [...texts, JSON.stringify(entry())].join('\n'));

describe('An entry that is refused beside an accepted one', () => {
  test('is kept as it was sent, with the reasons and the time', async () => {
    const raw = '{"id": "7",  "severity":"fatal", "datetime":"2023-11-15T12:05:00Z", "message":"é"}';
    const before = Date.now();
    expect((await postRefused(raw)).status).toBe(200);

    const [newest] = await deadLetters();
    expect(newest).toEqual({
      refusedAt: expect.any(String),
      errors: [{ path: 'severity', message: 'must be exactly one of info, warning, error' }],
      raw,
    });
    expect(Date.parse(`${newest?.refusedAt.slice(0, 23)}Z`)).toBeGreaterThanOrEqual(before);
  });

  test.each([
    ['/logs', { id: 'of a key' }],
    ['/v1/json', { msg: 'of a key' }],
    ['/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: 'of a key' }] }] }] }],
  ])('is kept with the id of the API key that sent it to %s', async (resource, body) => {
    const sender = `key of ${resource}`;
    await invoke(service.ingest, {
      ...GET_EVENT,
      resource,
      path: resource,
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      requestContext: { domainName: 'logs.example.com', identity: { apiKeyId: sender } },
    });
    const [newest] = await deadLetters();
    expect(newest).toMatchObject({ sender, raw: expect.stringContaining('of a key') });
  });

  test('is kept once, however often its batch is sent', async () => {
    const raw = '{"id":"sent again"}';
    await postRefused(raw);
    await postRefused(raw, raw);
    expect((await deadLetters()).filter((letter) => letter.raw === raw)).toHaveLength(1);
  });

  test('is kept up to a limit, and is told apart from one that differs after it', async () => {
    const long = 'x'.repeat(2 * RAW_TEXT_LIMIT);
    await postRefused(`${long}1`, `${long}2`);
    const kept = (await deadLetters()).filter(({ raw }) => raw.startsWith('xxx'));
    expect(kept.map(({ raw }) => raw.length)).toEqual([RAW_TEXT_LIMIT, RAW_TEXT_LIMIT]);
  });

  test('may be cut within a character', async () => {
    const raw = `${'x'.repeat(RAW_TEXT_LIMIT - 1)}\u{1F600}`;
    expect((await postRefused(raw)).status).toBe(200);
    expect((await deadLetters())[0]?.raw).toBe(`${'x'.repeat(RAW_TEXT_LIMIT - 1)}\uFFFD`);
  });
});

test('A request with nothing acceptable is answered 400, and what was refused is kept', async () => {
  const raw = '{"id":"alone"}';
  const response = await post(service.url, raw);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    accepted: 0,
    rejected: [
      { index: 0, id: 'alone', errors: [{ path: 'datetime' }, { path: 'severity' }, { path: 'message' }] },
    ],
  });
  expect((await deadLetters()).filter((letter) => letter.raw === raw)).toHaveLength(1);
});

test.each([
  ['a poison line', 'Disk is nearly full', ['Disk is nearly full']],
  ['objects on one line', '{"n":1}{"n":2}', ['{"n":1}', '{"n":2}']],
  ['lines', 'one\n[two]\n{"three', ['one', '[two]', '{"three']],
  ['an array', '[{"n":3},4]', ['{"n":3}', '4']],
  ['a damaged array', '[{"n":"5" x"},{"n":6}]', ['{"n":"5" x"}', '{"n":6}']],
])('What was refused under 400 is kept: %s', async (_, body, raws) => {
  expect((await post(service.url, body)).status).toBe(400);
  const kept = (await deadLetters()).map(({ raw }) => raw);
  expect(kept).toEqual(expect.arrayContaining(raws));
});

test('Bytes that are not UTF-8 are kept apart, so that records which differ only there are two', async () => {
  for (const byte of [0xe8, 0xe9])
    await post(service.url, Buffer.concat([Buffer.from('{"id":"'), Buffer.from([byte]), Buffer.from('"}')]));
  const kept = (await deadLetters()).filter(({ errors }) => errors[0]?.message.includes('UTF-8'));
  expect(kept.map(({ raw }) => raw).toSorted()).toEqual(['{"id":"è"}', '{"id":"é"}']);
});

test('Dead letters are read newest first, page by page', async () => {
  const from = new Date().toISOString();
  const texts = ['1', '2', '3', '4', '5'];
  for (const text of texts) await postRefused(text);

  const paged = await deadLetters(`/dead-letters?limit=2&from=${from}`);
  const times = paged.map(({ refusedAt }) => refusedAt);
  expect(times).toEqual(times.toSorted().toReversed());
  expect(new Set(paged.map(({ raw }) => raw))).toEqual(new Set(texts));
  expect(await get(service.url, `/dead-letters?limit=2&from=${from}`)).toEqual(paged.slice(0, 2));
});

test('The answer is 503 when a dead letter cannot be stored, and sending all of it again stores it', async () => {
  const good = entry();
  const raw = '{"id":"not kept at first"}';
  const body = `${raw}\n${JSON.stringify(good)}`;

  deniesDeadLetters = true;
  const response = await post(service.url, body);
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);

  deniesDeadLetters = false;
  expect((await post(service.url, body)).status).toBe(200);
  expect(await get(service.url, `/logs/${good.id}`)).toEqual([good]);
  expect((await deadLetters()).filter((letter) => letter.raw === raw)).toHaveLength(1);
});

// The last, because the others read all dead letters.
test('An entry that is refused beside an accepted one is kept even if the answer does not list it', async () => {
  const records = Array.from({ length: 2_000 }, (_, at) => ({ id: `many-${at}` }));
  const response = await post(service.url, [...records, entry()]);
  const verdicts = (await response.json()) as { rejected: unknown[]; rejectedOmitted: number };
  expect(verdicts).toMatchObject({ accepted: 1, rejectedOmitted: 1_000 });
  expect(verdicts.rejected).toHaveLength(1_000);
  const kept = (await deadLetters()).filter(({ raw }) => raw.includes('many-'));
  expect(kept).toHaveLength(2_000);
});
