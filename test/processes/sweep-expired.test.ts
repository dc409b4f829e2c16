import { once } from 'node:events';
import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY_SECONDS } from '../../entities/instant.ts';
import { startSweeping } from '../../local/engine/sweep-expired.ts';
import { openTables, type TestTable } from '../support/table.ts';

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

describe('The embedded engine', () => {
  test('deletes 5,000 expired items in one pass of 100 items a step, while requests go on', async () => {
    const table = await tables.create();
    const now = Math.floor(Date.now() / 1_000);
    const expired = Array.from({ length: 5_000 }, (_, at) => item(`expired-${at}`, now - 1));
    const valid = Array.from({ length: 500 }, (_, at) => item(`valid-${at}`, now + DAY_SECONDS));
    await put(table, [...expired, ...valid]);

    let steps = 0;
    const stop = await new Promise<() => Promise<void>>((resolve) => {
      const sweeping = startSweeping(tables.client, table, async (milliseconds, signal) => {
        steps++;
        await put(table, [item(`during-${steps}`, now + DAY_SECONDS)]);
        // Between two passes it waits for an hour.
        if (milliseconds < 3_600_000) return;
        resolve(sweeping);
        await once(signal, 'abort');
      });
    });
    await stop();
    const { Count } = await tables.client.send(new ScanCommand({ TableName: table, Select: 'COUNT' }));
    expect(Count).toBe(valid.length + steps);
    expect(steps).toBeLessThanOrEqual(60);
  });
});

function item(key: string, expiresAt: number | undefined) {
  const text = { S: key };
  const expiry = expiresAt === undefined ? undefined : { expiresAt: { N: String(expiresAt) } };
  return { pk: text, sk: text, gsi1pk: { S: 'all' }, ...expiry };
}

async function put(table: string, items: ReturnType<typeof item>[]): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await tables.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}
