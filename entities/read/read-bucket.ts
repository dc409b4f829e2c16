import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queryRows, type RowQuery } from '../query-rows.ts';
import { isRowPosition, type Positioned } from '../timeline.ts';
import type { Placed } from './read-page.ts';
import type { ReadBucket } from './shard.ts';

/** What becomes of the rows of a bucket. */
export interface RowReading<Row, Value> {
  /** The field of the position. */
  sortKey: string;
  toValue(row: Row): Value;
  /** A filter that DynamoDB cannot apply. */
  isWanted?(row: Row): boolean;
}

/**
 * Makes a function that reads a bucket by queries that `compose` makes.
 * @param compose a query of the rows of a bucket up to a bound, which DynamoDB includes and the reader leaves out
 */
export function bucketReader<Row extends Positioned, Value>(
  client: DynamoDBClient,
  { sortKey, toValue, isWanted = () => true }: RowReading<Row, Value>,
  compose: (bucket: string, below: string) => Omit<RowQuery<Row>, 'limit'>,
): ReadBucket<Placed<Value>> {
  return async (bucket, below, limit) => {
    const { rows, lastKey, lookedAt } = await queryRows(client, {
      ...compose(bucket, below),
      // One more where a row can stand at the bound, because it counts too: a limit of one would reach nothing else.
      limit: isRowPosition(below) ? limit + 1 : limit,
    });
    const beyond = rows.filter(({ position }) => position !== below);
    return {
      rows: beyond.filter(isWanted).map((row) => ({ position: row.position, value: toValue(row) })),
      below: lastKey?.[sortKey]?.S,
      lookedAt: lookedAt - (rows.length - beyond.length),
    };
  };
}
