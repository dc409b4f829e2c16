import type { LogEntry } from './entry.ts';
import { createLogEntryEntity, toLogEntry } from './log-entry.ts';
import type { ReaderSettings } from './newest-entries.ts';
import { ABOVE_ALL } from './position.ts';
import { BELOW_ALL, queryBucket } from './query-bucket.ts';
import { type Collect, type Page, type PageQuery, readPage } from './read-page.ts';
import { TABLE } from './table.ts';

export type EntriesWithId = (id: string, query: PageQuery, collect: Collect<LogEntry>) => Promise<Page>;

/** Makes the function that reads the entries under one id, newest first: almost always one. It throws what the SDK throws. */
export function createEntriesWithId({ client, table }: Omit<ReaderSettings, 'shards'>): EntriesWithId {
  const entity = createLogEntryEntity({ client, table });

  return (id, { below = ABOVE_ALL, ...page }, collect) => {
    const now = Math.floor(Date.now() / 1000);
    return readPage(
      {
        // They stand together in the table itself: a sequence of one shard, whatever their days.
        timelines: ['all'],
        shards: 1,
        listDays: async function* noDays() {},
        isFiltered: false,
        readBucket: (_, belowPosition, limit) => {
          const parameters = entity.query
            .byId({ pk: id })
            .between({ position: page.from ?? BELOW_ALL }, { position: belowPosition })
            .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
            .params({ order: 'desc' });
          const query = { entity, parameters, sortKey: TABLE.sortKey, toValue: toLogEntry };
          return queryBucket(client, query, belowPosition, limit);
        },
      },
      { ...page, below },
      collect,
    );
  };
}
