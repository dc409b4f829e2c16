import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { createTestClient } from './service.ts';

export interface TestTable {
  client: DynamoDBClient;
  endpoint: string;
  /** Creates another empty table and returns its name. */
  create(): Promise<string>;
  close(): Promise<void>;
}

/** Tables without a service: in the engine of all tests. */
export async function openTables(): Promise<TestTable> {
  const endpoint = String(process.env.TEST_ENGINE);
  const client = createTestClient(endpoint);
  return {
    client,
    endpoint,
    create: async () => {
      const table = `logs-${randomUUID()}`;
      await createTableIfAbsent(client, table);
      return table;
    },
    close: async () => {
      client.destroy();
    },
  };
}
