import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from '../../local/embedded-engine.ts';
import { createTestClient } from '../support/service.ts';

const TABLE_NAME = 'logs';
const KEY = { pk: { S: 'a' }, sk: { S: 'b' } };

let folder: string;
let engine: EmbeddedEngine;
let log: ReturnType<typeof jest.spyOn>;
beforeEach(async () => {
  log = jest.spyOn(console, 'error').mockImplementation(() => {});
  folder = await mkdtemp(join(tmpdir(), 'log-engine-'));
  engine = await startEmbeddedEngine(join(folder, 'data'));
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
  log.mockRestore();
});

describe('The embedded engine', () => {
  test('is started again where it was when it fails, with all that it had acknowledged', async () => {
    const client = createTestClient(engine.endpoint, { maxAttempts: 10 });
    await createTableIfAbsent(client, TABLE_NAME);
    await client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: KEY }));

    await expect(crash(engine.endpoint)).rejects.toThrow();
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: KEY }));
    expect(Item).toEqual(KEY);
    expect(log.mock.calls.join()).toContain('The embedded engine is started again: TypeError');
    client.destroy();
  });
});

/** Sends what dynalite 4.0.0 does not expect: a body that is no object. */
function crash(endpoint: string): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.GetItem',
      'X-Amz-Date': '20231115T120500Z',
      Authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
    },
    body: 'null',
  });
}
