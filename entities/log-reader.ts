import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createListDays } from './day-catalogue.ts';
import { DayShards } from './day-shards.ts';
import { createDeadLetterEntity, type DeadLetter, toDeadLetter } from './dead-letter.ts';
import { SEVERITIES, type Severity } from './entry.ts';
import { type AttributeFilter, holdAttributes } from './hold-attributes.ts';
import { compileTexts, foldsCase, type TextFilter } from './hold-texts.ts';
import { createLogEntryEntity, type LogEntryRow, type StoredEntry, toStoredEntry } from './log-entry.ts';
import { MergedShards } from './merge-shards.ts';
import { queryRows, type RowQuery } from './query-rows.ts';
import { type Collect, type Page, type PageQuery, type Placed, readPage } from './read-page.ts';
import { type ReadBucket, Shard } from './shard.ts';
import { TABLE } from './table.ts';
import { ABOVE_ALL, BELOW_ALL, isRowPosition, type Positioned, type Timeline } from './timeline.ts';

export interface EntryQuery extends PageQuery, TextFilter {
  /** Default: all three. */
  severities?: Severity[];
  /** Attributes that the entry must have, all of them. */
  attributes?: AttributeFilter[];
}

/** Its methods read a page, newest first. They throw what the SDK throws. */
export interface LogReader {
  /** The newest entries. */
  newest(query: EntryQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** The entries under one id: almost always one. */
  withId(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** What was refused last. */
  deadLetters(query: PageQuery, collect: Collect<DeadLetter>): Promise<Page>;
}

/**
 * The reader of one table. It remembers how many shards timelines had, which saves a round trip, so keep it for the
 * life of the process.
 */
export function createLogReader({ client, table }: { client: DynamoDBClient; table: string }): LogReader {
  const logEntries = createLogEntryEntity({ client, table });
  // Nearly every request is for the newest entries, and an entity takes 5 to 20 ms to make in a cold process.
  let deadLetters: ReturnType<typeof createDeadLetterEntity> | undefined;
  const listDays = createListDays(client, table);
  const shardsSeen = new Map<Timeline, number>();

  return {
    newest(
      { severities = [...SEVERITIES], attributes = [], limit, from, below: upperBound, ...texts },
      collect,
    ) {
      const range = { from, below: upperBound };
      const { timelines, filteredSeverities } = planFor(severities);
      const now = secondsNow();
      const holdTexts = compileTexts(texts);
      const isWanted = (row: LogEntryRow) =>
        holdTexts(row.message) && holdAttributes(row.attributes, attributes);
      // DynamoDB can't fold case.
      const exact = (list: string[] = []) => list.filter((text) => !foldsCase(text, texts.textCase));
      const rows = { sortKey: TABLE.sortKey, toValue: toStoredEntry, isWanted };
      const readBucket = bucketReader(client, rows, (bucket, below) => {
        const { byDay, bySeverity } = logEntries.query;
        const partition = timelines.includes('all')
          ? byDay({ bucket })
          : bySeverity({ severityBucket: bucket });
        const parameters = partition
          .between({ position: range.from ?? BELOW_ALL }, { position: below })
          .where((row, { gt, contains, notContains, eq, exists }) => {
            const wanted = filteredSeverities.map((one) => eq(row.severity, one)).join(' OR ');
            // DynamoDB deletes what has expired up to days later.
            return [
              gt(row.expiresAt, now),
              ...exact(texts.contains).map((text) => contains(row.message, text)),
              ...exact(texts.excludes).map((text) => notContains(row.message, text)),
              attributes.length > 0 && exists(row.attributes),
              wanted && `(${wanted})`,
            ]
              .filter(Boolean)
              .join(' AND ');
          })
          .params({ order: 'desc' });
        return { entity: logEntries, parameters };
      });
      const source = { timelines, listDays, shardsSeen, readBucket };
      return readPage((effort) => DayShards.open(source, range, effort), limit, collect);
    },

    withId(id, { limit, from = BELOW_ALL, below: start = ABOVE_ALL }, collect) {
      const now = secondsNow();
      // The entries under one id stand together in the table itself.
      const readBucket = bucketReader(
        client,
        { sortKey: TABLE.sortKey, toValue: toStoredEntry },
        (pk, below) => {
          const parameters = logEntries.query
            .byId({ pk })
            .between({ position: from }, { position: below })
            .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
            .params({ order: 'desc' });
          return { entity: logEntries, parameters };
        },
      );
      const shard = new Shard(readBucket, id, start);
      return readPage(async (effort) => new MergedShards([shard], effort), limit, collect);
    },

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

/** What becomes of the rows of a bucket. */
interface RowReading<Row, Value> {
  sortKey: string;
  toValue(row: Row): Value;
  /** A filter that DynamoDB cannot apply. */
  isWanted?(row: Row): boolean;
}

/**
 * Makes a function that reads a bucket by queries that `compose` makes.
 * @param compose a query of the rows of a bucket up to a bound, which DynamoDB includes and the reader leaves out
 */
function bucketReader<Row extends Positioned, Value>(
  client: DynamoDBClient,
  { sortKey, toValue, isWanted = () => true }: RowReading<Row, Value>,
  compose: (bucket: string, below: string) => Omit<RowQuery<Row>, 'limit'>,
): ReadBucket<Placed<Value>> {
  return async (bucket, below, limit) => {
    const { rows, lastKey, lookedAt } = await queryRows(client, {
      ...compose(bucket, below),
      // One more where a row can stand at the bound, because it counts too: a limit of one would reach nothing else.
      limit: isRowPosition(below) ? limit + 1 : limit,
    });
    const beyond = rows.filter(({ position }) => position !== below);
    return {
      rows: beyond.filter(isWanted).map((row) => ({ position: row.position, value: toValue(row) })),
      below: lastKey?.[sortKey]?.S,
      lookedAt: lookedAt - (rows.length - beyond.length),
    };
  };
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
