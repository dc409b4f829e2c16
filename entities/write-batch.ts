import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from './compile-put.ts';

/** BatchWriteItem takes at most 25 puts a request (DynamoDB API reference). */
export const BATCH_SIZE = 25;

/** Backoff with full jitter: a random wait up to 50 ms, 100 ms, 200 ms ... and 2 s at most. */
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 2_000;

/** Sent again, these fail again: the request, the table or the permission is wrong. */
const FINAL_ERRORS = new Set([
  'ValidationException',
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'SerializationException',
]);

export interface BatchOutcome {
  /** What DynamoDB has not confirmed. Empty when all is stored. */
  unwritten: Item[];
  retries: number;
  /** Why something was not written, where an error said so. */
  cause?: unknown;
}

/**
 * Puts up to BATCH_SIZE items of different keys. Whatever DynamoDB leaves unprocessed, and whatever fails
 * for a reason that may pass, is sent again until `signal` aborts; an attempt under way by then is waited
 * for, as long as the client lets it take. Never throws.
 */
export async function writeBatch(
  client: DynamoDBClient,
  table: string,
  items: Item[],
  signal: AbortSignal,
): Promise<BatchOutcome> {
  let unwritten = items;
  let retries = 0;
  let cause: unknown;
  for (let attempt = 0; !signal.aborted; attempt++) {
    retries = attempt;
    try {
      unwritten = await send(client, table, unwritten);
      if (unwritten.length === 0) return { unwritten, retries };
    } catch (error) {
      cause = error;
      if (error instanceof Error && FINAL_ERRORS.has(error.name)) return { unwritten, retries, cause };
    }
    const backoff = Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** retries);
    // The rejection only says that the time is up, which the signal says too.
    await delay(backoff, undefined, { signal }).catch(() => {});
  }
  return { unwritten, retries, cause: cause ?? signal.reason };
}

/** Without options: for those, the SDK composes its middleware anew for each request, a tenth of its work. */
async function send(client: DynamoDBClient, table: string, items: Item[]): Promise<Item[]> {
  const requests = items.map((item) => ({ PutRequest: { Item: item } }));
  const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  return (answer.UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => PutRequest?.Item ?? {});
}
