import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeadLetter } from './dead-letter.ts';
import { createEntriesWithId } from './entries-with-id.ts';
import type { LogEntry } from './entry.ts';
import { createNewestDeadLetters } from './newest-dead-letters.ts';
import { createNewestEntries, type EntryQuery } from './newest-entries.ts';
import type { Collect, Page, PageQuery } from './read-page.ts';

export interface LogReader {
  /** The newest entries, newest first. */
  newest(query: EntryQuery, collect: Collect<LogEntry>): Promise<Page>;
  /** The entries under one id, newest first: almost always one. */
  withId(id: string, query: PageQuery, collect: Collect<LogEntry>): Promise<Page>;
  /** What was refused last, newest first. */
  deadLetters(query: PageQuery, collect: Collect<DeadLetter>): Promise<Page>;
}

/** The reader of one table. Its methods throw what the SDK throws. */
export function createLogReader(settings: { client: DynamoDBClient; table: string }): LogReader {
  const reader = { ...settings, shards: 8 };
  let withId: LogReader['withId'] | undefined;
  let deadLetters: LogReader['deadLetters'] | undefined;
  return {
    newest: createNewestEntries(reader),
    withId: (id, query, collect) => {
      withId ??= createEntriesWithId(reader);
      return withId(id, query, collect);
    },
    deadLetters: (query, collect) => {
      deadLetters ??= createNewestDeadLetters(reader);
      return deadLetters(query, collect);
    },
  };
}
