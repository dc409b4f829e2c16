import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type { LogEntry } from '../entities/entry.ts';
import { checked, rawBatches, rawItem, typicalEntries } from './typical-entry.ts';

/** A way to store the entries of one request. Only the function that it returns is measured. */
type Variant = (entries: LogEntry[]) => () => Promise<unknown>;

/** What the parent asks for: this many entries, in requests of this many. */
export interface Work {
  entries: number;
  perRequest: number;
}

/** What the work took: CPU of all threads, garbage collection included, and the peak of memory so far. */
export interface Cost {
  cpuMilliseconds: number;
  peakKibibytes: number;
}

export type VariantName = keyof typeof VARIANTS;

const TABLE_NAME = 'logs';

/** Each variant loads what only it needs, so that no process pays for the libraries of another. */
const VARIANTS = {
  async floor(): Promise<Variant> {
    const client = new DynamoDBClient({});
    return (entries) => () => {
      const batches = rawBatches(TABLE_NAME, entries);
      return Promise.all(batches.map((batch) => client.send(new BatchWriteItemCommand(batch))));
    };
  },

  /** The common way to be idempotent: each item by itself, unless its key exists. */
  async conditionalPuts(): Promise<Variant> {
    const client = new DynamoDBClient({});
    return (entries) => () => Promise.all(entries.map((entry) => client.send(conditionalPut(entry))));
  },

  async electroBatchPut(): Promise<Variant> {
    const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
    const { createLogEntryEntity, toLogEntryRow } = await import('../entities/log-entry.ts');
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const entity = createLogEntryEntity({ client, table: TABLE_NAME });
    const toRow = (entry: LogEntry) => toLogEntryRow(checked(entry), 8, 1_893_456_000);
    return (entries) => () => entity.put(entries.map(toRow)).go({ concurrent: 16 });
  },

  /** The whole function, from API Gateway's event to the response, with logs, metrics and traces. */
  json: () => handle((entries) => JSON.stringify(entries)),
  ndjson: () => handle(toLines),
  gzip: () => handle((entries) => gzipSync(toLines(entries))),
};

stubNetwork();
const prepare = await VARIANTS[process.argv[2] as VariantName]();
process.on('message', async ({ entries, perRequest }: Work) => {
  const requests = Array.from({ length: entries / perRequest }, () => prepare(typicalEntries(perRequest)));
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (const request of requests) await request();
  const { user, system } = process.cpuUsage(before);
  const cost: Cost = {
    cpuMilliseconds: (user + system) / 1_000,
    peakKibibytes: process.resourceUsage().maxRSS,
  };
  process.send?.(cost);
});
process.send?.('ready');

/** From now on the SDK's HTTP handler answers at once, for every client of this process. */
function stubNetwork(): void {
  const answer = {
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from('{"UnprocessedItems":{}}'),
  };
  const { requestHandler } = new DynamoDBClient({}).config;
  Object.getPrototypeOf(requestHandler).handle = async () => ({ response: { ...answer } });
}

async function handle(encode: (entries: LogEntry[]) => string | Buffer): Promise<Variant> {
  const { handler } = await import('../handlers/ingest-logs.ts');
  const context = { functionName: 'log-ingest', functionVersion: '1', memoryLimitInMB: '1769' } as Context;
  return (entries) => {
    const event = postEvent(encode(entries));
    return async () => {
      const { statusCode, body } = await handler(event, context);
      if (statusCode !== 200) throw new Error(body);
    };
  };
}

/** The event of a POST /logs, as API Gateway passes it to the function. */
function postEvent(body: string | Buffer): object {
  const headers = { Host: 'example.execute-api.us-east-1.amazonaws.com', 'Content-Type': 'application/json' };
  return {
    resource: '/logs',
    path: '/logs',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { requestId: randomUUID(), path: '/prod/logs', stage: 'prod', domainName: headers.Host },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function toLines(entries: LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function conditionalPut(entry: LogEntry): PutItemCommand {
  return new PutItemCommand({
    TableName: TABLE_NAME,
    Item: rawItem(entry),
    ConditionExpression: 'attribute_not_exists(pk)',
  });
}
