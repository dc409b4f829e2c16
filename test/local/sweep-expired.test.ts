import { once } from 'node:events';
import {
  BatchWriteItemCommand,
  InternalServerError,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY_SECONDS } from '../../entities/instant.ts';
import { startSweeping } from '../../local/engine/sweep-expired.ts';
import { createTestClient, openTables, type TestTable } from '../support/table.ts';

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('The embedded engine', () => {
  test('deletes expired items, also from its indexes, and no others', async () => {
    const table = await tables.create();
    const now = Math.floor(Date.now() / 1_000);
    const ages = Array.from({ length: 150 }, (_, at) =>
      at % 3 === 0 ? DAY_SECONDS : at % 3 === 1 ? -1 : undefined,
    );
    await put(
      table,
      ages.map((age, at) => item(`item-${at}`, age === undefined ? undefined : now + age)),
    );

    const deletions = countDeletions(50);
    const stop = startSweeping(deletions.client, table);
    await deletions.done;
    await stop();
    for (const IndexName of [undefined, 'byDay']) {
      const Items = await itemsIn(table, IndexName);
      expect(Items).toHaveLength(100);
      expect(Items.filter(({ expiresAt }) => Number(expiresAt?.N) < now)).toEqual([]);
    }
  });

  test('keeps an item that is stored again before its deletion', async () => {
    const table = await tables.create();
    const now = Math.floor(Date.now() / 1_000);
    await put(table, [item('again', now - 1)]);
    const client = createTestClient(tables.endpoint);
    const deleted = new Promise<void>((resolve) => {
      client.middlewareStack.add((next, { commandName }) => async (request) => {
        if (commandName !== 'DeleteItemCommand') return next(request);
        await put(table, [item('again', now + DAY_SECONDS)]);
        return next(request).finally(resolve);
      });
    });
    const stop = startSweeping(client, table);
    await deleted;
    await stop();
    expect(await itemsIn(table)).toHaveLength(1);
    client.destroy();
  });

  test('deletes what is behind damaged data, which it cannot read, and ends its pass', async () => {
    const table = await tables.create();
    const past = Math.floor(Date.now() / 1_000) - 1;
    await put(
      table,
      Array.from({ length: 400 }, (_, at) => item(`item-${at}`, past)),
    );
    const client = createTestClient(tables.endpoint);
    client.middlewareStack.add((next, { commandName }) => async (request) => {
      const { TotalSegments = 1, Segment } = request.input as ScanCommandInput;
      const isDamaged = TotalSegments === 1 || Segment === 0;
      if (commandName === 'ScanCommand' && isDamaged)
        throw new InternalServerError({ message: 'Corruption: bad block type', $metadata: {} });
      return next(request);
    });
    let steps = 0;
    const stop = await new Promise<() => Promise<void>>((resolve) => {
      const sweeping = startSweeping(client, table, async (milliseconds, signal) => {
        steps++;
        // Between two passes it waits for an hour.
        if (milliseconds < 3_600_000 && steps < 200) return;
        resolve(sweeping);
        await once(signal, 'abort');
      });
    });
    await stop();
    client.destroy();
    const left = await itemsIn(table);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(50);
    expect(steps).toBeLessThan(100);
  });
});

function item(key: string, expiresAt: number | undefined) {
  const text = { S: key };
  const expiry = expiresAt === undefined ? undefined : { expiresAt: { N: String(expiresAt) } };
  return { pk: text, sk: text, gsi1pk: { S: 'all' }, ...expiry };
}

async function itemsIn(TableName: string, IndexName?: string) {
  const { Items = [] } = await tables.client.send(new ScanCommand({ TableName, IndexName }));
  return Items;
}

async function put(table: string, items: ReturnType<typeof item>[]): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await tables.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

/** A client, and a promise that resolves when it has deleted so many items. */
function countDeletions(count: number) {
  const client = createTestClient(tables.endpoint);
  let deleted = 0;
  const done = new Promise<void>((resolve) => {
    client.middlewareStack.add((next, { commandName }) => async (request) => {
      const answer = await next(request);
      if (commandName === 'DeleteItemCommand' && ++deleted === count) resolve();
      return answer;
    });
  });
  return { client, done };
}
