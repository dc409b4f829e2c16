import { createLogEntryEntity, type LogEntry, toLogEntry } from './log-entry.ts';
import type { ReaderSettings } from './newest-entries.ts';
import { queryRows } from './query-rows.ts';

export type EntriesWithId = (id: string) => Promise<LogEntry[]>;

/**
 * Makes the function that reads the entries under one id, newest first: almost always one, and never more
 * than the 1 MB that a query answers. It throws what the SDK throws.
 */
export function createEntriesWithId({ client, table }: ReaderSettings): EntriesWithId {
  const entity = createLogEntryEntity({ client, table });

  return async (id) => {
    const parameters = entity.query
      .byId({ pk: id })
      .where(({ expiresAt }, { gt }) => gt(expiresAt, Math.floor(Date.now() / 1000)))
      .params({ order: 'desc' });
    const { rows } = await queryRows(client, entity, { parameters });
    return rows.map(toLogEntry);
  };
}
