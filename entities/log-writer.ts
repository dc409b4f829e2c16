import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAnnounceDays } from './announce-days.ts';
import { compilePut } from './compile-put.ts';
import { createDeadLetterEntity, type DeadLetterRow, type Refusal, toDeadLetterRow } from './dead-letter.ts';
import { lazily } from './lazily.ts';
import { type CheckedEntry, createLogEntryEntity, type LogEntryRow, toLogEntryRow } from './log-entry.ts';
import { firstDayOf, type Timeline } from './timeline.ts';
import { type AppendOutcome, writeInBatches } from './write-in-batches.ts';

const DAY_SECONDS = 86_400;

export interface LogWriter {
  /** Stores entries, each once however often it occurs, as they are drawn from `entries`. Never throws of DynamoDB. */
  appendEntries(entries: Iterable<CheckedEntry>, signal: AbortSignal): Promise<AppendOutcome<CheckedEntry>>;
  /** Stores refused records, so that somebody can mend the shipper that sent them. */
  appendDeadLetters(refusals: Iterable<Refusal>, signal: AbortSignal): Promise<AppendOutcome<Refusal>>;
}

export interface WriterSettings {
  client: DynamoDBClient;
  table: string;
  shards: number;
  retentionDays: number;
}

/** The writer of one table. It remembers which days it has announced, so keep it for the life of the process. */
export function createLogWriter({ client, table, shards, retentionDays }: WriterSettings): LogWriter {
  const announceDays = createAnnounceDays(client, table, retentionDays);
  const logEntryItem = compilePut<LogEntryRow>(createLogEntryEntity({ client, table }), SAMPLE_LOG_ENTRY_ROW);
  const deadLetterItem = lazily(() =>
    compilePut(createDeadLetterEntity({ client, table }), SAMPLE_DEAD_LETTER_ROW),
  );
  const expiresAt = (now: number) => Math.ceil(now / 1000) + retentionDays * DAY_SECONDS;

  return {
    appendEntries(entries, signal) {
      const expiry = expiresAt(Date.now());
      return writeInBatches({ client, table, announceDays, signal }, entries, (entry) => {
        const row = toLogEntryRow(entry, shards, expiry);
        const timelines: Timeline[] = entry.severity === 'info' ? ['all'] : ['all', entry.severity];
        return {
          key: row.position,
          item: logEntryItem(row),
          days: timelines.map((timeline) => ({ timeline, day: firstDayOf(row.position), shards })),
        };
      });
    },
    appendDeadLetters(refusals, signal) {
      const now = Date.now();
      return writeInBatches({ client, table, announceDays, signal }, refusals, (record) => {
        const row = toDeadLetterRow(record, { now, shards, expiresAt: expiresAt(now) });
        return {
          key: row.pk,
          item: deadLetterItem()(row),
          days: [{ timeline: 'refused', day: firstDayOf(row.position), shards }],
        };
      });
    },
  };
}

const SAMPLE_LOG_ENTRY_ROW: Required<LogEntryRow> = {
  pk: 'id',
  position: 'position',
  bucket: 'bucket',
  severityBucket: 'severity-bucket',
  datetime: 'datetime',
  severity: 'info',
  message: 'message',
  expiresAt: 1,
};

const SAMPLE_DEAD_LETTER_ROW: DeadLetterRow = {
  pk: 'digest',
  version: 'version',
  bucket: 'bucket',
  position: 'position',
  refusedAt: 'refused-at',
  faults: 'faults',
  raw: 'raw',
  expiresAt: 1,
};
