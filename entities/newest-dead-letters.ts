import { createDeadLetterEntity, type DeadLetter, toDeadLetter } from './dead-letter.ts';
import { createListDays } from './list-days.ts';
import type { ReaderSettings } from './newest-entries.ts';
import { BELOW_ALL, queryBucket } from './query-bucket.ts';
import { type Collect, type Page, type PageQuery, readPage } from './read-page.ts';
import { TABLE } from './table.ts';

export type NewestDeadLetters = (query: PageQuery, collect: Collect<DeadLetter>) => Promise<Page>;

/** Makes the function that reads what was refused last. It throws what the SDK throws. */
export function createNewestDeadLetters({ client, table, shards }: ReaderSettings): NewestDeadLetters {
  const entity = createDeadLetterEntity({ client, table });
  const listDays = createListDays(client, table);
  const { sortKey } = TABLE.indexes.byRefusal;

  return (page, collect) => {
    const now = Math.floor(Date.now() / 1000);
    return readPage(
      {
        listDays,
        timelines: ['refused'],
        shards,
        isFiltered: false,
        readBucket: (bucket, below, limit) => {
          const parameters = entity.query
            .byRefusal({ bucket })
            .between({ position: page.from ?? BELOW_ALL }, { position: below })
            .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
            .params({ order: 'desc' });
          return queryBucket(client, { entity, parameters, sortKey, toValue: toDeadLetter }, below, limit);
        },
      },
      page,
      collect,
    );
  };
}
