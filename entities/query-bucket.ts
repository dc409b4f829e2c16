import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { isRowPosition, type Positioned } from './position.ts';
import type { Placed } from './read-page.ts';
import type { BucketPage } from './shard-stream.ts';

/** Sorts below every position. */
export const BELOW_ALL = '0';

/** What is asked of an ElectroDB entity: to read its own items. */
interface Entity<Row> {
  parse(answer: { Items: Record<string, unknown>[] }): { data: Row[] };
}

/** A query of one bucket of an index, its parameters composed by ElectroDB, all but how many rows it may look at. */
export interface BucketQuery<Row, Value> {
  entity: Entity<Row>;
  parameters: object;
  sortKey: string;
  toValue: (row: Row) => Value;
}

/**
 * Sends a query and reads its rows. ElectroDB's own `go` hides where a page without rows ends, and a
 * filter needs that to read on.
 * @param below the upper bound of the range, which DynamoDB includes and this leaves out
 * @param limit of the rows below that bound
 */
export async function queryBucket<Row extends Positioned, Value>(
  client: DynamoDBDocumentClient,
  { entity, parameters, sortKey, toValue }: BucketQuery<Row, Value>,
  below: string,
  limit: number,
): Promise<BucketPage<Placed<Value>>> {
  // One more where a row stands at the bound, for it counts too: with a limit of one nothing else were ever reached.
  const input = { ...parameters, Limit: isRowPosition(below) ? limit + 1 : limit } as QueryCommandInput;
  const answer = await client.send(new QueryCommand(input));
  const rows = entity.parse({ Items: answer.Items ?? [] }).data;
  return {
    rows: rows
      .filter(({ position }) => position !== below)
      .map((row) => ({ position: row.position, value: toValue(row) })),
    resumeBelow: answer.LastEvaluatedKey?.[sortKey],
    lookedAt: answer.ScannedCount ?? rows.length,
  };
}
