import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createListDays } from '../day-catalogue.ts';
import { createDeadLetterEntity, type DeadLetter, toDeadLetter } from '../dead-letter.ts';
import { SEVERITIES, type Severity } from '../entry.ts';
import { secondsNow } from '../instant.ts';
import { createLogEntryEntity, type LogEntryRow, type StoredEntry, toStoredEntry } from '../log-entry.ts';
import {
  type AttributeFilter,
  compileTexts,
  foldsCase,
  holdAttributes,
  type TextFilter,
} from '../matches.ts';
import { TABLE } from '../table.ts';
import { BELOW_ALL, type Timeline } from '../timeline.ts';
import { createBlockReader } from './block-reader.ts';
import { DayShards } from './day-shards.ts';
import type { BlockSource, DaySource } from './open-shards.ts';
import { bucketReader } from './read-bucket.ts';
import { createReadById } from './read-by-id.ts';
import { type Collect, type Page, type PageQuery, type Placed, readPage } from './read-page.ts';

export interface EntryQuery extends PageQuery, TextFilter {
  /** Default: all three. */
  severities?: Severity[];
  /** Attributes that the entry must have, all of them. */
  attributes?: AttributeFilter[];
  /** Attributes that the entry must not have, any of them. An entry without attributes has none. */
  excludedAttributes?: AttributeFilter[];
}

/** Its methods read a page, newest first. They throw what the SDK throws, and UnknownFormError. */
export interface LogReader {
  /** The newest entries. */
  newest(query: EntryQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** The entries under one id: almost always one. Packed ones are found if none has a row, or in a time span. */
  withId(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** What was refused last. */
  deadLetters(query: PageQuery, collect: Collect<DeadLetter>): Promise<Page>;
}

/**
 * The reader of one table. It remembers how many shards timelines had and how entries were packed, which saves round
 * trips, so keep it for the life of the process.
 */
export function createLogReader({ client, table }: { client: DynamoDBClient; table: string }): LogReader {
  const logEntries = createLogEntryEntity({ client, table });
  // Nearly every request is for the newest entries, and an entity takes 5 to 20 ms to make in a cold process.
  let deadLetters: ReturnType<typeof createDeadLetterEntity> | undefined;
  const listDays = createListDays(client, table);
  const blocksWhere = createBlockReader(client, table);
  const shardsSeen = new Map<Timeline, number>();
  // Far more blocks hold entries around an instant in the past than hold the newest entries.
  const itemsPerEntry: Record<'newest' | 'below', BlockSource<never>['itemsPerEntry']> = {
    newest: new Map(),
    below: new Map(),
  };

  return {
    newest(
      {
        severities = [...SEVERITIES],
        contains = [],
        excludes = [],
        textCase,
        attributes = [],
        excludedAttributes = [],
        limit,
        ...range
      },
      collect,
    ) {
      const { timelines, filteredSeverities } = planFor(severities);
      const now = secondsNow();
      const holdTexts = compileTexts({ contains, excludes, textCase });
      const isWanted = (entry: StoredEntry | LogEntryRow) =>
        severities.includes(entry.severity) &&
        holdTexts(entry.message) &&
        holdAttributes(entry.attributes, attributes, excludedAttributes);
      // DynamoDB can't fold case.
      const isExact = (text: string) => !foldsCase(text, textCase);
      const rows = { sortKey: TABLE.sortKey, toValue: toStoredEntry, isWanted };
      const readBucket = bucketReader<LogEntryRow, StoredEntry>(client, rows, (bucket, below) => {
        const { byDay, bySeverity } = logEntries.query;
        const partition = timelines.includes('all')
          ? byDay({ bucket })
          : bySeverity({ severityBucket: bucket });
        const parameters = partition
          .between({ position: range.from ?? BELOW_ALL }, { position: below })
          .where((row, { gt, contains: holds, notContains, eq, exists }) => {
            const wanted = filteredSeverities.map((one) => eq(row.severity, one)).join(' OR ');
            // DynamoDB deletes what has expired up to days later.
            return [
              gt(row.expiresAt, now),
              ...contains.filter(isExact).map((text) => holds(row.message, text)),
              ...excludes.filter(isExact).map((text) => notContains(row.message, text)),
              attributes.length > 0 && exists(row.attributes),
              wanted && `(${wanted})`,
            ]
              .filter(Boolean)
              .join(' AND ');
          })
          .params({ order: 'desc' });
        return { entity: logEntries, parameters };
      });
      const blocks = {
        itemsPerEntry: itemsPerEntry[range.below === undefined ? 'newest' : 'below'],
        read: blocksWhere({
          from: range.from,
          onUnreadableBlock: range.onUnreadableBlock,
          isWanted,
        }),
      };
      const source: DaySource<Placed<StoredEntry>> = {
        timelines,
        listDays,
        shardsSeen,
        readBucket,
        // Only info entries are packed.
        blocks: timelines.includes('all') ? blocks : undefined,
      };
      return readPage((effort) => DayShards.open(source, range, effort), limit, collect);
    },

    withId: createReadById({ client, logEntries, listDays, blocksWhere, shardsSeen }),

    deadLetters({ limit, ...range }, collect) {
      deadLetters ??= createDeadLetterEntity({ client, table });
      const entity = deadLetters;
      const now = secondsNow();
      const { sortKey } = TABLE.indexes.byRefusal;
      const readBucket = bucketReader(client, { sortKey, toValue: toDeadLetter }, (bucket, below) => {
        const parameters = entity.query
          .byRefusal({ bucket })
          .between({ position: range.from ?? BELOW_ALL }, { position: below })
          .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
          .params({ order: 'desc' });
        return { entity, parameters };
      });
      const source = { timelines: ['refused' as const], listDays, shardsSeen, readBucket };
      return readPage((effort) => DayShards.open(source, range, effort), limit, collect);
    },
  };
}

/** Warnings and errors have timelines of their own. Info has none: it is nearly everything, so it is filtered. */
function planFor(severities: Severity[]): { timelines: Timeline[]; filteredSeverities: Severity[] } {
  if (SEVERITIES.every((severity) => severities.includes(severity)))
    return { timelines: ['all'], filteredSeverities: [] };
  if (severities.includes('info')) return { timelines: ['all'], filteredSeverities: severities };
  return { timelines: severities.filter((severity) => severity !== 'info'), filteredSeverities: [] };
}
