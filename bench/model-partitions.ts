import { type BatchWriteItemCommandInput, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../entities/table.ts';

/** For how long a partition of the model saves what it did not use. DynamoDB guarantees no such time. */
const BURST_SECONDS = 0.1;

/** The round trip to the model. */
const LATENCY_MS = 5;

const INDEXES = Object.values(TABLE.indexes);

/** What the model has stored. */
export interface StoredEntries {
  /** For each stored entry, when. Milliseconds of `performance.now()`. */
  times: number[];
  /** The primary keys of the stored entries. */
  keys: Set<string>;
}

/**
 * A client of a model of DynamoDB that knows one thing: each index partition takes this many writes per second.
 * The model leaves the others unprocessed, or throws when it can take none of a request.
 */
export function createModelClient(writesPerSecond: number): {
  client: DynamoDBClient;
  stored: StoredEntries;
} {
  const partitions = new Map<string, Allowance>();
  const stored: StoredEntries = { times: [], keys: new Set() };

  function allowanceOf(bucket: string): Allowance {
    const known = partitions.get(bucket);
    if (known) return known;
    const allowance = new Allowance(writesPerSecond);
    partitions.set(bucket, allowance);
    return allowance;
  }

  function takes({ PutRequest }: WriteRequest): boolean {
    const item = PutRequest?.Item ?? {};
    // Items without a bucket, such as those of the catalogue, are in no index.
    const buckets = INDEXES.flatMap(({ partitionKey }) => item[partitionKey]?.S ?? []);
    const allowances = buckets.map(allowanceOf);
    if (!allowances.every((allowance) => allowance.hasOne())) return false;
    for (const allowance of allowances) allowance.take();
    if (buckets.length > 0) {
      stored.times.push(performance.now());
      stored.keys.add(`${item[TABLE.partitionKey]?.S}\n${item[TABLE.sortKey]?.S}`);
    }
    return true;
  }

  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ body }: { body: Uint8Array }) => {
        const { RequestItems }: BatchWriteItemCommandInput = JSON.parse(new TextDecoder().decode(body));
        await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
        const [[table, puts] = ['', []]] = Object.entries(RequestItems ?? {});
        const unprocessed = puts.filter((put) => !takes(put));
        if (unprocessed.length === puts.length) return answer(400, throttlingException(table));
        return answer(200, { UnprocessedItems: unprocessed.length > 0 ? { [table]: unprocessed } : {} });
      },
    },
  });
  return { client, stored };
}

function throttlingException(table: string): object {
  return {
    __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    message: 'Throughput exceeds the current capacity of one or more global secondary indexes',
    ThrottlingReasons: [
      {
        reason: 'IndexWriteKeyRangeThroughputExceeded',
        resource: `arn:aws:dynamodb:us-east-1:123456789012:table/${table}/index/${TABLE.indexes.byDay.name}`,
      },
    ],
  };
}

function answer(statusCode: number, body: object): object {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode, headers, body: Buffer.from(JSON.stringify(body)) } };
}

/** Grows by `perSecond`, up to what it gains in BURST_SECONDS. */
class Allowance {
  private readonly perSecond: number;
  private left: number;
  private at = performance.now();

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.left = perSecond * BURST_SECONDS;
  }

  hasOne(): boolean {
    const now = performance.now();
    const filled = this.left + ((now - this.at) / 1_000) * this.perSecond;
    this.left = Math.min(filled, this.perSecond * BURST_SECONDS);
    this.at = now;
    return this.left >= 1;
  }

  take(): void {
    this.left--;
  }
}
