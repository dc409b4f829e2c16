import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** What is asked of an ElectroDB entity: to read its own items. */
interface Entity<Row> {
  parse(answer: { Items: Record<string, unknown>[] }): { data: Row[] };
}

/** A query that ElectroDB has composed, and where it begins and ends. */
export interface RowQuery {
  parameters: object;
  limit?: number;
  startKey?: Record<string, AttributeValue>;
}

/** What one query answers. */
export interface QueriedRows<Row> {
  rows: Row[];
  /** Where the rest begins. Absent, there is no rest. */
  lastKey?: Record<string, AttributeValue>;
  /** Rows that were read, those that a filter passed over included. */
  lookedAt: number;
}

/**
 * Sends one query and reads its rows. ElectroDB composes it and knows its items again; its own `go` would hide
 * where a page without rows ends, and needs the SDK's document client, which takes longer to load than all of this.
 */
export async function queryRows<Row>(
  client: DynamoDBClient,
  entity: Entity<Row>,
  { parameters, limit, startKey }: RowQuery,
): Promise<QueriedRows<Row>> {
  const input = parameters as QueryCommandInput;
  const {
    Items = [],
    LastEvaluatedKey,
    ScannedCount,
  } = await client.send(
    new QueryCommand({
      ...input,
      ExpressionAttributeValues: marshall(input.ExpressionAttributeValues),
      Limit: limit,
      ExclusiveStartKey: startKey,
    }),
  );
  const { data } = entity.parse({ Items: Items.map((item) => unmarshall(item)) });
  return { rows: data, lastKey: LastEvaluatedKey, lookedAt: ScannedCount ?? data.length };
}
