import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLogEntryEntity, toLogEntryRow } from '../../entities/log-entry.ts';
import { TABLE_NAME } from './raw-items.ts';
import { serveSamples } from './serve-samples.ts';

const SHARDS = 8;
const EXPIRES_AT = 1_893_456_000;

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const entity = createLogEntryEntity({ client, table: TABLE_NAME });

/** The batch put of ElectroDB, without parsing, checking or answering a request. */
serveSamples({
  prepare: (entries) => entries,
  run: (entries) =>
    entity.put(entries.map((entry) => toLogEntryRow(entry, SHARDS, EXPIRES_AT))).go({ concurrent: 16 }),
});
