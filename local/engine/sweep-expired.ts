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

/** Items that one step reads: a few milliseconds of the engine's time. */
const STEP_ITEMS = 100;
/** The pause after a step, as a multiple of the step's duration, so that sweeping takes at most a fifth of the time. */
const PAUSE_FACTOR = 4;
const SHORTEST_PAUSE_MS = 20;
/** Time from the end of one pass through the table to the next. */
const BETWEEN_PASSES_MS = 3_600_000;

/**
 * Deletes expired items, as DynamoDB's TTL does, from an engine without TTL. It passes through the table again and
 * again, in small steps.
 * @returns ends the sweeping after the current step
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
    // A step that fails, because the engine is busy or unavailable, is repeated.
    const next = await step(client, table, from).catch(() => ({ from }));
    from = next.from;
    const pause = Math.max(SHORTEST_PAUSE_MS, PAUSE_FACTOR * (performance.now() - start));
    await delay(from ? pause : BETWEEN_PASSES_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Deletes the expired ones among the next items. Returns the key to continue from, undefined at the table's end. */
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
    // An item that has been written again since the scan has a new expiry and stays.
    await client.send(deletion).catch((error) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
  return { from: LastEvaluatedKey };
}
