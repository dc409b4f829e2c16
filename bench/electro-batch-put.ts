import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StoredEntry } from '../entities/log-entry.ts';
import { createLogEntryEntity, placeLogEntryRow, toLogEntryRow } from '../entities/log-entry.ts';
import type { Variant } from './ingest-child.ts';
import { checked } from './typical-entry.ts';

const SHARDS = { all: 8, blocks: 1, warning: 1, error: 1, refused: 1 };
const EXPIRES_AT = 1_893_456_000;

/** ElectroDB's own batch put, without reading, checking or answering a request. Only this needs lib-dynamodb. */
export function electroBatchPut(): Variant {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const entity = createLogEntryEntity({ client, table: 'logs' });
  const toRow = (entry: StoredEntry) => placeLogEntryRow(toLogEntryRow(checked(entry), EXPIRES_AT), SHARDS);
  return (entries) => () => entity.put(entries.map(toRow)).go({ concurrent: 16 });
}
