import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLogEntryEntity, type LogEntry, toLogEntry } from './log-entry.ts';
import type { ReaderSettings } from './newest-entries.ts';

export type EntriesWithId = (id: string) => Promise<LogEntry[]>;

/**
 * Makes the function that reads the entries under one id, newest first: almost always one, and never more
 * than the 1 MB that a query answers. It throws ElectroDB's errors.
 */
export function createEntriesWithId({ client, table }: ReaderSettings): EntriesWithId {
  const entity = createLogEntryEntity({ client: DynamoDBDocumentClient.from(client), table });

  return async (id) => {
    const { data } = await entity.query
      .byId({ pk: id })
      .where(({ expiresAt }, { gt }) => gt(expiresAt, Math.floor(Date.now() / 1000)))
      .go({ order: 'desc', pages: 1 });
    return data.map(toLogEntry);
  };
}
