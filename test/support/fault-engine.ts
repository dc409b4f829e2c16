import type { BatchWriteItemInput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { type FaultProxy, type ProxiedAnswer, startFaultProxy } from './fault-proxy.ts';

/** The share of BatchWriteItem requests that have each fault, from 0 to 1. */
export interface EngineFaultRates {
  /** A part of it is written, and the remainder is returned as UnprocessedItems. */
  unprocessed: number;
  /** Nothing is written: ProvisionedThroughputExceededException. */
  throttled: number;
  /** All of it is written, but the connection is cut before the answer. */
  reset: number;
  /** Nothing is written, and trying again does not help. */
  denied: number;
}

export interface FaultyEngine extends FaultProxy {
  counts: Record<keyof EngineFaultRates | 'none', number>;
}

const BATCH_WRITE = 'DynamoDB_20120810.BatchWriteItem';

/**
 * A proxy before a DynamoDB engine that lets batches fail at random, in the same way for the same seed. The first
 * batches have each fault once, so that a short run has all of them.
 */
export async function startFaultyEngine(
  endpoint: string,
  rates: EngineFaultRates,
  seed: number,
): Promise<FaultyEngine> {
  const random = createRandom(seed);
  const counts = { unprocessed: 0, throttled: 0, reset: 0, denied: 0, none: 0 };
  const names = (Object.keys(rates) as (keyof EngineFaultRates)[]).filter((name) => rates[name] > 0);
  const notMetYet = [...names];
  const draw = () => {
    let left = random();
    const struck = names.find((name) => {
      left -= rates[name];
      return left < 0;
    });
    return notMetYet.shift() ?? struck ?? 'none';
  };

  const proxy = await startFaultProxy(endpoint, async (request, forward) => {
    const fault = request.headers['x-amz-target'] === BATCH_WRITE ? draw() : 'none';
    counts[fault]++;
    switch (fault) {
      case 'throttled':
        return failure('ProvisionedThroughputExceededException');
      case 'denied':
        return failure('AccessDeniedException');
      case 'reset':
        await forward();
        return 'reset';
      case 'unprocessed':
        return writePart(request.body, random, forward);
      case 'none':
        return forward();
    }
  });
  return { ...proxy, counts };
}

async function writePart(
  body: Buffer,
  random: () => number,
  forward: (body: Buffer) => Promise<ProxiedAnswer>,
): Promise<ProxiedAnswer> {
  const input: BatchWriteItemInput = JSON.parse(body.toString());
  const [[table, requests] = ['', []]] = Object.entries(input.RequestItems ?? {});
  const written: WriteRequest[] = [];
  const left: WriteRequest[] = [];
  for (const request of requests) (random() < 0.5 ? written : left).push(request);
  if (written.length > 0) await forward(json({ ...input, RequestItems: { [table]: written } }));
  return answer(200, { UnprocessedItems: left.length > 0 ? { [table]: left } : {} });
}

function failure(name: string): ProxiedAnswer {
  return answer(400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name });
}

function answer(status: number, body: object): ProxiedAnswer {
  return { status, headers: { 'Content-Type': 'application/x-amz-json-1.0' }, body: json(body) };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Numbers from 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
