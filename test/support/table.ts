import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { startEmbeddedEngine } from '../../local/engine/embedded-engine.ts';
import { createTestClient } from './service.ts';

export interface TestTable {
  client: DynamoDBClient;
  endpoint: string;
  /** Creates another empty table and returns its name. */
  create(): Promise<string>;
  close(): Promise<void>;
}

/** Tables without a service: in the engine named by AWS_ENDPOINT_URL_DYNAMODB, or else an embedded one. */
export async function openTables(): Promise<TestTable> {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const engine = given === undefined ? await startEmbeddedEngine() : undefined;
  const endpoint = given ?? String(engine?.endpoint);
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
      await engine?.close();
    },
  };
}
