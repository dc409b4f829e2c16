import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { putItems } from '../../entities/write/put-items.ts';
import { requireWholeAnswers } from '../../handlers/start-function.ts';
import { createTestClient } from '../support/table.ts';

const BATCH = new BatchWriteItemCommand({
  RequestItems: { logs: [{ PutRequest: { Item: { pk: { S: 'a' } } } }] },
});
const QUERY = new QueryCommand({
  TableName: 'logs',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'a' } },
});
const INCOMPLETE = [
  '',
  '""',
  '{}',
  'null',
  '[]',
  '0',
  '{"UnprocessedItems":null}',
  '{"Items":null,"Count":0}',
];
const WHOLE = '{"UnprocessedItems":{},"Items":[],"Count":0,"ScannedCount":0}';

let server: Server;
/** The answers to come. Then all are whole. */
let answers: string[] = [];
let requests = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    requests++;
    response.setHeader('Content-Type', 'application/x-amz-json-1.0');
    response.end(answers.shift() ?? WHOLE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  requests = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(INCOMPLETE)('An answer of DynamoDB that is %j, with status 200,', (answer) => {
  test('does not count as stored: the batch is sent again', async () => {
    const client = connect(1);
    answers = [answer];
    await expect(client.send(BATCH)).rejects.toThrow();
    answers = [answer, answer];
    requests = 0;
    const outcome = await putItems(
      { client, table: 'logs', signal: new AbortController().signal },
      { sources: [{ pk: { S: 'a' }, sk: { S: 'b' } }], toItems: (items) => items },
    );
    expect(outcome).toMatchObject({ unstored: [], retries: 2 });
    expect(requests).toBe(3);
    client.destroy();
  });

  test('is no last page: the query is sent again, and fails in the end', async () => {
    const client = connect(3);
    answers = [answer, answer];
    expect(await client.send(QUERY)).toMatchObject({ Items: [], Count: 0 });
    expect(requests).toBe(3);
    answers = [answer, answer, answer];
    await expect(client.send(QUERY)).rejects.toThrow();
    client.destroy();
  });
});

function connect(maxAttempts: number) {
  const { port } = server.address() as AddressInfo;
  return requireWholeAnswers(createTestClient(`http://127.0.0.1:${port}`, { maxAttempts }));
}
