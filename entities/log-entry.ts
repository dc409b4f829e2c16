import { Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { type LogEntry, SEVERITIES } from './entry.ts';
import { secondsNow } from './instant.ts';
import { TABLE } from './table.ts';
import {
  bucketOf,
  dayOf,
  digest,
  type Positioned,
  type PositionRange,
  placeOf,
  shardOf,
} from './timeline.ts';

/**
 * LogEntry: a row is one entry, and its key contains its content. Writing the same entry again rewrites the same row,
 * and a different entry under the same id is another row, so no write can destroy an entry.
 *
 *     pk      e#<id>
 *     sk      <instant>#<id>#<digest>#<shard>     the place: the position and the shard
 *     gsi1pk  <severity>#<day>#<shard>            the bucket
 *
 * The shard is part of the key, so nothing that is stored ever moves. An entry that is sent again after its timeline
 * was spread further gets a second row, and readers show it once. If it moved instead, a page that had listed the
 * shards before could miss it.
 *
 * - `byId`   what was logged under this id?
 * - `byDay`  which entries of this severity were logged last?
 */
function createLogEntry() {
  const { byDay } = TABLE.indexes;
  const place = {
    field: TABLE.sortKey,
    composite: ['place'],
    template: '${place}',
    casing: 'none',
  } as const;
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogEntry', version: '1' },
      attributes: {
        id: { type: 'string', field: TABLE.partitionKey, required: true, get: withoutPrefix('e#') },
        place: { type: 'string', field: TABLE.sortKey, required: true },
        bucket: { type: 'string', field: byDay.partitionKey, required: true },
        datetime: { type: 'string', required: true },
        severity: { type: SEVERITIES, required: true },
        message: { type: 'string', required: true },
        attributes: { type: 'string' },
        /** In neither key nor digest: an entry that another key sends again is the same entry. */
        sender: { type: 'string' },
        /** Seconds since 1970. */
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byId: {
          pk: { field: TABLE.partitionKey, composite: ['id'], template: 'e#${id}', casing: 'none' },
          sk: place,
        },
        byDay: {
          index: byDay.name,
          pk: { field: byDay.partitionKey, composite: ['bucket'], template: '${bucket}', casing: 'none' },
          sk: place,
        },
      },
    } as const,
    NO_TABLE,
  );
}

export const logEntry = lazyEntity(createLogEntry);

export type LogEntryRow = EntityItem<ReturnType<typeof createLogEntry>>;

/** An entry as it is stored. Its attributes are compact JSON text, because a JavaScript number loses digits. */
export interface StoredEntry extends Omit<LogEntry, 'attributes'> {
  attributes?: string;
  /** The id of the API key that sent it last, if there was one. */
  sender?: string;
}

/** An entry that was checked, with the instant that its datetime names (see parseInstant). */
export interface CheckedEntry extends Omit<StoredEntry, 'sender'> {
  instant: string;
}

/** 96 bits of SHA-256: enough that two contents of one id and instant never meet, short enough for a key. */
const DIGEST_CHARACTERS = 16;

/** Characters of an id that would be at or below `#` in a key, and the one that begins an escape. */
const UNSAFE_IN_POSITION = /[\0-#%]/g;

/**
 * Where an entry is on its timeline: by instant, at equal instants by id, then by content. An instant can be
 * written in many ways, and each comes back as it was sent, so the text of the datetime is content too.
 */
export function positionOf({ id, datetime, severity, message, attributes, instant }: CheckedEntry): string {
  const fields = `${severity}\n${datetime}\n${message}`;
  // Attributes begin with `{`, and no severity does, so the two forms never meet.
  const content = attributes === undefined ? fields : `${attributes}\n${fields}`;
  // So `#` only separates, no position is the beginning of another, and places have the order of their positions.
  const safeId = id.replace(
    UNSAFE_IN_POSITION,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `${instant}#${safeId}#${digest(content, DIGEST_CHARACTERS)}`;
}

/** A row that has no shard yet. */
export type UnplacedRow = Omit<LogEntryRow, 'place' | 'bucket'> & Positioned;

/** The row of an entry. */
export function toLogEntryRow(entry: CheckedEntry, expiresAt: number, sender?: string): UnplacedRow {
  const { id, datetime, severity, message, attributes } = entry;
  return { id, position: positionOf(entry), datetime, severity, message, attributes, sender, expiresAt };
}

/** The row in one of the shards of its day. */
export function placeLogEntryRow(row: UnplacedRow, shards: number): LogEntryRow {
  const { id, position, datetime, severity, message, attributes, sender, expiresAt } = row;
  const shard = shardOf(id, shards);
  const place = placeOf(position, shard);
  const bucket = bucketOf(severity, dayOf(position), shard);
  // Spreading the row takes five times as long, a twentieth of the CPU of a request.
  return { id, place, bucket, datetime, severity, message, attributes, sender, expiresAt };
}

/** The item of a row. */
export const logEntryItem = compilePut<LogEntryRow>(logEntry, {
  id: 'id',
  place: 'place',
  bucket: 'bucket',
  datetime: 'datetime',
  severity: 'info',
  message: 'message',
  attributes: 'attributes',
  sender: 'sender',
  expiresAt: 1,
});

/** The entry of a row, without what only the store needs. */
export function toStoredEntry(row: LogEntryRow): StoredEntry {
  const { id, datetime, severity, message, attributes, sender } = row;
  return {
    id,
    datetime,
    severity,
    message,
    ...(attributes !== undefined && { attributes }),
    ...(sender !== undefined && { sender }),
  };
}

/** The JSON of an entry, with its attributes as they were sent, and with its sender if it is asked for. */
export function toLogEntryJson(
  { attributes, sender, ...fields }: StoredEntry,
  isSenderShown = false,
): string {
  const json = JSON.stringify(isSenderShown ? { ...fields, sender } : fields);
  return attributes === undefined ? json : `${json.slice(0, -1)},"attributes":${attributes}}`;
}

/**
 * What DynamoDB can check of an entry: texts in the message, upper and lower case apart, its sender, and that it may
 * have attributes, if only as members of a JSON message.
 */
export interface RowFilter {
  contains: string[];
  excludes: string[];
  needsAttributes: boolean;
  sender?: string;
}

/** The live rows of a bucket, newest first. */
export function entriesInBucket(
  bucket: string,
  range: PositionRange,
  filter: RowFilter,
): RowQuery<LogEntryRow> {
  const parameters = logEntry()
    .query.byDay({ bucket })
    .between({ place: range.from }, { place: range.upTo })
    .where((row, { eq, gt, contains, notContains, exists }) =>
      [
        // DynamoDB deletes expired items up to days later.
        gt(row.expiresAt, secondsNow()),
        ...filter.contains.map((text) => contains(row.message, text)),
        ...filter.excludes.map((text) => notContains(row.message, text)),
        ...(filter.needsAttributes ? [`(${exists(row.attributes)} OR ${contains(row.message, '{')})`] : []),
        ...(filter.sender === undefined ? [] : [eq(row.sender, filter.sender)]),
      ].join(' AND '),
    )
    .params({ order: 'desc' });
  return rowQuery(logEntry(), parameters);
}

/** The live rows under an id, newest first. */
export function entriesWithId(id: string, range: PositionRange): RowQuery<LogEntryRow> {
  const parameters = logEntry()
    .query.byId({ id })
    .between({ place: range.from }, { place: range.upTo })
    .where(({ expiresAt }, { gt }) => gt(expiresAt, secondsNow()))
    .params({ order: 'desc' });
  return rowQuery(logEntry(), parameters);
}
