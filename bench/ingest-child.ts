import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { StoredEntry } from '../entities/log-entry.ts';
import { rawBatches, rawItem, typicalEntries } from './typical-entry.ts';

type LambdaHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyResult>;

/** A way to store the entries of one request. Only the function that it returns is measured. */
export type Variant = (entries: StoredEntry[]) => () => Promise<unknown>;

/** What the parent process asks for: the number of entries, and how many of them are in a request. */
export interface Work {
  entries: number;
  perRequest: number;
}

/**
 * The peak memory of this process alone, in KiB. On Linux, `resourceUsage` includes the peak of the parent process,
 * which is larger.
 */
function peakOfProcess(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

/** What the work cost: CPU of all threads, including garbage collection, and the peak of memory so far. */
export interface Cost {
  cpuMilliseconds: number;
  peakKibibytes: number;
}

const TABLE_NAME = 'logs';

/** Prepares and runs requests for the parent process, and answers with what they cost. */
export function serve(variant: Variant, makeEntries = typicalEntries): void {
  stubNetwork();
  process.on('message', async ({ entries, perRequest }: Work) => {
    const requests = Array.from({ length: entries / perRequest }, () => variant(makeEntries(perRequest)));
    globalThis.gc?.();
    const before = process.cpuUsage();
    for (const request of requests) await request();
    const { user, system } = process.cpuUsage(before);
    const cost: Cost = {
      cpuMilliseconds: (user + system) / 1_000,
      peakKibibytes: peakOfProcess(),
    };
    process.send?.(cost);
  });
  process.send?.('ready');
}

/** The SDK's low-level client and nothing else. */
export function batchWrite(): Variant {
  const client = new DynamoDBClient({});
  return (entries) => () => {
    const batches = rawBatches(TABLE_NAME, entries);
    return Promise.all(batches.map((batch) => client.send(new BatchWriteItemCommand(batch))));
  };
}

/** The usual way to be idempotent: a request for each item, which stores it unless its key exists. */
export function conditionalPuts(): Variant {
  const client = new DynamoDBClient({});
  const put = (entry: StoredEntry) =>
    new PutItemCommand({
      TableName: TABLE_NAME,
      Item: rawItem(entry),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  return (entries) => () => Promise.all(entries.map((entry) => client.send(put(entry))));
}

/** Bodies of entries. The last two hold the same entries with attributes, as entries and as a logger writes them. */
const ENCODINGS = {
  json: (entries: StoredEntry[]) => JSON.stringify(entries),
  ndjson: toLines,
  gzip: (entries: StoredEntry[]) => gzipSync(toLines(entries)),
  attributes: (entries: StoredEntry[]) =>
    toLines(entries.map((entry) => ({ ...entry, attributes: attributesOf(entry) }))),
  pino: (entries: StoredEntry[]) => toLines(entries.map(toPinoLine)),
};

/** The whole function, from the event of API Gateway to the response, with logs, metrics and traces. */
export function handleWith(
  handler: LambdaHandler,
  encoding: keyof typeof ENCODINGS,
  path: '/logs' | '/v1/json' = '/logs',
): Variant {
  const context = { functionName: 'log-ingest', functionVersion: '1', memoryLimitInMB: '1769' } as Context;
  return (entries) => {
    const event = postEvent(path, ENCODINGS[encoding](entries));
    return async () => {
      const { statusCode, body } = await handler(event, context);
      if (statusCode !== 200) throw new Error(body);
    };
  };
}

/** Makes the SDK's HTTP handler answer at once, for every client of this process. */
function stubNetwork(): void {
  const answer = {
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from('{"UnprocessedItems":{}}'),
  };
  const { requestHandler } = new DynamoDBClient({}).config;
  Object.getPrototypeOf(requestHandler).handle = async () => ({ response: { ...answer } });
}

/** The event of a POST, as API Gateway passes it to the function. */
function postEvent(path: string, body: string | Buffer): object {
  const headers = { Host: 'example.execute-api.us-east-1.amazonaws.com', 'Content-Type': 'application/json' };
  return {
    resource: path,
    path,
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      requestId: randomUUID(),
      path: `/prod${path}`,
      stage: 'prod',
      domainName: headers.Host,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function toLines(values: object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** What pino and pino-http add to a message. */
function attributesOf({ id }: StoredEntry): object {
  const request = { id, method: 'GET', url: '/api/v1/orders/8812?expand=lines' };
  return { pid: 4_711, hostname: 'orders-7d9f6c5b8-x2x4q', request, statusCode: 200, responseTime: 12 };
}

function toPinoLine(entry: StoredEntry): object {
  const { datetime, severity, message } = entry;
  const level = severity === 'error' ? 50 : 30;
  return { level, time: Date.parse(datetime), ...attributesOf(entry), msg: message };
}
