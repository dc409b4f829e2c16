import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client of an engine on this machine, which takes any credentials. */
export function createLocalClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
}
