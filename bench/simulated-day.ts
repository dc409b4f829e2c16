import type {
  AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { epochMillisecondsOf, instantAt } from '../entities/instant.ts';
import {
  blocksOf,
  type FilteredBlock,
  logFilterItem,
  placeLogFilterRow,
  toLogFilterRow,
} from '../entities/log-filter.ts';
import { TABLE } from '../entities/table.ts';
import { dayOf, timelineIn } from '../entities/timeline.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { BATCH_MS, realisticEntry } from './realistic-entries.ts';
import { itemBytes } from './stored-bytes.ts';
import { checked } from './typical-entry.ts';

type Item = Record<string, AttributeValue>;

const DAY_MS = 86_400_000;
const MIDNIGHT = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;

/** The oldest request, which has the id, and the instant of the next one. Every 100 ms another one follows. */
const OLDEST = MIDNIGHT + BATCH_MS;
const FIRST = MIDNIGHT + 10_000;
const REQUEST_MS = 100;
const REQUESTS = (MIDNIGHT + DAY_MS - FIRST) / REQUEST_MS;
export const ENTRIES_OF_REQUEST = 100;

/** Requests that are packed. Those of the day repeat them at other times. */
export const PACKED_REQUESTS = 2_000;

const QUERY_BYTES = 1_048_576;
const READ_UNIT_BYTES = 4_096;
const FAR_FUTURE = 9_999_999_999;

/**
 * A day of 1,000 packed entries a second. The catalogue and the oldest request, which has the id, are real. Filters
 * and blocks of all other requests are those of a few, moved in time, as DynamoDB would answer.
 * @returns how many blocks there are, and what is read of the simulated part
 */
export async function simulateDay(client: DynamoDBClient, table: string, id: string) {
  await append(client, table, [{ ...entryAt(OLDEST), id }, ...entriesBefore(OLDEST)]);
  const packed = await packRequests();
  const read = answerForDay(client, packed);
  return { read, blocks: REQUESTS * packed.blocksPerRequest };
}

function entryAt(milliseconds: number) {
  return checked(realisticEntry(new Date(milliseconds).toISOString()));
}

function entriesBefore(end: number) {
  const gap = BATCH_MS / ENTRIES_OF_REQUEST;
  return Array.from({ length: ENTRIES_OF_REQUEST - 1 }, (_, at) => entryAt(end - (at + 1) * gap));
}

async function append(
  client: DynamoDBClient,
  table: string,
  entries: ReturnType<typeof entryAt>[],
): Promise<void> {
  const writer = createLogWriter({
    client,
    table,
    shards: 1,
    retentionDays: 3_650,
    packing: 'all',
  });
  const { unstored, cause } = await writer.appendEntries(entries, AbortSignal.timeout(60_000));
  if (unstored.length > 0) throw new Error('The request could not be stored', { cause });
}

interface PackedRequests {
  /** The filters of each request. */
  filters: FilteredBlock[][];
  /** A block of each timeline. */
  blocks: Map<string, Item>;
  blocksPerRequest: number;
}

/** Packs requests with the writer, whose items are kept. */
async function packRequests(): Promise<PackedRequests> {
  const filters: FilteredBlock[][] = [];
  const blocks = new Map<string, Item>();
  const send = async ({ input }: BatchWriteItemCommand) => {
    for (const { PutRequest } of Object.values(input.RequestItems ?? {}).flat()) {
      const item = PutRequest?.Item ?? {};
      const key = item[TABLE.partitionKey]?.S ?? '';
      if (key.startsWith('f#')) filters.push(blocksOf(filterRowOf(item)));
      else if (key.startsWith('b#')) blocks.set(timelineIn(key.slice(2)), item);
    }
    return {};
  };
  for (let at = 0; at < PACKED_REQUESTS; at++)
    await append({ send } as unknown as DynamoDBClient, 'none', entriesBefore(MIDNIGHT + DAY_MS / 2));
  return { filters, blocks, blocksPerRequest: filters.flat().length / PACKED_REQUESTS };
}

function filterRowOf(item: Item) {
  const text = (name: string) => item[name]?.S ?? '';
  return {
    bucket: text(TABLE.partitionKey).slice(2),
    place: text(TABLE.sortKey),
    blocks: text('blocks'),
    filters: item.filters?.B ?? new Uint8Array(),
    expiresAt: FAR_FUTURE,
  };
}

/** Answers queries of filters and blocks above the oldest request. All others go to the engine. */
function answerForDay(client: DynamoDBClient, { filters, blocks }: PackedRequests) {
  const read = { filters: 0, blocks: 0 };

  /** What DynamoDB answers to a query of filters below a position. */
  function filtersBelow(position: string, limit: number) {
    const items: object[] = [];
    let bytes = 0;
    let request = requestsBelow(position);
    while (request > 0 && items.length < limit && bytes < QUERY_BYTES) {
      const item = filterItemOf(--request, filters);
      bytes += itemBytes(item);
      items.push(toJson(item));
    }
    read.filters += items.length;
    return answerOf(items, bytes);
  }

  function blockOf(timeline: string) {
    const item = blocks.get(timeline) ?? {};
    read.blocks++;
    return answerOf([toJson(item)], itemBytes(item));
  }

  client.middlewareStack.add(
    (next) => async (args) => {
      const { body } = args.request as { body: Uint8Array };
      const { ExpressionAttributeValues = {}, Limit = 0 }: QueryCommandInput = JSON.parse(
        new TextDecoder().decode(body),
      );
      const texts = Object.values(ExpressionAttributeValues).map(({ S = '' }) => S);
      const key = texts.find((text) => /^[bf]#/.test(text)) ?? '';
      const [upTo = ''] = texts
        .filter((text) => text !== key)
        .sort()
        .reverse();
      if (key === '' || requestsBelow(upTo) === 0) return next(args);
      const answer = key.startsWith('f#') ? filtersBelow(upTo, Limit) : blockOf(timelineIn(key.slice(2)));
      return { response: { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) } };
    },
    { step: 'deserialize', priority: 'low' },
  );
  return read;
}

/** How many simulated requests are below a position. */
function requestsBelow(position: string): number {
  const end = position.startsWith(`${dayOf(instantAt(MIDNIGHT))}T`)
    ? epochMillisecondsOf(position)
    : MIDNIGHT + DAY_MS;
  return Math.max(Math.ceil((end - FIRST) / REQUEST_MS), 0);
}

function filterItemOf(request: number, filters: FilteredBlock[][]): Item {
  const instant = instantAt(FIRST + request * REQUEST_MS);
  const blocks = filters[request % filters.length]?.map((block) => ({
    ...block,
    position: instant + block.position.slice(instant.length),
  }));
  return logFilterItem(placeLogFilterRow(toLogFilterRow(blocks ?? [], FAR_FUTURE), 1));
}

/** There is always more: the oldest request. */
function answerOf(items: object[], bytes: number) {
  return {
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    LastEvaluatedKey: items.at(-1),
    ConsumedCapacity: { CapacityUnits: Math.ceil(bytes / READ_UNIT_BYTES) / 2 },
  };
}

function toJson(item: Item): object {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
    ]),
  );
}
