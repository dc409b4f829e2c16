import { setTimeout } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  InternalServerError,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { TABLE } from '../../entities/table.ts';

type Key = Record<string, AttributeValue>;

const HAS_EXPIRED = '#expiry < :now';

/** Where a pass is: in which of how many segments of the table, and after which item. */
interface Place {
  segment: number;
  segments: number;
  from?: Key;
}

const START: Place = { segment: 0, segments: 1 };
/** A pass over damaged data reads the table in so many segments, and skips the remainder of each that is damaged. */
const SEGMENTS_OF_DAMAGED = 64;

/** Items that one step reads, and deletes if all have expired: some tens of milliseconds of the engine's time. */
const STEP_ITEMS = 100;
/** Deletions at once. One after another, each would wait for its round trip, and the pause after it for four. */
const DELETIONS = 10;
/** The pause after a step, as a multiple of the step's duration, so that sweeping takes at most a fifth of the time. */
const PAUSE_FACTOR = 4;
const SHORTEST_PAUSE_MS = 20;
/** Time from the end of one pass through the table to the next. */
const BETWEEN_PASSES_MS = 3_600_000;

/** Waits so many milliseconds, or rejects when the signal is aborted. */
type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
const pauseForTime: Pause = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, { signal, ref: false });

/**
 * Deletes expired items, as DynamoDB's TTL does, from an engine without TTL. It passes through the table again and
 * again, in small steps.
 * @returns ends the sweeping after the current step
 */
export function startSweeping(
  client: DynamoDBClient,
  table: string,
  pause: Pause = pauseForTime,
): () => Promise<void> {
  const ending = new AbortController();
  const sweeping = sweep(client, table, pause, ending.signal);
  return async () => {
    ending.abort();
    await sweeping;
  };
}

async function sweep(
  client: DynamoDBClient,
  table: string,
  pause: Pause,
  signal: AbortSignal,
): Promise<void> {
  let place = START;
  while (!signal.aborted) {
    const start = performance.now();
    const current = place;
    // A step that fails because the engine is busy or unavailable is repeated.
    const next = await step(client, table, current).catch((error) =>
      isDamage(error) ? afterDamage(current) : current,
    );
    place = next ?? START;
    const betweenSteps = Math.max(SHORTEST_PAUSE_MS, PAUSE_FACTOR * (performance.now() - start));
    await pause(next ? betweenSteps : BETWEEN_PASSES_MS, signal).catch(() => {});
  }
}

/** The engine answers so when it cannot read what is asked for. Deletions fail together. */
function isDamage(error: unknown): boolean {
  return error instanceof AggregateError ? error.errors.some(isDamage) : error instanceof InternalServerError;
}

function afterDamage(place: Place): Place | undefined {
  return place.segments === 1 ? { segment: 0, segments: SEGMENTS_OF_DAMAGED } : nextSegment(place);
}

/** Undefined at the end of the table. */
function nextSegment({ segment, segments }: Place): Place | undefined {
  return segment + 1 < segments ? { segment: segment + 1, segments } : undefined;
}

/** Deletes the expired ones among the next items. Returns where to continue, undefined at the table's end. */
async function step(client: DynamoDBClient, table: string, place: Place): Promise<Place | undefined> {
  const expired = {
    ExpressionAttributeNames: { '#expiry': TABLE.timeToLive },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1_000)) } },
  };
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      ...expired,
      TableName: table,
      Limit: STEP_ITEMS,
      Segment: place.segment,
      TotalSegments: place.segments,
      ExclusiveStartKey: place.from,
      FilterExpression: HAS_EXPIRED,
      ProjectionExpression: `${TABLE.partitionKey}, ${TABLE.sortKey}`,
    }),
  );
  const deleteExpired = async (Key: Key) => {
    const ConditionExpression = HAS_EXPIRED;
    const deletion = new DeleteItemCommand({ ...expired, TableName: table, Key, ConditionExpression });
    // An item that has been written again since the scan has a new expiry and stays.
    await client.send(deletion).catch((error) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  };
  await pMap(Items, deleteExpired, { concurrency: DELETIONS, stopOnError: false });
  return LastEvaluatedKey ? { ...place, from: LastEvaluatedKey } : nextSegment(place);
}
