import {
  type BatchWriteItemCommandInput,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../../entities/electro.ts';
import { createTestClient } from './table.ts';

/**
 * A client whose engine throttles. As DynamoDB does, it leaves throttled items unprocessed, and throws where it
 * throttles every item of a request.
 * @param isThrottled whether an item is throttled, given the items of its request that were taken before it
 */
export function createThrottledClient(
  endpoint: string,
  isThrottled: (item: Item, taken: Item[]) => boolean,
): DynamoDBClient {
  const client = createTestClient(endpoint, { maxAttempts: 1 });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (request) => {
        if (commandName !== 'BatchWriteItemCommand') return next(request);
        const { RequestItems = {} } = request.input as BatchWriteItemCommandInput;
        const [[table = '', puts = []] = []] = Object.entries(RequestItems);
        const taken: WriteRequest[] = [];
        const throttled: WriteRequest[] = [];
        for (const put of puts) {
          const before = taken.map(({ PutRequest }) => PutRequest?.Item ?? {});
          (isThrottled(put.PutRequest?.Item ?? {}, before) ? throttled : taken).push(put);
        }
        if (taken.length === 0)
          throw new ProvisionedThroughputExceededException({ message: 'Throttled', $metadata: {} });
        const answer = await next({ ...request, input: { RequestItems: { [table]: taken } } });
        const output = answer.output as { UnprocessedItems?: Record<string, WriteRequest[]> };
        const unprocessed = [...(output.UnprocessedItems?.[table] ?? []), ...throttled];
        output.UnprocessedItems = unprocessed.length > 0 ? { [table]: unprocessed } : {};
        return answer;
      },
    { step: 'initialize' },
  );
  return client;
}
