import { Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { instantAt, secondsNow } from './instant.ts';
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

/** Why an entry was refused: which field, and how to correct it. */
export interface Fault {
  path: string;
  message: string;
}

/** A record that was refused: its index in the request, and why. */
export interface Refusal {
  index: number;
  id?: string;
  errors: Fault[];
  /** The record as it came. */
  raw: string;
}

/** A refused record, as it is kept. */
export interface DeadLetter {
  /** When it was refused last: a record that is sent again is refused again. An RFC 3339 instant. */
  refusedAt: string;
  errors: Fault[];
  /** The record as it came, cut to RAW_TEXT_LIMIT. */
  raw: string;
  /** The id of the API key by which it was sent, if there was one. */
  sender?: string;
}

/** Characters of the record that are kept. An item can have 400 KB, and a shipper's fault shows in the first few. */
export const RAW_TEXT_LIMIT = 16_384;

/** 132 bits of SHA-256. */
const DIGEST_CHARACTERS = 22;

/** There is one item under each digest, so its sort key only has to be there. */
const ONLY_VERSION = 'dead-letter';

/**
 * DeadLetter: a row keeps a refused record. Its key is made from the record's text, so a batch that is sent again
 * does not double it.
 *
 *     pk      x#<digest of the text>
 *     sk      dead-letter
 *     gsi3pk  refused#<day>#<shard>                                      the bucket
 *     gsi3sk  <instant of the refusal>#<digest of the text>#<shard>      the place: the position and the shard
 *
 * - `byText`     is this very record kept already?
 * - `byRefusal`  what was refused last?
 */
function createDeadLetter() {
  const { byRefusal } = TABLE.indexes;
  return new Entity(
    {
      model: { service: 'logs', entity: 'DeadLetter', version: '1' },
      attributes: {
        digest: { type: 'string', field: TABLE.partitionKey, required: true, get: withoutPrefix('x#') },
        version: { type: 'string', field: TABLE.sortKey, required: true },
        bucket: { type: 'string', field: byRefusal.partitionKey, required: true },
        place: { type: 'string', field: byRefusal.sortKey, required: true },
        refusedAt: { type: 'string', required: true },
        /** JSON. */
        faults: { type: 'string', required: true },
        raw: { type: 'string', required: true },
        /** The field has the name that earlier versions gave it. */
        sender: { type: 'string', field: 'apiKeyId' },
        /** Seconds since 1970. */
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byText: {
          pk: { field: TABLE.partitionKey, composite: ['digest'], template: 'x#${digest}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['version'], template: '${version}', casing: 'none' },
        },
        byRefusal: {
          index: byRefusal.name,
          pk: { field: byRefusal.partitionKey, composite: ['bucket'], template: '${bucket}', casing: 'none' },
          sk: { field: byRefusal.sortKey, composite: ['place'], template: '${place}', casing: 'none' },
        },
      },
    } as const,
    NO_TABLE,
  );
}

export const deadLetter = lazyEntity(createDeadLetter);

export type DeadLetterRow = EntityItem<ReturnType<typeof createDeadLetter>>;

/** A row that has no shard yet. */
type UnplacedLetter = Omit<DeadLetterRow, 'place' | 'bucket'> & Positioned;

/** The row of a record refused at `now`, milliseconds since 1970. */
export function toDeadLetterRow(
  { raw, errors }: Refusal,
  { now, expiresAt, sender }: { now: number; expiresAt: number; sender?: string },
): UnplacedLetter {
  const digestOfText = digest(raw, DIGEST_CHARACTERS);
  const refusedAt = instantAt(now);
  return {
    digest: digestOfText,
    version: ONLY_VERSION,
    position: `${refusedAt}#${digestOfText}`,
    refusedAt,
    faults: JSON.stringify(errors),
    raw: raw.slice(0, RAW_TEXT_LIMIT).toWellFormed(),
    sender,
    expiresAt,
  };
}

/** The row in one of the shards of its day. */
export function placeDeadLetterRow({ position, ...row }: UnplacedLetter, shards: number): DeadLetterRow {
  const shard = shardOf(row.digest, shards);
  return { ...row, place: placeOf(position, shard), bucket: bucketOf('refused', dayOf(position), shard) };
}

/** The item of a row. */
export const deadLetterItem = compilePut<DeadLetterRow>(deadLetter, {
  digest: 'digest',
  version: 'version',
  bucket: 'bucket',
  place: 'place',
  refusedAt: 'refused-at',
  faults: 'faults',
  raw: 'raw',
  sender: 'sender',
  expiresAt: 1,
});

/** The dead letter of a row. */
export function toDeadLetter({ refusedAt, faults, raw, sender }: DeadLetterRow): DeadLetter {
  return { refusedAt, errors: JSON.parse(faults), raw, ...(sender !== undefined && { sender }) };
}

/** The live dead letters of a bucket, newest first. */
export function deadLettersInBucket(bucket: string, range: PositionRange): RowQuery<DeadLetterRow> {
  const parameters = deadLetter()
    .query.byRefusal({ bucket })
    .between({ place: range.from }, { place: range.upTo })
    .where(({ expiresAt }, { gt }) => gt(expiresAt, secondsNow()))
    .params({ order: 'desc' });
  return rowQuery(deadLetter(), parameters);
}
