import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from '../../local/engine/embedded-engine.ts';
import { createTestClient } from '../support/table.ts';

let engine: EmbeddedEngine;
let client: DynamoDBClient;
beforeAll(async () => {
  engine = await startEmbeddedEngine();
  client = createTestClient(engine.endpoint, {}, engine.accessKeyId);
  await createTableIfAbsent(client, 'logs');
});
afterAll(async () => {
  client.destroy();
  await engine.close();
});

describe('The embedded engine refuses', () => {
  const authorization = (key: string) => `AWS4-HMAC-SHA256 Credential=${key}/d, SignedHeaders=h, Signature=s`;
  const own = () => ({ authorization: authorization(engine.accessKeyId) });

  test.each<[string, string, () => object]>([
    ['a client with another access key id', 'POST', () => ({ authorization: authorization('local') })],
    [
      'a client with a part of the access key id',
      'POST',
      () => ({ authorization: authorization(engine.accessKeyId.slice(1)) }),
    ],
    ['a client that signs nothing', 'POST', () => ({})],
    ['a page, even with the access key id', 'POST', () => ({ ...own(), origin: 'http://127.0.0.1:3000' })],
    ['a sandboxed page', 'POST', () => ({ ...own(), origin: 'null' })],
    ['a foreign host name, even with the access key id', 'POST', () => ({ ...own(), host: 'evil.example' })],
    ['a name that begins like its own', 'POST', () => ({ ...own(), host: '127.0.0.1.evil.example' })],
    ['the preflight request of a page', 'OPTIONS', () => ({ origin: 'http://evil.example' })],
    ['OPTIONS of its own client', 'OPTIONS', own],
    ['GET', 'GET', own],
  ])('%s', async (_, method, headers) => {
    const answer = await deleteTable(headers(), method);
    expect(answer.statusCode).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await client.send(new ListTablesCommand())).toMatchObject({ TableNames: ['logs'] });
  });

  test('a request that is signed in its query', async () => {
    const query = `X-Amz-Algorithm=a&X-Amz-Credential=${engine.accessKeyId}/b&X-Amz-Signature=c&X-Amz-SignedHeaders=d&X-Amz-Date=e`;
    expect((await deleteTable({}, 'POST', `/?${query}`)).statusCode).toBe(403);
  });

  test('clients of another start', async () => {
    const other = await startEmbeddedEngine();
    const stranger = createTestClient(other.endpoint, { maxAttempts: 1 }, engine.accessKeyId);
    await expect(stranger.send(new ListTablesCommand())).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    stranger.destroy();
    await other.close();
  });
});

async function deleteTable(headers: object, method = 'POST', path = '/'): Promise<IncomingMessage> {
  const sent = request(engine.endpoint + path, {
    method,
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.DeleteTable',
      'X-Amz-Date': '20231115T120500Z',
      ...headers,
    },
  });
  sent.end('{"TableName":"logs"}');
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer;
}
