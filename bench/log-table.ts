import {
  CreateTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  QueryCommand,
  type WriteRequest,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { StoredEntry } from '../entities/log-entry.ts';
import { TABLE } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { checked, typicalEntries } from './typical-entry.ts';

/** The most shards that a timeline is spread over. */
export const SHARDS = 8;

/** Longer than the age of the oldest entry, so that nothing expires. */
const RETENTION_DAYS = 3_650;

/** The index of a table without shards: all entries in one partition, which is ElectroDB's name of the entity. */
const UNSHARDED = { name: 'unsharded', partitionKey: '__edb_e__', sortKey: TABLE.sortKey };

/** Appends entries to a table. Throws when one could not be stored. */
export type Append = (entries: Iterable<StoredEntry>) => Promise<void>;

/** Creates a table with the indexes of the service and the index UNSHARDED, and its writer. */
export async function createLogTable(client: DynamoDBClient, table: string): Promise<Append> {
  const indexes = [...Object.values(TABLE.indexes), UNSHARDED];
  const names = new Set([TABLE, ...indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]));
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keySchema(TABLE),
      GlobalSecondaryIndexes: indexes.map(
        (index): GlobalSecondaryIndex => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'ALL' },
        }),
      ),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: table });

  const writer = createLogWriter({ client, table, shards: SHARDS, retentionDays: RETENTION_DAYS });
  return async (entries) => {
    const { unstored, cause } = await writer.appendEntries(toChecked(entries), new AbortController().signal);
    if (unstored.length > 0) throw new Error('The table could not be filled', { cause });
  };
}

/**
 * Makes the writer of `append` spread its timeline over SHARDS. A first request is left unprocessed, as DynamoDB does
 * when it throttles, until one of its entries goes to a shard that only the full spread has.
 * @param datetime of these entries
 */
export async function spreadFully(client: DynamoDBClient, append: Append, datetime: string): Promise<void> {
  const { byDay } = TABLE.indexes;
  const shardOf = ({ PutRequest }: WriteRequest) =>
    Number(PutRequest?.Item?.[byDay.partitionKey]?.S?.split('#').at(-1) ?? Number.NaN);
  let isThrottling = true;
  const throttle = {
    step: 'initialize',
    name: 'throttle',
  } as const;

  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { RequestItems = {} } = args.input as { RequestItems?: Record<string, WriteRequest[]> };
        const shards = Object.values(RequestItems).flat().map(shardOf);
        isThrottling &&= !shards.some((shard) => shard >= SHARDS / 2);
        const isOfEntries = commandName === 'BatchWriteItemCommand' && shards.some((shard) => shard >= 0);
        if (!isThrottling || !isOfEntries) return next(args);
        return { response: {}, output: { $metadata: {}, UnprocessedItems: RequestItems } as never };
      },
    throttle,
  );
  await append(typicalEntries(25).map((entry) => ({ ...entry, datetime, severity: 'info' })));
  client.middlewareStack.remove(throttle.name);
}

/** Queries the newest entries of a table without shards: one request, but at most 1,000 writes per second. */
export function queryUnsharded(client: DynamoDBClient, table: string, limit: number, below: string) {
  return client.send(
    new QueryCommand({
      TableName: table,
      IndexName: UNSHARDED.name,
      KeyConditionExpression: '#entity = :entry AND #position < :below',
      ExpressionAttributeNames: { '#entity': UNSHARDED.partitionKey, '#position': UNSHARDED.sortKey },
      ExpressionAttributeValues: { ':entry': { S: 'LogEntry' }, ':below': { S: below } },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
}

function* toChecked(entries: Iterable<StoredEntry>) {
  for (const entry of entries) yield checked(entry);
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
