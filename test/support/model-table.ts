import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  QueryCommand,
  type QueryCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../../entities/compile-put.ts';

export interface ModelTable {
  /** Takes BatchWriteItem and Query, and nothing else. */
  client: DynamoDBClient;
  items: Map<string, Item>;
  /** What becomes of the next items that are put. */
  throttled: boolean[];
  /** Is told of every query. */
  onQuery(): void;
}

/**
 * A table in memory that answers as DynamoDB does: a page that reached its limit has a rest, if an empty one; a limit
 * counts rows that the filter passes over; a batch of which every item is throttled fails.
 */
export function createModelTable(): ModelTable {
  const items = new Map<string, Item>();
  const table: ModelTable = {
    items,
    throttled: [],
    onQuery: () => {},
    client: {
      send: async (command: unknown) => {
        // Requests under way together are answered together.
        await Promise.resolve();
        if (command instanceof BatchWriteItemCommand) return put(table, command.input.RequestItems ?? {});
        if (!(command instanceof QueryCommand)) throw new Error('The model takes no such command');
        table.onQuery();
        return query([...items.values()], command.input);
      },
    } as unknown as DynamoDBClient,
  };
  return table;
}

function put(table: ModelTable, requests: Record<string, WriteRequest[]>): object {
  const [[name = '', puts = []] = []] = Object.entries(requests);
  const throttled = puts.filter(({ PutRequest }) => {
    if (table.throttled.shift()) return true;
    const item = PutRequest?.Item ?? {};
    table.items.set(JSON.stringify([item.pk?.S, item.sk?.S]), item);
    return false;
  });
  if (throttled.length === puts.length)
    throw new ProvisionedThroughputExceededException({ message: 'Throttled', $metadata: {} });
  return { UnprocessedItems: throttled.length > 0 ? { [name]: throttled } : {} };
}

function query(items: Item[], input: QueryCommandInput): object {
  const { KeyConditionExpression = '', FilterExpression = 'true', Limit = Number.POSITIVE_INFINITY } = input;
  const hasKey = compile(KeyConditionExpression, input);
  const sortKey = input.IndexName === 'byRefusal' ? 'gsi3sk' : 'sk';
  const looked = items
    .filter(hasKey)
    .toSorted((a, b) => compare(b[sortKey], a[sortKey]))
    .slice(0, Limit);
  return {
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
    .replace(/contains\((#\w+), (:\w+)\)/g, 'contains("$1", "$2")')
    .replace(
      /(?<!")(#\w+) ([=>]) (:\w+)/g,
      (_, name, sign, value) => `at("${name}", "${value}") ${sign.replace('=', '===')} 0`,
    )
    .replace(/ AND /gi, ' && ')
    .replace(/ OR /gi, ' || ');
  const evaluate = new Function('at', 'contains', `return ${source};`);
  return (item) => {
    const field = (name: string) => item[names[name] ?? ''];
    return evaluate(
      (name: string, value: string) => (field(name) ? compare(field(name), values[value]) : Number.NaN),
      (name: string, value: string) => field(name)?.S?.includes(values[value]?.S ?? ''),
    );
  };
}

function compare(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  if (a?.N !== undefined) return Number(a.N) - Number(b?.N);
  return Buffer.compare(Buffer.from(a?.S ?? ''), Buffer.from(b?.S ?? ''));
}
