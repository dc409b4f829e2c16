import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../entities/table.ts';

type Key = Record<string, AttributeValue>;

const HAS_EXPIRED = '#expiry < :now';

/** Items that one step looks at: a few milliseconds of the engine's time. */
const STEP_ITEMS = 100;
/** A step is followed by a rest of so many times what it took, so that requests hardly notice it. */
const REST_FACTOR = 4;
const LEAST_REST_MS = 20;
/** Time from the end of one round through the table to the next. */
const BETWEEN_ROUNDS_MS = 3_600_000;

/**
 * Deletes expired items, as DynamoDB's TTL does, from an engine that does not do it. It goes through the table in
 * small steps, round after round.
 * @returns ends it, once the step under way is done
 */
export function startSweeping(client: DynamoDBClient, table: string): () => Promise<void> {
  const ending = new AbortController();
  const sweeping = sweep(client, table, ending.signal);
  return async () => {
    ending.abort();
    await sweeping;
  };
}

async function sweep(client: DynamoDBClient, table: string, signal: AbortSignal): Promise<void> {
  let from: Key | undefined;
  while (!signal.aborted) {
    const start = performance.now();
    // What fails now, because the engine is busy or away, is done in the next step.
    const next = await step(client, table, from).catch(() => ({ from }));
    from = next.from;
    const rest = Math.max(LEAST_REST_MS, REST_FACTOR * (performance.now() - start));
    await delay(from ? rest : BETWEEN_ROUNDS_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Deletes what has expired among the next items. Gives the key to go on from, undefined at the table's end. */
async function step(client: DynamoDBClient, table: string, from?: Key): Promise<{ from: Key | undefined }> {
  const expired = {
    ExpressionAttributeNames: { '#expiry': TABLE.timeToLive },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1_000)) } },
  };
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      ...expired,
      TableName: table,
      Limit: STEP_ITEMS,
      ExclusiveStartKey: from,
      FilterExpression: HAS_EXPIRED,
      ProjectionExpression: `${TABLE.partitionKey}, ${TABLE.sortKey}`,
    }),
  );
  for (const Key of Items) {
    const deletion = new DeleteItemCommand({
      ...expired,
      TableName: table,
      Key,
      ConditionExpression: HAS_EXPIRED,
    });
    // An entry that is sent again meanwhile lives on.
    await client.send(deletion).catch((error) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
  return { from: LastEvaluatedKey };
}
