import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LogEntry } from '../../entities/entry.ts';

/** The name of the table in requests that nobody answers. */
export const TABLE_NAME = 'logs';

/** BatchWriteItem takes at most 25 puts a request (DynamoDB API reference). */
export const BATCH_SIZE = 25;

/** An item built by hand, with the fields and the bytes of ours but without its digest and shard. */
export function rawItem({ id, datetime, severity, message }: LogEntry): Record<string, AttributeValue> {
  return {
    pk: { S: `e#${id}` },
    sk: { S: `${datetime.slice(0, -1)}000000Z#${id}#0123456789abcdef` },
    gsi1pk: { S: `all#${datetime.slice(0, 10)}#3` },
    datetime: { S: datetime },
    severity: { S: severity },
    message: { S: message },
    expiresAt: { N: '1893456000' },
    __edb_e__: { S: 'LogEntry' },
    __edb_v__: { S: '1' },
  };
}

/** The entries in slices of BATCH_SIZE. */
export function batchesOf<Entry>(entries: Entry[]): Entry[][] {
  const count = Math.ceil(entries.length / BATCH_SIZE);
  return Array.from({ length: count }, (_, at) => entries.slice(at * BATCH_SIZE, (at + 1) * BATCH_SIZE));
}
