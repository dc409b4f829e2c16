import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compilePut } from './compile-put.ts';
import { createAnnounceDays } from './day-catalogue.ts';
import {
  createDeadLetterEntity,
  type DeadLetterRow,
  placeDeadLetterRow,
  type Refusal,
  toDeadLetterRow,
} from './dead-letter.ts';
import {
  type CheckedEntry,
  createLogEntryEntity,
  type LogEntryRow,
  placeLogEntryRow,
  timelinesOf,
  toLogEntryRow,
} from './log-entry.ts';
import { Spread } from './spread.ts';
import { StoredKeys } from './stored-keys.ts';
import { dayOf } from './timeline.ts';
import { type AppendOutcome, writeInBatches } from './write-in-batches.ts';

const DAY_SECONDS = 86_400;

/** Its methods write until the signal aborts. DynamoDB's errors are in the outcome, never thrown. */
export interface LogWriter {
  /** Stores entries, each once however often it occurs, as they are drawn from `entries`. */
  appendEntries(entries: Iterable<CheckedEntry>, signal: AbortSignal): Promise<AppendOutcome<CheckedEntry>>;
  /** Stores refused records, so that somebody can mend the shipper that sent them. */
  appendDeadLetters(
    refusals: Iterable<Refusal>,
    signal: AbortSignal,
    apiKeyId?: string,
  ): Promise<AppendOutcome<Refusal>>;
  /** The most shards that it spreads a timeline over. */
  readonly shardsInUse: number;
}

export interface WriterSettings {
  client: DynamoDBClient;
  table: string;
  /** The ceiling of the shards that a day of a timeline is spread over. */
  shards: number;
  retentionDays: number;
}

/**
 * The writer of one table. It remembers which days it has announced and how far it spreads each timeline, so keep it
 * for the life of the process.
 */
export function createLogWriter({ client, table, shards, retentionDays }: WriterSettings): LogWriter {
  const spread = new Spread(shards);
  const announceDays = createAnnounceDays(client, table, retentionDays);
  const storedKeys = new StoredKeys();
  const destination = { client, table, announceDays, spread, storedKeys };
  // Most processes never keep a dead letter, and an entity takes 5 to 20 ms to make in a cold one.
  let deadLetterItem: ReturnType<typeof compilePut<DeadLetterRow>> | undefined;
  const expiryAt = (now: number) => Math.ceil(now / 1000) + retentionDays * DAY_SECONDS;

  return {
    appendEntries(entries, signal) {
      const expiresAt = expiryAt(Date.now());
      return writeInBatches({ ...destination, signal }, entries, (entry) => {
        const row = toLogEntryRow(entry, expiresAt);
        return {
          key: row.position,
          timelines: timelinesOf(entry),
          day: dayOf(row.position),
          toItem: (counts) => logEntryItem(placeLogEntryRow(row, counts)),
        };
      });
    },
    appendDeadLetters(refusals, signal, apiKeyId) {
      deadLetterItem ??= compilePut(createDeadLetterEntity({ client, table }), SAMPLE_DEAD_LETTER_ROW);
      const toItem = deadLetterItem;
      const now = Date.now();
      const circumstances = { now, expiresAt: expiryAt(now), apiKeyId };
      return writeInBatches({ ...destination, signal }, refusals, (refusal) => {
        const row = toDeadLetterRow(refusal, circumstances);
        return {
          key: row.pk,
          timelines: ['refused'],
          day: dayOf(row.position),
          toItem: (counts) => toItem(placeDeadLetterRow(row, counts)),
        };
      });
    },
    get shardsInUse() {
      return spread.largest;
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
  attributes: 'attributes',
  expiresAt: 1,
};

/** The table is no part of an item, so all tables share one layout. */
const logEntryItem = compilePut<LogEntryRow>(createLogEntryEntity({ table: 'any' }), SAMPLE_LOG_ENTRY_ROW);

const SAMPLE_DEAD_LETTER_ROW: Required<DeadLetterRow> = {
  pk: 'digest',
  version: 'version',
  bucket: 'bucket',
  position: 'position',
  refusedAt: 'refused-at',
  faults: 'faults',
  raw: 'raw',
  apiKeyId: 'api-key-id',
  expiresAt: 1,
};
