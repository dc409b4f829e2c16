import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  QueryCommand,
  type QueryCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../../entities/electro.ts';

/** What reading has cost. */
export interface ReadCost {
  requests: number;
  /** Requests that are under way together are one round trip. */
  rounds: number;
  /** Rows of entries and blocks that were looked at. The catalogue is not counted. */
  rows: number;
  readUnits: number;
}

export interface ModelTable {
  /** Takes BatchWriteItem and Query, and nothing else. */
  client: DynamoDBClient;
  items: Map<string, Item>;
  /** Whether an item is throttled, given the items of its request that were taken before it. */
  isThrottled(item: Item, taken: Item[]): boolean;
  /** Called at every query. */
  onQuery(): void;
  /** What a task reads from the table. */
  costOf(task: () => Promise<unknown>): Promise<ReadCost>;
}

/** Bytes of half a read unit (DynamoDB developer guide, "Read consistency"). */
const READ_BYTES = 4_096;

/**
 * A table in memory that answers as DynamoDB does: a page that reached its limit may have another one, if an empty one; a
 * limit counts rows that the filter skips; a batch of which every item is throttled fails.
 */
export function createModelTable(): ModelTable {
  const items = new Map<string, Item>();
  let cost: ReadCost = { requests: 0, rounds: 0, rows: 0, readUnits: 0 };
  let underWay = 0;

  async function send(command: unknown): Promise<object> {
    if (command instanceof BatchWriteItemCommand) {
      await Promise.resolve();
      return put(table, command.input.RequestItems ?? {});
    }
    if (!(command instanceof QueryCommand)) throw new Error('The model takes no such command');
    table.onQuery();
    cost.requests++;
    if (underWay++ === 0) cost.rounds++;
    // Requests that are under way together are answered together.
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    const { looked, ...answer } = query([...items.values()], command.input);
    const isCatalogue = looked.some(({ pk }) => pk?.S?.startsWith('d#'));
    cost.rows += isCatalogue ? 0 : looked.length;
    const bytes = looked.reduce((sum, item) => sum + bytesOf(item), 0);
    cost.readUnits += Math.max(Math.ceil(bytes / READ_BYTES), 1) / 2;
    return answer;
  }

  const table: ModelTable = {
    items,
    isThrottled: () => false,
    onQuery: () => {},
    client: { send } as unknown as DynamoDBClient,
    costOf: async (task) => {
      cost = { requests: 0, rounds: 0, rows: 0, readUnits: 0 };
      await task();
      return cost;
    },
  };
  return table;
}

function put(table: ModelTable, requests: Record<string, WriteRequest[]>): object {
  const [[name = '', puts = []] = []] = Object.entries(requests);
  const taken: Item[] = [];
  const throttled = puts.filter(({ PutRequest }) => {
    const item = PutRequest?.Item ?? {};
    if (table.isThrottled(item, taken)) return true;
    taken.push(item);
    table.items.set(JSON.stringify([item.pk?.S, item.sk?.S]), item);
    return false;
  });
  if (throttled.length === puts.length)
    throw new ProvisionedThroughputExceededException({ message: 'Throttled', $metadata: {} });
  return { UnprocessedItems: throttled.length > 0 ? { [name]: throttled } : {} };
}

function query(items: Item[], input: QueryCommandInput) {
  const { KeyConditionExpression = '', FilterExpression = 'true', Limit = Number.POSITIVE_INFINITY } = input;
  const sortKey = input.IndexName === 'byRefusal' ? 'gsi3sk' : 'sk';
  const looked = items
    .filter(compile(KeyConditionExpression, input))
    .toSorted((a, b) => compare(b[sortKey], a[sortKey]))
    .slice(0, Limit);
  return {
    looked,
    Items: looked.filter(compile(FilterExpression, input)),
    ScannedCount: looked.length,
    LastEvaluatedKey: looked.length === Limit ? looked.at(-1) : undefined,
  };
}

/** Compiles the part of DynamoDB's expressions that the service uses. */
function compile(expression: string, input: QueryCommandInput): (item: Item) => boolean {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = input;
  const source = expression
    .replace(/(#\w+) BETWEEN (:\w+) AND (:\w+)/gi, '(at("$1", "$2") >= 0 && at("$1", "$3") <= 0)')
    .replace(
      /(not )?contains\((#\w+), (:\w+)\)/gi,
      (_, not, name, value) => `${not ? '!' : ''}contains("${name}", "${value}")`,
    )
    .replace(/attribute_exists\((#\w+)\)/g, 'exists("$1")')
    .replace(
      /(?<!")(#\w+) ([=>]) (:\w+)/g,
      (_, name, sign, value) => `at("${name}", "${value}") ${sign.replace('=', '===')} 0`,
    )
    .replace(/ AND /gi, ' && ')
    .replace(/ OR /gi, ' || ');
  const evaluate = new Function('at', 'contains', 'exists', `return ${source};`);
  return (item) => {
    const field = (name: string) => item[names[name] ?? ''];
    return evaluate(
      (name: string, value: string) => (field(name) ? compare(field(name), values[value]) : Number.NaN),
      (name: string, value: string) => field(name)?.S?.includes(values[value]?.S ?? ''),
      (name: string) => field(name) !== undefined,
    );
  };
}

function compare(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  if (a?.N !== undefined) return Number(a.N) - Number(b?.N);
  return Buffer.compare(Buffer.from(a?.S ?? ''), Buffer.from(b?.S ?? ''));
}

/** About the size that DynamoDB counts. */
function bytesOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, { S = '', N = '', B = [] }]) =>
      sum + name.length + Buffer.byteLength(S) + N.length + B.length,
    0,
  );
}
