import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LogEntry } from '../../entities/entry.ts';
import { batchesOf, rawItem, TABLE_NAME } from './raw-items.ts';
import { serveSamples } from './serve-samples.ts';

const client = new DynamoDBClient({});

/** The floor: the SDK's low-level client, as it comes, and nothing else. */
serveSamples({
  prepare: batchesOf<LogEntry>,
  run: (batches) =>
    Promise.all(
      batches.map((batch) => {
        const puts = batch.map((entry) => ({ PutRequest: { Item: rawItem(entry) } }));
        return client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: puts } }));
      }),
    ),
});
