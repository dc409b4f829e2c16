import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME } from './raw-items.ts';
import { serveSamples } from './serve-samples.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The plain way: the document client and a put each. A second entry under an id overwrites the first. */
serveSamples({
  prepare: (entries) => entries,
  run: (entries) =>
    Promise.all(entries.map((Item) => client.send(new PutCommand({ TableName: TABLE_NAME, Item })))),
});
