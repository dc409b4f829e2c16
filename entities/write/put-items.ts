import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item, TableClient } from '../electro.ts';
import { TABLE } from '../table.ts';

/** BatchWriteItem takes at most 25 puts per request (DynamoDB API reference). */
export const BATCH_SIZE = 25;

/** Backoff with full jitter: a random wait of up to 50 ms, 100 ms, 200 ms and so on, 2 s at most. */
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 2_000;

/** Sending again would fail again: the request, the table or the permission is wrong. */
const FINAL_ERRORS = new Set([
  'ValidationException',
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'SerializationException',
]);

/** DynamoDB throws these where it throttles every item of a request. */
const THROTTLING_ERRORS = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

export interface Destination extends TableClient {
  /** Aborts when the time to write is over. */
  signal: AbortSignal;
}

/** What is put, and how. */
export interface Puts<Source> {
  /** Up to BATCH_SIZE sources of items with different keys. */
  sources: Source[];
  /** The items of sources, in their order. It is asked before every attempt. What it throws ends the attempts. */
  toItems(sources: Source[]): Item[] | Promise<Item[]>;
  /** Called with what DynamoDB has throttled, before it is sent again. */
  onThrottled?(sources: Source[]): void;
}

export interface PutOutcome<Source> {
  /** What DynamoDB has not confirmed. Empty when all is stored. */
  unstored: Source[];
  retries: number;
  /** Why something was not stored, where an error said so. */
  cause?: unknown;
}

/**
 * Puts one batch. Whatever DynamoDB leaves unprocessed, and whatever fails for a reason that may pass, is sent
 * again until the signal aborts. It waits for an attempt that is under way then. It throws only what `toItems` throws.
 */
export async function putItems<Source>(
  destination: Destination,
  { sources, toItems, onThrottled = () => {} }: Puts<Source>,
): Promise<PutOutcome<Source>> {
  const { signal } = destination;
  let unstored = sources;
  let retries = 0;
  let cause: unknown;
  for (let attempt = 0; !signal.aborted; attempt++) {
    retries = attempt;
    const items = await toItems(unstored);
    try {
      const unprocessed = await send(destination, items);
      if (unprocessed.length === 0) return { unstored: [], retries };
      const keys = new Set(unprocessed.map(primaryKeyOf));
      unstored = unstored.filter((_, at) => keys.has(primaryKeyOf(items[at])));
      onThrottled(unstored);
    } catch (error) {
      cause = error;
      const name = error instanceof Error ? error.name : '';
      if (FINAL_ERRORS.has(name)) return { unstored, retries, cause };
      if (THROTTLING_ERRORS.has(name)) onThrottled(unstored);
    }
    const backoff = Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** retries);
    // The rejection only says that the time is up, which the signal says too.
    await delay(backoff, undefined, { signal }).catch(() => {});
  }
  return { unstored, retries, cause: cause ?? signal.reason };
}

/** Sends without options. With options, the SDK composes its middleware anew for each request, a tenth of its work. */
async function send({ client, table }: Destination, items: Item[]): Promise<Item[]> {
  const requests = items.map((item) => ({ PutRequest: { Item: item } }));
  const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  return (answer.UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => PutRequest?.Item ?? {});
}

function primaryKeyOf(item: Item | undefined): string {
  return `${item?.[TABLE.partitionKey]?.S}\n${item?.[TABLE.sortKey]?.S}`;
}
