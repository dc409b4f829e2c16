/**
 * Models, keys, conditions and row types are ElectroDB's. Two things bypass it:
 *
 * - Writing: `put().params()` and marshalling take 52 ms of CPU for 1,000 entries, more than all else in a
 *   request. `compilePut` asks ElectroDB once and takes 0.7 ms.
 * - Reading: `go()` needs the SDK's document client, which is a fifth of the load time of the function and which the
 *   bundle leaves out. It also hides the key at which a page without rows ended. `queryRows` sends the query itself.
 */
import { setMaxListeners } from 'node:events';
import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item as DynamoDB's own client takes it. */
export type Item = Record<string, AttributeValue>;

/** Entities are made without a table, because requests name it. */
export const NO_TABLE = { table: 'none' };

/**
 * The getter of a key attribute whose template has a prefix. ElectroDB removes the prefix by itself only if the
 * attribute has the name of its field.
 */
export function withoutPrefix(prefix: string): (stored?: string) => string | undefined {
  return (stored) => stored?.slice(prefix.length);
}

/** A type of ElectroDB without `go`, at every step of a chain: it would work in tests and fail in the bundle. */
type WithoutGo<Type> = Type extends (...values: infer Values) => infer Result
  ? (...values: Values) => WithoutGo<Result>
  : Type extends object
    ? { [Key in Exclude<keyof Type, 'go'>]: WithoutGo<Type[Key]> }
    : Type;

/** What is used of an ElectroDB entity. */
interface AnyEntity {
  query: object;
  put(row: never): { params(): unknown };
  parse(answer: { Items: Record<string, unknown>[] }): { data: unknown };
}

/** Makes an entity when it is first used: that takes 5 to 20 ms in a cold process, and most need one or two. */
export function lazyEntity<Entity extends AnyEntity>(
  create: () => Entity,
): () => { query: WithoutGo<Entity['query']> } & Pick<AnyEntity, 'put' | 'parse'> {
  let entity: Entity | undefined;
  return () => {
    entity ??= create();
    return entity as never;
  };
}

/** A query that an entity has composed, and how its rows are read. */
export interface RowQuery<Row> {
  parameters: unknown;
  toRows(items: Record<string, unknown>[]): Row[];
}

/** The rows of a query as rows of the entity. */
export function rowQuery<Row>(entity: Pick<AnyEntity, 'parse'>, parameters: unknown): RowQuery<Row> {
  return { parameters, toRows: (items) => entity.parse({ Items: items }).data as Row[] };
}

/** What one query answers. */
export interface QueriedRows<Row> {
  rows: Row[];
  /** The key of the last row that was read. Absent, the query has reached its end. */
  lastKey?: Item;
  /** How many rows were read, including those that a filter skipped. */
  lookedAt: number;
}

/** Where items are read from. */
export interface TableClient {
  client: DynamoDBClient;
  table: string;
  /** The page for which it is read. */
  page?: PageQueries;
}

/** The queries of one page. */
interface PageQueries {
  signal: AbortSignal;
  underWay: Set<Promise<unknown>>;
}

/**
 * The longest time for a page, so that the two pages of a count, too, are answered within the 28 seconds of the
 * function. A page ends by its budget (PAGE_BUDGET) unless DynamoDB does not answer.
 */
const PAGE_TIMEOUT_MS = 13_000;

/**
 * Reads a page, whose queries end with it: if one fails, or the time is over, the others are aborted, and it waits for
 * their end. Otherwise their retries and their traces would outlive the answer.
 */
export async function readWithinPage<Page>(
  { client, table }: TableClient,
  read: (table: TableClient) => Promise<Page>,
): Promise<Page> {
  const controller = new AbortController();
  const { signal } = controller;
  // Every query under way listens to the signal, which Node would report as a leak.
  setMaxListeners(0, signal);
  const underWay = new Set<Promise<unknown>>();
  const timeout = new Error('DynamoDB did not answer in time');
  const timer = setTimeout(() => controller.abort(timeout), PAGE_TIMEOUT_MS);
  try {
    return await read({ client, table, page: { signal, underWay } });
  } catch (error) {
    const cause = signal.aborted ? timeout : error;
    controller.abort();
    await Promise.allSettled(underWay);
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

/** Sends one query that reads at most `limit` rows, including those that its filter skips. */
export async function queryRows<Row>(
  { client, table, page }: TableClient,
  { parameters, toRows }: RowQuery<Row>,
  limit: number,
): Promise<QueriedRows<Row>> {
  const input = parameters as QueryCommandInput;
  const command = new QueryCommand({
    ...input,
    TableName: table,
    ExpressionAttributeValues: marshall(input.ExpressionAttributeValues),
    Limit: limit,
  });
  page?.signal.throwIfAborted();
  const answer = client.send(command, { abortSignal: page?.signal });
  page?.underWay.add(answer);
  try {
    const { Items = [], LastEvaluatedKey, ScannedCount } = await answer;
    const rows = toRows(Items.map((item) => unmarshall(item)));
    return { rows, lastKey: LastEvaluatedKey, lookedAt: ScannedCount ?? rows.length };
  } finally {
    page?.underWay.delete(answer);
  }
}

/** The value of a field of an item. */
type Value = string | number | Uint8Array;

interface Field {
  name: string;
  prefix: string;
  attribute: string;
}

/**
 * Makes a function from row to item out of what an ElectroDB entity puts.
 *
 * ElectroDB decides which field has what: it is asked once, with a sample row, and the answer is kept as a layout.
 * @param sample a row with every attribute present, all values different and none the end of a constant
 * @throws Error at the first row, if the entity stores something other than constants and attributes with a prefix
 */
export function compilePut<Row extends object>(
  entity: () => Pick<AnyEntity, 'put'>,
  sample: Required<Row>,
): (row: Row) => Item {
  let layout: { constants: Item; fields: Field[] } | undefined;
  return (row) => {
    layout ??= layoutOf(entity(), sample);
    // An object that begins as a copy of the constants takes each further field twenty times slower.
    const item: Item = {};
    for (const { name, prefix, attribute } of layout.fields) {
      const value = (row as Record<string, unknown>)[attribute];
      if (typeof value === 'string') item[name] = { S: prefix + value };
      else if (typeof value === 'number') item[name] = { N: String(value) };
      else if (value !== undefined) item[name] = { B: value as Uint8Array };
    }
    return Object.assign(item, layout.constants);
  };
}

function layoutOf(entity: Pick<AnyEntity, 'put'>, sample: object): { constants: Item; fields: Field[] } {
  const { Item: stored } = entity.put(sample as never).params() as { Item: Record<string, Value> };
  const constants: Item = {};
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(stored)) {
    const field = findAttribute(name, value, sample);
    if (field) fields.push(field);
    else constants[name] = toAttributeValue(value);
  }
  const found = new Set(fields.map((field) => field.attribute));
  const lost = Object.keys(sample).filter((attribute) => !found.has(attribute));
  if (lost.length > 0)
    throw new Error(`No field of the item has ${lost.join(', ')} unchanged or after a prefix`);
  return { constants, fields };
}

function findAttribute(name: string, value: Value, sample: object): Field | undefined {
  const attributes = Object.entries(sample) as [string, Value][];
  const whole = attributes.find(([, candidate]) => candidate === value);
  if (whole) return { name, prefix: '', attribute: whole[0] };
  if (typeof value !== 'string') return undefined;
  const tail = attributes.find(([, candidate]) => typeof candidate === 'string' && value.endsWith(candidate));
  return tail && { name, prefix: value.slice(0, -String(tail[1]).length), attribute: tail[0] };
}

function toAttributeValue(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { B: value };
}
