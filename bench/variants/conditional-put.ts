import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { rawItem, TABLE_NAME } from './raw-items.ts';
import { serveSamples } from './serve-samples.ts';

const client = new DynamoDBClient({});

/** The usual way to be idempotent: each item by itself, unless there is one under its id. */
serveSamples({
  prepare: (entries) => entries,
  run: (entries) =>
    Promise.all(
      entries.map((entry) =>
        client.send(
          new PutItemCommand({
            TableName: TABLE_NAME,
            Item: rawItem(entry),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    ),
});
