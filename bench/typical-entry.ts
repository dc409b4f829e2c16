import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { parseInstant } from '../entities/instant.ts';
import type { CheckedEntry, StoredEntry } from '../entities/log-entry.ts';

/** Bytes of a typical message: a line of an access log. */
export const MESSAGE_BYTES = 250;

const MESSAGE = '10.24.3.117 "GET /api/v1/orders/8812?expand=lines" 200 5120 "-" 12 ms '
  .repeat(4)
  .slice(0, MESSAGE_BYTES);

/** One entry in this many is an error. */
const ERROR_EVERY = 20;

let made = 0;

/** An entry as services send them: with its own id, dated now. */
export function typicalEntry(overrides: Partial<StoredEntry> = {}): StoredEntry {
  made++;
  return {
    id: randomUUID(),
    datetime: new Date().toISOString(),
    severity: made % ERROR_EVERY === 0 ? 'error' : 'info',
    message: MESSAGE,
    ...overrides,
  };
}

export function typicalEntries(count: number): StoredEntry[] {
  return Array.from({ length: count }, () => typicalEntry());
}

/** The entry as the writer takes it. */
export function checked(entry: StoredEntry): CheckedEntry {
  return { ...entry, instant: parseInstant(entry.datetime) };
}

/** BatchWriteItem takes at most 25 puts per request (DynamoDB API reference). */
const BATCH_SIZE = 25;

/** The input of BatchWriteItem for items that are built by hand, BATCH_SIZE per request. */
export function rawBatches(table: string, entries: StoredEntry[]) {
  const puts = entries.map((entry) => ({ PutRequest: { Item: rawItem(entry) } }));
  const count = Math.ceil(puts.length / BATCH_SIZE);
  return Array.from({ length: count }, (_, at) => ({
    RequestItems: { [table]: puts.slice(at * BATCH_SIZE, (at + 1) * BATCH_SIZE) },
  }));
}

/** An item with the fields and the bytes of a LogEntry row, but without computing its digest and shard. */
export function rawItem({ id, datetime, severity, message }: StoredEntry): Record<string, AttributeValue> {
  return {
    pk: { S: `e#${id}` },
    sk: { S: `${datetime.slice(0, -1)}000000Z#${id}#0123456789abcdef` },
    gsi1pk: { S: `${severity}#${datetime.slice(0, 10)}#3` },
    datetime: { S: datetime },
    severity: { S: severity },
    message: { S: message },
    expiresAt: { N: '1893456000' },
    __edb_e__: { S: 'LogEntry' },
    __edb_v__: { S: '1' },
  };
}
