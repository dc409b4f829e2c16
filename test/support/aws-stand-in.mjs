/** Stands for the AWS CLI: `aws dynamodb scan` and `aws dynamodb batch-write-item`, each with the options of the guide. */
import { readFileSync } from 'node:fs';
import { BatchWriteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

const [, operation, , value] = process.argv.slice(2);
const client = new DynamoDBClient({});
const command =
  operation === 'scan'
    ? new ScanCommand({ TableName: value })
    : new BatchWriteItemCommand({ RequestItems: JSON.parse(readFileSync(new URL(value), 'utf8')) });
const { $metadata, ...answer } = await client.send(command);
process.stdout.write(JSON.stringify(answer));
