import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { compilePut } from '../compile-put.ts';
import { createAnnounceDays } from '../day-catalogue.ts';
import {
  createDeadLetterEntity,
  type DeadLetterRow,
  placeDeadLetterRow,
  type Refusal,
  toDeadLetterRow,
} from '../dead-letter.ts';
import {
  createLogBlockEntity,
  type LogBlockRow,
  type PackableEntry,
  placeLogBlockRow,
  toLogBlockRow,
} from '../log-block.ts';
import {
  type CheckedEntry,
  createLogEntryEntity,
  type LogEntryRow,
  placeLogEntryRow,
  timelinesOf,
  toLogEntryRow,
} from '../log-entry.ts';
import { FORM } from '../packed-form.ts';
import type { Packing } from '../packing.ts';
import { dayOf } from '../timeline.ts';
import { packEntries } from './pack-entries.ts';
import { Spread } from './spread.ts';
import { StoredKeys } from './stored-keys.ts';
import { type AppendOutcome, type Put, writeInBatches } from './write-in-batches.ts';

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
  /** Default: off. */
  packing?: Packing;
}

/**
 * The writer of one table. It remembers which days it has announced and how far it spreads each timeline, so keep it
 * for the life of the process.
 */
export function createLogWriter({
  client,
  table,
  shards,
  retentionDays,
  packing = 'off',
}: WriterSettings): LogWriter {
  const spread = new Spread(shards);
  const announceDays = createAnnounceDays(client, table, retentionDays);
  const storedKeys = new StoredKeys();
  const destination = { client, table, announceDays, spread, storedKeys };
  // An entity takes 5 to 20 ms to make in a cold process. Many processes pack nothing, and most keep no dead letter.
  let logBlockItem: ReturnType<typeof compilePut<LogBlockRow>> | undefined;
  let deadLetterItem: ReturnType<typeof compilePut<DeadLetterRow>> | undefined;
  const expiryAt = (now: number) => Math.ceil(now / 1000) + retentionDays * DAY_SECONDS;

  function toEntryPut(entry: CheckedEntry, expiresAt: number): Put<CheckedEntry> {
    const row = toLogEntryRow(entry, expiresAt);
    return {
      sources: [entry],
      key: row.position,
      timelines: timelinesOf(entry),
      day: dayOf(row.position),
      toItem: (counts) => logEntryItem(placeLogEntryRow(row, counts)),
    };
  }

  function toBlockPut(entries: PackableEntry[], expiresAt: number): Put<CheckedEntry> {
    logBlockItem ??= compilePut(createLogBlockEntity({ client, table }), SAMPLE_LOG_BLOCK_ROW);
    const toItem = logBlockItem;
    const row = toLogBlockRow(entries, expiresAt);
    return {
      sources: entries.map(({ entry }) => entry),
      key: row.position,
      timelines: ['blocks'],
      day: dayOf(row.position),
      toItem: (counts) => toItem(placeLogBlockRow(row, counts)),
    };
  }

  function toDeadLetterPut(
    refusal: Refusal,
    circumstances: Parameters<typeof toDeadLetterRow>[1],
  ): Put<Refusal> {
    deadLetterItem ??= compilePut(createDeadLetterEntity({ client, table }), SAMPLE_DEAD_LETTER_ROW);
    const toItem = deadLetterItem;
    const row = toDeadLetterRow(refusal, circumstances);
    return {
      sources: [refusal],
      key: row.pk,
      timelines: ['refused'],
      day: dayOf(row.position),
      toItem: (counts) => toItem(placeDeadLetterRow(row, counts)),
    };
  }

  return {
    appendEntries(entries, signal) {
      const expiresAt = expiryAt(Date.now());
      const parts = packing === 'off' ? entries : packEntries(entries);
      const puts = map(parts, (part) =>
        Array.isArray(part) ? toBlockPut(part, expiresAt) : toEntryPut(part, expiresAt),
      );
      return writeInBatches({ ...destination, signal }, puts);
    },
    appendDeadLetters(refusals, signal, apiKeyId) {
      const now = Date.now();
      const circumstances = { now, expiresAt: expiryAt(now), apiKeyId };
      const puts = map(refusals, (refusal) => toDeadLetterPut(refusal, circumstances));
      return writeInBatches({ ...destination, signal }, puts);
    },
    get shardsInUse() {
      return spread.largest;
    },
  };
}

function* map<Source, Value>(
  sources: Iterable<Source>,
  toValue: (source: Source) => Value,
): Generator<Value> {
  for (const source of sources) yield toValue(source);
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

const SAMPLE_LOG_BLOCK_ROW: LogBlockRow = {
  pk: 'bucket',
  position: 'position',
  form: FORM,
  packed: new Uint8Array(1),
  expiresAt: 2,
};

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
