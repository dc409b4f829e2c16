import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { createRequireLayout } from '../../entities/read/list-days.ts';
import { TABLE } from '../../entities/table.ts';

const LONGEST_WAIT_SECONDS = 60;
/** A local engine is ready almost at once; the SDK's default is to look again after two seconds. */
const SHORTEST_DELAY_SECONDS = 0.05;

/**
 * Creates the table with its indexes unless it exists, and waits until it can be used.
 * @throws OtherLayoutError when another version has filled it
 */
export async function createTableIfAbsent(client: DynamoDBClient, tableName: string): Promise<void> {
  const indexes = Object.values(TABLE.indexes);
  const keyAttributes = new Set(
    [TABLE, ...indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
  );
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...keyAttributes].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: keySchema(TABLE),
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const waiting = { client, minDelay: SHORTEST_DELAY_SECONDS, maxWaitTime: LONGEST_WAIT_SECONDS };
  await waitUntilTableExists(waiting, { TableName: tableName });
  await enableTimeToLive(client, tableName);
  await createRequireLayout({ client, table: tableName })();
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}

/** Readers skip expired items, so an engine that has no TTL, or on which it is already enabled, is fine too. */
async function enableTimeToLive(client: DynamoDBClient, tableName: string): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: TABLE.timeToLive, Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification }));
  } catch (error) {
    const { name } = error as Error;
    if (name !== 'UnknownOperationException' && name !== 'ValidationException') throw error;
  }
}
