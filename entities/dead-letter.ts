import { hash } from 'node:crypto';
import { Entity, type EntityConfiguration } from 'electrodb';
import { instantAt } from './instant.ts';
import { TABLE } from './table.ts';
import { bucketOf, dayOf, type ShardCounts, shardOf } from './timeline.ts';

/** Why an entry was refused: which field, and how to mend it. */
export interface Fault {
  path: string;
  message: string;
}

/** A record that was refused: where it stood in its request, and why. */
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
  apiKeyId?: string;
}

/** Characters of the record that are kept. An item holds 400 KB, and a shipper's fault shows in the first few. */
export const RAW_TEXT_LIMIT = 16_384;

/** 128 bits of SHA-256. */
const DIGEST_CHARACTERS = 22;

/** There is one item under each digest, so its sort key only has to be there. */
const ONLY_VERSION = 'dead-letter';

/**
 * DeadLetter: a row keeps a refused record. Its key is made from the record's text, so a batch that is sent again
 * does not double it.
 *
 *     pk      x#<digest of the text>
 *     sk      dead-letter
 *     gsi3pk  refused#<day>#<shard>
 *     gsi3sk  <instant of the refusal>#<digest of the text>
 *
 * - `byText`    is this very record kept already?
 * - `byRefusal` what was refused last?
 */
export function createDeadLetterEntity(configuration: EntityConfiguration) {
  const { byRefusal } = TABLE.indexes;
  return new Entity(
    {
      model: { service: 'logs', entity: 'DeadLetter', version: '1' },
      attributes: {
        /** The digest of the text. ElectroDB adds and takes off the prefix that keeps entities apart. */
        [TABLE.partitionKey]: { type: 'string', required: true },
        version: { type: 'string', field: TABLE.sortKey, required: true },
        bucket: { type: 'string', field: byRefusal.partitionKey, required: true },
        position: { type: 'string', field: byRefusal.sortKey, required: true },
        refusedAt: { type: 'string', required: true },
        faults: { type: 'string', required: true },
        raw: { type: 'string', required: true },
        apiKeyId: { type: 'string' },
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byText: {
          pk: { field: TABLE.partitionKey, composite: ['pk'], template: 'x#${pk}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['version'], template: '${version}', casing: 'none' },
        },
        byRefusal: {
          index: byRefusal.name,
          pk: { field: byRefusal.partitionKey, composite: ['bucket'], template: '${bucket}', casing: 'none' },
          sk: { field: byRefusal.sortKey, composite: ['position'], template: '${position}', casing: 'none' },
        },
      },
    } as const,
    configuration,
  );
}

/** The attributes of a DeadLetter row. `faults` is JSON, `expiresAt` in seconds since 1970. */
export interface DeadLetterRow {
  pk: string;
  version: string;
  bucket: string;
  position: string;
  refusedAt: string;
  faults: string;
  raw: string;
  apiKeyId?: string;
  expiresAt: number;
}

/** The row of a record refused at `now`, milliseconds since 1970, before it has a place in a shard. */
export function toDeadLetterRow(
  { raw, errors }: Refusal,
  { now, expiresAt, apiKeyId }: { now: number; expiresAt: number; apiKeyId?: string },
): Omit<DeadLetterRow, 'bucket'> {
  const digest = hash('sha256', raw, 'base64url').slice(0, DIGEST_CHARACTERS);
  const refusedAt = instantAt(now);
  return {
    pk: digest,
    version: ONLY_VERSION,
    position: `${refusedAt}#${digest}`,
    refusedAt,
    faults: JSON.stringify(errors),
    raw: raw.slice(0, RAW_TEXT_LIMIT).toWellFormed(),
    apiKeyId,
    expiresAt,
  };
}

/** The row in its shard. */
export function placeDeadLetterRow(row: Omit<DeadLetterRow, 'bucket'>, shards: ShardCounts): DeadLetterRow {
  return { ...row, bucket: bucketOf('refused', dayOf(row.position), shardOf(row.pk, shards.refused)) };
}

/** The dead letter of a row. */
export function toDeadLetter({ refusedAt, faults, raw, apiKeyId }: DeadLetterRow): DeadLetter {
  return { refusedAt, errors: JSON.parse(faults), raw, ...(apiKeyId !== undefined && { apiKeyId }) };
}
