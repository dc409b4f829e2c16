import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A query that an ElectroDB entity has composed. */
export interface RowQuery<Row> {
  /** The entity, which knows its own items again. */
  entity: { parse(answer: { Items: Record<string, unknown>[] }): { data: Row[] } };
  parameters: object;
  /** The most rows to read, those that a filter passes over included. */
  limit: number;
}

/** What one query answers. */
export interface QueriedRows<Row> {
  rows: Row[];
  /** The key at which it stopped. Absent, there is no rest. */
  lastKey?: Record<string, AttributeValue>;
  /** Rows that were read, those that a filter passed over included. */
  lookedAt: number;
}

/**
 * Sends one query and reads its rows. ElectroDB's own `go` would hide where a page without rows ends, and it needs
 * the SDK's document client, which takes longer to load than all of this.
 */
export async function queryRows<Row>(
  client: DynamoDBClient,
  { entity, parameters, limit }: RowQuery<Row>,
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
    }),
  );
  const { data } = entity.parse({ Items: Items.map((item) => unmarshall(item)) });
  return { rows: data, lastKey: LastEvaluatedKey, lookedAt: ScannedCount ?? data.length };
}
