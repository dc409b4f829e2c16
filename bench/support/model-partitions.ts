import { type BatchWriteItemCommandInput, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../entities/table.ts';

/** A partition saves up what it has not used for so long. DynamoDB saves more, and promises nothing. */
const BURST_SECONDS = 0.1;

/** Round trip to the model. */
const LATENCY_MS = 5;

/**
 * A client of a model of DynamoDB that knows one thing: a partition of the index byDay takes so many writes a
 * second. What is beyond is left unprocessed, as BatchWriteItem does it.
 */
export function createModelClient(writesPerSecond: number): {
  client: DynamoDBClient;
  accepted: () => number;
} {
  const partitions = new Map<string, Allowance>();
  let accepted = 0;

  function takes({ PutRequest }: WriteRequest): boolean {
    const bucket = PutRequest?.Item?.[TABLE.indexes.byDay.partitionKey]?.S;
    if (bucket === undefined) return true;
    const allowance = partitions.get(bucket) ?? new Allowance(writesPerSecond);
    partitions.set(bucket, allowance);
    if (!allowance.take()) return false;
    accepted++;
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
        const left = Object.entries(RequestItems ?? {}).map(([table, puts]) => [
          table,
          puts.filter((put) => !takes(put)),
        ]);
        const UnprocessedItems = Object.fromEntries(left.filter(([, puts]) => puts?.length));
        return {
          response: {
            statusCode: 200,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: Buffer.from(JSON.stringify({ UnprocessedItems })),
          },
        };
      },
    },
  });
  return { client, accepted: () => accepted };
}

/** A bucket that fills at `perSecond` and holds BURST_SECONDS of that. */
class Allowance {
  private readonly perSecond: number;
  private left: number;
  private at = performance.now();

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.left = perSecond * BURST_SECONDS;
  }

  take(): boolean {
    const now = performance.now();
    const filled = this.left + ((now - this.at) / 1_000) * this.perSecond;
    this.left = Math.min(filled, this.perSecond * BURST_SECONDS);
    this.at = now;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
