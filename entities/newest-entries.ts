import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LogEntry, SEVERITIES, type Severity } from './entry.ts';
import { createListDays } from './list-days.ts';
import { createLogEntryEntity, toLogEntry } from './log-entry.ts';
import { BELOW_ALL, queryBucket } from './query-bucket.ts';
import { type Collect, type Page, type PageQuery, readPage } from './read-page.ts';
import { TABLE } from './table.ts';
import type { Timeline } from './timeline.ts';

export interface ReaderSettings {
  client: DynamoDBClient;
  table: string;
  /** How many shards the writers are thought to use; a wrong guess costs a round trip, no entry. */
  shards: number;
}

export interface EntryQuery extends PageQuery {
  /** Default: all three. */
  severities?: Severity[];
  /** Text that the message must hold, upper and lower case told apart. */
  contains?: string;
}

export type NewestEntries = (query: EntryQuery, collect: Collect<LogEntry>) => Promise<Page>;

/** Makes the function that reads the newest entries of a table. It throws what the SDK throws. */
export function createNewestEntries({ client, table, shards }: ReaderSettings): NewestEntries {
  const entity = createLogEntryEntity({ client, table });
  const listDays = createListDays(client, table);

  return ({ severities = [...SEVERITIES], contains, ...page }, collect) => {
    const { timelines, filteredSeverities } = planFor(severities);
    const now = Math.floor(Date.now() / 1000);

    return readPage(
      {
        listDays,
        timelines,
        shards,
        isFiltered: contains !== undefined || filteredSeverities.length > 0,
        readBucket: (bucket, below, limit) => {
          const { byDay, bySeverity } = entity.query;
          const partition = timelines.includes('all')
            ? byDay({ bucket })
            : bySeverity({ severityBucket: bucket });
          const parameters = partition
            .between({ position: page.from ?? BELOW_ALL }, { position: below })
            .where(({ expiresAt, message, severity }, { gt, contains: holds, eq }) => {
              const wanted = filteredSeverities.map((one) => eq(severity, one)).join(' OR ');
              // TTL deletes late: what has expired is passed over.
              return [gt(expiresAt, now), contains && holds(message, contains), wanted && `(${wanted})`]
                .filter(Boolean)
                .join(' AND ');
            })
            .params({ order: 'desc' });
          return queryBucket(
            client,
            { entity, parameters, sortKey: TABLE.sortKey, toValue: toLogEntry },
            below,
            limit,
          );
        },
      },
      page,
      collect,
    );
  };
}

/** Warnings and errors have timelines of their own. Info has not: it is nearly everything, so it is filtered. */
function planFor(severities: Severity[]): { timelines: Timeline[]; filteredSeverities: Severity[] } {
  if (SEVERITIES.every((severity) => severities.includes(severity)))
    return { timelines: ['all'], filteredSeverities: [] };
  if (severities.includes('info')) return { timelines: ['all'], filteredSeverities: severities };
  return { timelines: severities.filter((severity) => severity !== 'info'), filteredSeverities: [] };
}
