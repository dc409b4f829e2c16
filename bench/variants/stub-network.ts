import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const ANSWER = {
  statusCode: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{"UnprocessedItems":{}}'),
};

/** From here on the SDK's HTTP handler, of every client in this process, answers at once and by itself. */
export function stubNetwork(): void {
  const { requestHandler } = new DynamoDBClient({}).config;
  Object.getPrototypeOf(requestHandler).handle = async () => ({ response: { ...ANSWER } });
}
