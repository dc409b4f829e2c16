import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';

/** Where the engine of all tests listens. */
export const ENGINE_ENDPOINT = String(process.env.TEST_ENGINE);

/** With which a function, or a client of the SDK, uses the engine of all tests. */
export const ENGINE_ENVIRONMENT = {
  AWS_ENDPOINT_URL_DYNAMODB: ENGINE_ENDPOINT,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: String(process.env.TEST_ENGINE_KEY),
  AWS_SECRET_ACCESS_KEY: 'test',
};

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

/** A client of a local engine: of the one of all tests, or with the access key id of another. */
export function createTestClient(
  endpoint: string,
  config: DynamoDBClientConfig = {},
  accessKeyId = ENGINE_ENVIRONMENT.AWS_ACCESS_KEY_ID,
): DynamoDBClient {
  return new DynamoDBClient({
    ...config,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
  });
}
