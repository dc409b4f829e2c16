import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { fillWithLayout1, LAYOUT_1 } from '../support/layout-1.ts';
import { type Service, startService } from '../support/service.ts';

const SENTENCE =
  /^The table has entries of another version .+\(layout 1, .+docs\/deploy\.md says under Upgrading$/;
const READS = [
  '/logs',
  '/logs?severity=error',
  '/logs/order-1',
  '/counts?from=2023-01-01T00:00:00Z&step=2592000',
  '/dead-letters',
];

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

const get = (path: string) => fetch(service.url + path);
const statuses = () => Promise.all(READS.map(async (path) => (await get(path)).status));

describe('A table that version 1.0.0 has filled', () => {
  beforeEach(() => fillWithLayout1(service.client, service.table));

  test.each(READS)('makes %s 503 with a sentence that says what to do', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: expect.stringMatching(SENTENCE) });
  });

  test('still takes entries', async () => {
    expect((await post(service.url, entry())).status).toBe(200);
    expect((await get('/logs')).status).toBe(503);
  });

  test('can be read after its days have been deleted, by the same process', async () => {
    expect(await statuses()).toEqual([503, 503, 503, 503, 503]);
    await post(service.url, LAYOUT_1.newest);
    for (const { pk, sk } of LAYOUT_1.items.filter(({ pk }) => pk?.S === 'd#all'))
      await service.client.send(
        new DeleteItemCommand({
          TableName: service.table,
          Key: { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } },
        }),
      );
    expect(await (await get('/logs?limit=1000')).json()).toEqual(LAYOUT_1.newest);
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  });

  test('is not opened by npm start', async () => {
    await expect(createTableIfAbsent(service.client, service.table)).rejects.toThrow(SENTENCE);
  });
});

describe('A table', () => {
  test('that is empty can be read', async () => {
    expect(await statuses()).toEqual([200, 200, 404, 200, 200]);
  });

  test('is marked with the layout of its entries, and can be read and opened again', async () => {
    await post(service.url, entry());
    const { Items = [] } = await service.client.send(new ScanCommand({ TableName: service.table }));
    expect(Items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)).toContain('d#layouts 2#30');
    expect((await get('/logs')).status).toBe(200);
    await createTableIfAbsent(service.client, service.table);
  });

  test.each([
    { mark: 'of a later version', sk: '3#30', inSeconds: 3_600, status: 503 },
    { mark: 'of a later version whose entries have expired', sk: '3#30', inSeconds: -1, status: 200 },
  ])('with a mark $mark makes GET /logs $status', async ({ sk, inSeconds, status }) => {
    await mark(sk, inSeconds);
    expect((await get('/logs')).status).toBe(status);
  });

  test('is looked at once: a mark that comes later is not noticed by the same process', async () => {
    expect((await get('/logs')).status).toBe(200);
    await mark('3#30', 3_600);
    expect((await get('/logs')).status).toBe(200);
  });
});

async function mark(layout: string, inSeconds: number): Promise<void> {
  const Item = {
    pk: { S: 'd#layouts' },
    sk: { S: layout },
    expiresAt: { N: String(Math.ceil(Date.now() / 1000) + inSeconds) },
    __edb_e__: { S: 'LogDay' },
    __edb_v__: { S: '1' },
  };
  await service.client.send(new PutItemCommand({ TableName: service.table, Item }));
}
