import { hash } from 'node:crypto';
import { Entity, type EntityConfiguration } from 'electrodb';
import { type LogEntry, SEVERITIES } from './entry.ts';
import { TABLE } from './table.ts';
import { bucketOf, dayOf, type ShardCounts, shardOf, type Timeline } from './timeline.ts';

/** An entry as it is stored. Its attributes are compact JSON text, because a JavaScript number loses digits. */
export interface StoredEntry extends Omit<LogEntry, 'attributes'> {
  attributes?: string;
}

/** An entry that was checked, with the instant that its datetime names (see parseInstant). */
export interface CheckedEntry extends StoredEntry {
  instant: string;
}

/** 96 bits of SHA-256: enough that two contents of one id and instant never meet, short enough for a key. */
const DIGEST_CHARACTERS = 16;

/**
 * LogEntry: a row is one entry, and its key holds its content. Writing the same entry again rewrites the same row,
 * and a different entry under the same id is another row. So no write can destroy an entry.
 *
 *     pk      e#<id>
 *     sk      <instant>#<id>#<digest>                     the position
 *     gsi1pk  all#<day>#<shard>
 *     gsi2pk  warning#<day>#<shard> or error#<day>#<shard>, absent for info
 *
 * The key fields are attributes themselves, so nothing that a key holds is stored twice.
 * - `byId`       what was logged under this id?
 * - `byDay`      what was logged last?
 * - `bySeverity` which warnings, which errors were logged last?
 */
export function createLogEntryEntity(configuration: EntityConfiguration) {
  const position = {
    field: TABLE.sortKey,
    composite: ['position'],
    template: '${position}',
    casing: 'none',
  } as const;
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogEntry', version: '1' },
      attributes: {
        /** The entry's id. ElectroDB adds and takes off the prefix that keeps entities apart. */
        [TABLE.partitionKey]: { type: 'string', required: true },
        position: { type: 'string', field: TABLE.sortKey, required: true },
        bucket: { type: 'string', field: TABLE.indexes.byDay.partitionKey, required: true },
        severityBucket: { type: 'string', field: TABLE.indexes.bySeverity.partitionKey },
        datetime: { type: 'string', required: true },
        severity: { type: SEVERITIES, required: true },
        message: { type: 'string', required: true },
        attributes: { type: 'string' },
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byId: {
          pk: { field: TABLE.partitionKey, composite: ['pk'], template: 'e#${pk}', casing: 'none' },
          sk: position,
        },
        byDay: {
          index: TABLE.indexes.byDay.name,
          pk: {
            field: TABLE.indexes.byDay.partitionKey,
            composite: ['bucket'],
            template: '${bucket}',
            casing: 'none',
          },
          sk: position,
        },
        bySeverity: {
          index: TABLE.indexes.bySeverity.name,
          pk: {
            field: TABLE.indexes.bySeverity.partitionKey,
            composite: ['severityBucket'],
            template: '${severityBucket}',
            casing: 'none',
          },
          sk: position,
        },
      },
    } as const,
    configuration,
  );
}

/** The attributes of a LogEntry row. `expiresAt` is in seconds since 1970. */
export interface LogEntryRow extends Omit<StoredEntry, 'id'> {
  pk: string;
  position: string;
  bucket: string;
  severityBucket?: string;
  expiresAt: number;
}

/** The timelines that an entry stands on. */
export function timelinesOf({ severity }: StoredEntry): Timeline[] {
  return severity === 'info' ? ['all'] : ['all', severity];
}

/** The row of an entry, before it has a place in a shard. */
export function toLogEntryRow(entry: CheckedEntry, expiresAt: number): Omit<LogEntryRow, 'bucket'> {
  const { id, datetime, severity, message, attributes } = entry;
  return { pk: id, position: positionOf(entry), datetime, severity, message, attributes, expiresAt };
}

/** The row in its shards. The place is no part of the key: the same entry in another shard is the same row. */
export function placeLogEntryRow(row: Omit<LogEntryRow, 'bucket'>, shards: ShardCounts): LogEntryRow {
  const { pk, position, datetime, severity, message, attributes, expiresAt } = row;
  const bucket = (timeline: Timeline) => bucketOf(timeline, dayOf(position), shardOf(pk, shards[timeline]));
  // Spreading the row takes five times as long, a twentieth of the CPU of a request.
  return {
    pk,
    position,
    bucket: bucket('all'),
    severityBucket: severity === 'info' ? undefined : bucket(severity),
    datetime,
    severity,
    message,
    attributes,
    expiresAt,
  };
}

/** The entry of a row, without what the store added. */
export function toStoredEntry({ pk, datetime, severity, message, attributes }: LogEntryRow): StoredEntry {
  return { id: pk, datetime, severity, message, ...(attributes !== undefined && { attributes }) };
}

/** The JSON of a LogEntry, with its attributes as they were sent. */
export function toLogEntryJson({ attributes, ...fields }: StoredEntry): string {
  const json = JSON.stringify(fields);
  return attributes === undefined ? json : `${json.slice(0, -1)},"attributes":${attributes}}`;
}

/**
 * Where an entry stands on every timeline: by instant, at equal instants by id, then by content. An instant can be
 * written in many ways, and each comes back as it was sent, so the text of the datetime is content too.
 */
export function positionOf({ id, datetime, severity, message, attributes, instant }: CheckedEntry): string {
  const fields = `${severity}\n${datetime}\n${message}`;
  // Attributes begin with `{`, which no severity does, so the two forms never meet.
  const content = attributes === undefined ? fields : `${attributes}\n${fields}`;
  const digest = hash('sha256', content, 'base64url').slice(0, DIGEST_CHARACTERS);
  return `${instant}#${id}#${digest}`;
}
