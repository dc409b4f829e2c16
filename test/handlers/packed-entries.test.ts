import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { getAll, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const SECRET = 'a message that nobody may find in the log of the service';

/** What the functions log and count. */
const written: string[] = [];

let service: Service;
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  service = await startService({
    PACKING: 'info',
    POWERTOOLS_LOG_LEVEL: 'ERROR',
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await service.close();
});

test('Packed entries are found by their id, by the time in its UUIDv7', async () => {
  const id = '018bd2e1-9a00-7000-8000-000000000001';
  const packed = togetherAt('2023-11-15T12:05:0', { id });
  await post(service.url, JSON.stringify(packed));
  expect(await getAll(service.url, `/logs/${id}?limit=2`)).toEqual(packed.toReversed());
  expect((await fetch(`${service.url}/logs/nobody`)).status).toBe(404);
});

test('An id that has a row finds the row alone; with a time span, a link leads to packed entries too', async () => {
  const day = '2023-11-15';
  const id = '018bd2e1-9a00-7000-8000-000000000000';
  const packed = togetherAt(`${day}T12:05:0`, { id });
  await post(service.url, JSON.stringify(packed));
  await post(service.url, JSON.stringify([{ ...packed[0], severity: 'error' }]));
  const row = { ...packed[0], severity: 'error' };
  const plain = await fetch(`${service.url}/logs/${id}`);
  expect(plain.headers.get('Link')).toBeNull();
  expect(await plain.json()).toEqual([row]);
  const first = await fetch(`${service.url}/logs/${id}?from=${day}T00:00:00Z`);
  expect(first.headers.get('Link')).toContain('rel="next"');
  expect(await first.json()).toEqual([row]);
  const path = `/logs/${id}?limit=2&to=${day}T13:00:00Z`;
  expect(await getAll(service.url, path)).toEqual([row, ...packed.toReversed()]);
});

test('A damaged block is skipped, logged by its key alone, and counted', async () => {
  const lost = togetherAt('2023-10-01T12:05:0', { message: SECRET });
  const kept = entry({ datetime: '2023-10-01T12:04:00Z' });
  await post(service.url, JSON.stringify([...lost, kept]));
  await change('2023-10-01', { packed: { B: Buffer.from('damaged') } });

  written.length = 0;
  const found = await getAll(service.url, '/logs?from=2023-10-01T00:00:00Z&to=2023-10-02T00:00:00Z');
  const output = written.join('');

  expect(found).toEqual([kept]);
  expect(output).toContain('info-5000#2023-10-01#0');
  expect(output).not.toContain(SECRET);
  expect(output).toContain('"UnreadableBlocks":1');
});

test('Counting skips a damaged block too, and reports it', async () => {
  await post(service.url, JSON.stringify(togetherAt('2023-08-01T12:05:0')));
  await change('2023-08-01', { packed: { B: Buffer.from('damaged') } });
  written.length = 0;
  const counts = await fetch(
    `${service.url}/counts?from=2023-08-01T00:00:00Z&to=2023-08-02T00:00:00Z&step=3600`,
  );
  expect(await counts.json()).toMatchObject({ buckets: [] });
  expect(written.join('')).toContain('"UnreadableBlocks":1');
});

test('Counting reports its queries, and no entries as returned', async () => {
  await post(service.url, JSON.stringify(togetherAt('2023-07-01T12:05:0')));
  written.length = 0;
  await fetch(`${service.url}/counts?from=2023-07-01T00:00:00Z&to=2023-07-02T00:00:00Z&step=3600`);
  expect(written.join('')).toContain('"ShardQueries"');
  expect(written.join('')).not.toContain('EntriesReturned');
});

test('A block that a newer version has written is answered 503', async () => {
  await post(service.url, JSON.stringify(togetherAt('2023-09-01T12:05:0')));
  await change('2023-09-01', { form: { N: '3' } });
  const response = await fetch(`${service.url}/logs?from=2023-09-01T00:00:00Z&to=2023-09-02T00:00:00Z`);
  expect(response.status).toBe(503);
});

/** Entries of one block. */
function togetherAt(window: string, overrides: Partial<LogEntry> = {}): LogEntry[] {
  return [1, 2, 3, 4, 5].map((second) => entry({ datetime: `${window}${second}Z`, ...overrides }));
}

/** Changes fields of the only block of a day. */
async function change(day: string, fields: Record<string, object>): Promise<void> {
  const { client, table } = service;
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `b#info-5000#${day}#0` } },
    }),
  );
  const [block] = Items;
  if (!block?.pk || !block.sk || Items.length > 1) throw new Error('There is not one block');
  const [[name, value] = []] = Object.entries(fields);
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: block.pk, sk: block.sk },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': String(name) },
      ExpressionAttributeValues: { ':value': value as { S: string } },
    }),
  );
}
