import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';

/** Where the engine of all tests listens. */
export const ENGINE_ENDPOINT = String(process.env.TEST_ENGINE);

export interface TestTable {
  client: DynamoDBClient;
  endpoint: string;
  /** Creates another empty table and returns its name. */
  create(): Promise<string>;
  close(): void;
}

/** Tables without a service: in the engine of all tests. */
export async function openTables(): Promise<TestTable> {
  const client = createTestClient(ENGINE_ENDPOINT);
  return {
    client,
    endpoint: ENGINE_ENDPOINT,
    create: async () => {
      const table = `logs-${randomUUID()}`;
      await createTableIfAbsent(client, table);
      return table;
    },
    close: () => client.destroy(),
  };
}

/** A client of a local engine. The engine takes any credentials. */
export function createTestClient(endpoint: string, config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    ...config,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}
