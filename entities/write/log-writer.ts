import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { deadLetterItem, placeDeadLetterRow, type Refusal, toDeadLetterRow } from '../dead-letter.ts';
import type { Severity } from '../entry.ts';
import { DAY_SECONDS } from '../instant.ts';
import { type CheckedEntry, logEntryItem, placeLogEntryRow, toLogEntryRow } from '../log-entry.ts';
import type { Packing } from '../table.ts';
import { dayOf, daysKept, type Retention, type Timeline } from '../timeline.ts';
import { packedPuts } from './packed-puts.ts';
import { createAnnounceDays, Spread } from './spread.ts';
import { type AppendOutcome, type Put, StoredKeys, writeInBatches } from './write-in-batches.ts';

/**
 * Its methods write until the signal aborts. DynamoDB's errors are in the outcome, never thrown. A sender is the id of
 * the API key.
 */
export interface LogWriter {
  /**
   * Stores entries, each once however often it occurs, as they are drawn from `entries`.
   * @param onDrawn called once for each entry that is stored or will be in `unstored`
   */
  appendEntries(
    entries: Iterable<CheckedEntry>,
    signal: AbortSignal,
    sender?: string,
    onDrawn?: (entry: CheckedEntry) => void,
  ): Promise<AppendOutcome<CheckedEntry>>;
  /** Stores refused records, so that somebody can fix the shipper that sent them. */
  appendDeadLetters(
    refusals: Iterable<Refusal>,
    signal: AbortSignal,
    sender?: string,
  ): Promise<AppendOutcome<Refusal>>;
  /** The most shards that it spreads a timeline over. */
  readonly shardsInUse: number;
}

export interface WriterSettings {
  client: DynamoDBClient;
  table: string;
  /** The ceiling of the shards that a day of a timeline is spread over. */
  shards: number;
  retentionDays: Retention;
  /** Default: off. */
  packing?: Packing;
}

/**
 * The writer of one table. It remembers which days it has announced and how far it spreads each timeline, so keep one
 * for as long as the process runs.
 */
export function createLogWriter({
  client,
  table,
  shards,
  retentionDays,
  packing = 'off',
}: WriterSettings): LogWriter {
  const spread = new Spread(shards);
  const announceDays = createAnnounceDays({ client, table }, retentionDays);
  const destination = { client, table, announceDays, spread, storedKeys: new StoredKeys() };
  const expiryAt = (now: number, timeline: Timeline) =>
    Math.ceil(now / 1000) + daysKept(retentionDays, timeline) * DAY_SECONDS;

  return {
    appendEntries(entries, signal, sender, onDrawn) {
      const now = Date.now();
      const expiryOf = (severity: Severity) => expiryAt(now, severity);
      const toRow = (entry: CheckedEntry) => toEntryPut(entry, expiryOf(entry.severity), sender);
      const puts =
        packing === 'off'
          ? map(entries, toRow)
          : map(packedPuts(entries, packing, { expiryOf, sender }), (part) =>
              'sources' in part ? part : toRow(part),
            );
      return writeInBatches({ ...destination, signal }, puts, onDrawn);
    },
    appendDeadLetters(refusals, signal, sender) {
      const now = Date.now();
      const circumstances = { now, expiresAt: expiryAt(now, 'refused'), sender };
      const puts = map(refusals, (refusal) => toDeadLetterPut(refusal, circumstances));
      return writeInBatches({ ...destination, signal }, puts);
    },
    get shardsInUse() {
      return spread.largest;
    },
  };
}

function toEntryPut(entry: CheckedEntry, expiresAt: number, sender?: string): Put<CheckedEntry> {
  const row = toLogEntryRow(entry, expiresAt, sender);
  return {
    sources: [entry],
    key: row.position,
    timeline: entry.severity,
    day: dayOf(row.position),
    toItem: (shards) => logEntryItem(placeLogEntryRow(row, shards)),
  };
}

function toDeadLetterPut(
  refusal: Refusal,
  circumstances: Parameters<typeof toDeadLetterRow>[1],
): Put<Refusal> {
  const row = toDeadLetterRow(refusal, circumstances);
  return {
    sources: [refusal],
    key: row.digest,
    timeline: 'refused',
    day: dayOf(row.position),
    toItem: (shards) => deadLetterItem(placeDeadLetterRow(row, shards)),
  };
}

function* map<Source, Value>(
  sources: Iterable<Source>,
  toValue: (source: Source) => Value,
): Generator<Value> {
  for (const source of sources) yield toValue(source);
}
