import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedEngine } from '../local/engine/embedded-engine.ts';

export interface BenchEngine {
  client: DynamoDBClient;
  endpoint: string;
  accessKeyId: string;
  stop(): Promise<void>;
}

/** Starts the embedded engine in its own thread as `npm start` does, with its data in a temporary folder. */
export async function startEngine(): Promise<BenchEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  const engine = await startEmbeddedEngine(folder);
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: engine.accessKeyId, secretAccessKey: 'bench' },
  });
  return {
    client,
    endpoint: engine.endpoint,
    accessKeyId: engine.accessKeyId,
    async stop() {
      client.destroy();
      await engine.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the requests of one read cost. */
export interface ReadCost {
  requests: number;
  readUnits: number;
  /** The longest chain of requests of which each began after another had been answered. */
  roundTrips: number;
  milliseconds: number;
}

/** What an eventually consistent read costs if it finds nothing. The embedded engine counts 0 for it. */
const LEAST_READ_UNITS = 0.5;

/**
 * Counts the requests of a client from now on.
 * @returns a function that runs one read and returns its cost
 */
export function meter(client: DynamoDBClient): (read: () => Promise<unknown>) => Promise<ReadCost> {
  let cost = { requests: 0, readUnits: 0, roundTrips: 0 };
  let longestAnswered = 0;

  client.middlewareStack.add(
    (next) => async (args) => {
      cost.requests++;
      const roundTrip = longestAnswered + 1;
      cost.roundTrips = Math.max(cost.roundTrips, roundTrip);
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      longestAnswered = Math.max(longestAnswered, roundTrip);
      const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      cost.readUnits += Math.max(LEAST_READ_UNITS, ConsumedCapacity?.CapacityUnits ?? 0);
      return result;
    },
    { step: 'initialize', priority: 'low' },
  );

  return async (read) => {
    cost = { requests: 0, readUnits: 0, roundTrips: 0 };
    longestAnswered = 0;
    const start = performance.now();
    await read();
    return { ...cost, milliseconds: performance.now() - start };
  };
}
