import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isRowPosition, type Positioned } from './position.ts';
import { queryRows } from './query-rows.ts';
import type { Placed } from './read-page.ts';
import type { BucketPage } from './shard-stream.ts';

/** Sorts below every position. */
export const BELOW_ALL = '0';

/** A query of one bucket of an index, composed by the ElectroDB entity whose rows it finds. */
export interface BucketQuery<Row, Value> {
  entity: Parameters<typeof queryRows<Row>>[1];
  parameters: object;
  sortKey: string;
  toValue: (row: Row) => Value;
}

/**
 * Reads part of a bucket.
 * @param below the upper bound of the range, which DynamoDB includes and this leaves out
 * @param limit of the rows below that bound
 */
export async function queryBucket<Row extends Positioned, Value>(
  client: DynamoDBClient,
  { entity, parameters, sortKey, toValue }: BucketQuery<Row, Value>,
  below: string,
  limit: number,
): Promise<BucketPage<Placed<Value>>> {
  const { rows, lastKey, lookedAt } = await queryRows(client, entity, {
    parameters,
    // One more where a row stands at the bound, for it counts too: with a limit of one nothing else were ever reached.
    limit: isRowPosition(below) ? limit + 1 : limit,
  });
  return {
    rows: rows
      .filter(({ position }) => position !== below)
      .map((row) => ({ position: row.position, value: toValue(row) })),
    resumeBelow: lastKey?.[sortKey]?.S,
    lookedAt,
  };
}
