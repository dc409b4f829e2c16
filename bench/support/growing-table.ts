import { hash } from 'node:crypto';
import {
  CreateTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { createLogWriter } from '../../entities/log-writer.ts';
import { TABLE } from '../../entities/table.ts';
import { typicalEntry } from './typical-entry.ts';

export const SHARDS = 8;

/** The span of time that the entries cover. */
export const DAYS = 400;
const SPAN_MS = DAYS * 86_400_000;

/** One entry in so many is an error. */
export const ERROR_EVERY = 10_000;

/** Characters of a UUID. */
const UUID_LENGTH = 36;

/** The index that a table without shards would have: all entries in one partition, by the marker that ElectroDB puts into every item. */
export const UNSHARDED = { name: 'unsharded', partitionKey: '__edb_e__', sortKey: TABLE.sortKey };

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Number `at` of a sequence that fills 0 to 1 evenly, in no order, however far one follows it. */
export function evenly(at: number): number {
  return (at * GOLDEN_RATIO) % 1;
}

export interface GrowingTable {
  /** The instant up to which entries are dated. */
  now: number;
  /** Writes entries until the table holds `size`, always spread evenly over DAYS. */
  growTo(size: number): Promise<void>;
}

/** A table that is grown from size to size, entries coming in no order of time. */
export async function createGrowingTable(client: DynamoDBClient, table: string): Promise<GrowingTable> {
  await createTable(client, table);
  const writer = createLogWriter({ client, table, shards: SHARDS, retentionDays: 2 * DAYS });
  const now = Date.now();
  let held = 0;

  function* entriesUpTo(size: number) {
    for (; held < size; held++) {
      yield typicalEntry({
        id: idOf(held),
        datetime: new Date(now - evenly(held) * SPAN_MS).toISOString(),
        severity: held % ERROR_EVERY === ERROR_EVERY / 2 ? 'error' : 'info',
      });
    }
  }
  return {
    now,
    async growTo(size) {
      const { unstored, cause } = await writer.appendEntries(entriesUpTo(size), new AbortController().signal);
      if (unstored.length > 0) throw new Error('The table could not be filled', { cause });
    },
  };
}

/** The same ids in every run fall into the same shards, so every run asks for the same. */
function idOf(at: number): string {
  return hash('sha256', String(at)).slice(0, UUID_LENGTH);
}

async function createTable(client: DynamoDBClient, table: string): Promise<void> {
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
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
