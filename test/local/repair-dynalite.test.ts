import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { BatchWriteItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { repairDynalite } from '../../local/engine/repair-dynalite.js';
import { createTestClient } from '../support/table.ts';

const TABLE_NAME = 'logs';
const ROWS = 20;
const require = createRequire(import.meta.url);
const requireOfDynalite = createRequire(require.resolve('dynalite'));
const dynalite: (options: object) => Server = require('dynalite');
const { AbstractIterator } = requireOfDynalite('abstract-level');
const { MemoryLevel } = requireOfDynalite('memory-level');

const writeFailures: Error[] = [];
let server: Server;
let client: DynamoDBClient;
beforeAll(async () => {
  repairDynalite((error) => writeFailures.push(error));
  server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createTestClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxAttempts: 1 });
  await createTableIfAbsent(client, TABLE_NAME);
  await put(Array.from({ length: ROWS }, (_, at) => `row-${at}`));
});
afterAll(async () => {
  client.destroy();
  server.close();
  await once(server, 'close');
});

describe('The embedded engine', () => {
  test.each([
    ['all rows', {}],
    ['fewer rows than there are', { Limit: 3 }],
    ['the last rows', { Limit: 3, ScanIndexForward: false }],
  ])('closes every iterator that queries of %s have opened', async (_, options) => {
    const iterators = jest.spyOn(MemoryLevel.prototype, '_iterator');
    await Promise.all(Array.from({ length: 10 }, () => query(options)));
    expect(iterators).toHaveBeenCalledTimes(10);
    for (const { value } of iterators.mock.results as { value: { next(): Promise<unknown> } }[])
      await expect(value.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
    iterators.mockRestore();
  });

  test('fails the query that meets a damaged row, and answers the next one', async () => {
    const iterators = jest.spyOn(MemoryLevel.prototype, '_iterator').mockImplementationOnce(function (
      this: unknown,
    ) {
      const damaged = new AbstractIterator(this, {});
      damaged._next = () => Promise.reject(new Error('Corruption: block checksum mismatch'));
      return damaged;
    });
    await expect(query()).rejects.toMatchObject({ name: 'InternalServerError' });
    expect((await query()).Items).toHaveLength(ROWS);
    iterators.mockRestore();
  });

  test('fails the write that its store rejects, reports it, and accepts the next one', async () => {
    const full = new Error('IO error: No space left on device');
    const write = jest.spyOn(MemoryLevel.prototype, '_put').mockRejectedValueOnce(full);
    await expect(put(['row-0'])).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(writeFailures).toEqual([full]);
    await put(['row-0']);
    expect((await query()).Items).toHaveLength(ROWS);
    write.mockRestore();
  });
});

function query(options: object = {}) {
  return client.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'partition' } },
      ...options,
    }),
  );
}

async function put(sortKeys: string[]): Promise<void> {
  const requests = sortKeys.map((sk) => ({
    PutRequest: { Item: { pk: { S: 'partition' }, sk: { S: sk } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: requests } }));
}
