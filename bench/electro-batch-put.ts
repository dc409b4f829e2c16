import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StoredEntry } from '../entities/log-entry.ts';
import { type LogEntryRow, logEntry, placeLogEntryRow, toLogEntryRow } from '../entities/log-entry.ts';
import type { Variant } from './ingest-child.ts';
import { checked } from './typical-entry.ts';

const SHARDS = 8;
const EXPIRES_AT = 1_893_456_000;

/** The part of an entity that the service does not hand out. */
interface BatchPut {
  put(rows: LogEntryRow[]): { go(options: object): Promise<unknown> };
}

/** ElectroDB's own batch put, without reading, checking or answering a request. Only this needs lib-dynamodb. */
export function electroBatchPut(): Variant {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const entity = logEntry() as unknown as BatchPut;
  const toRow = (entry: StoredEntry) => placeLogEntryRow(toLogEntryRow(checked(entry), EXPIRES_AT), SHARDS);
  return (entries) => () => entity.put(entries.map(toRow)).go({ client, table: 'logs', concurrent: 16 });
}
