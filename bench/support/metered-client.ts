import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalClient } from './local-client.ts';

/** What the requests since the last reset have cost. */
export interface Meter {
  requests: number;
  readUnits: number;
  /** Round trips one after the other: requests that are under way together count once. */
  rounds: number;
}

export interface MeteredClient {
  client: DynamoDBClient;
  /** Runs a task and says what its requests cost and how long it took. */
  measure(task: () => Promise<unknown>): Promise<Meter & { milliseconds: number }>;
}

/** The least that a read costs, an eventually consistent one that finds nothing. The embedded engine says 0. */
const LEAST_READ_UNITS = 0.5;

/** A client that counts requests and the read units that they consume. */
export function createMeteredClient(endpoint: string): MeteredClient {
  const client = createLocalClient(endpoint);
  let meter: Meter = { requests: 0, readUnits: 0, rounds: 0 };
  let underWay = 0;

  client.middlewareStack.add(
    (next) => async (args) => {
      meter.requests++;
      if (underWay === 0) meter.rounds++;
      underWay++;
      try {
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
        meter.readUnits += Math.max(LEAST_READ_UNITS, ConsumedCapacity?.CapacityUnits ?? 0);
        return result;
      } finally {
        underWay--;
      }
    },
    { step: 'initialize', priority: 'low' },
  );

  return {
    client,
    async measure(task) {
      meter = { requests: 0, readUnits: 0, rounds: 0 };
      const start = performance.now();
      await task();
      return { ...meter, milliseconds: performance.now() - start };
    },
  };
}
