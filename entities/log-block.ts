import { hash } from 'node:crypto';
import { Entity, type EntityConfiguration } from 'electrodb';
import type { CheckedEntry } from './log-entry.ts';
import { positionOf } from './log-entry.ts';
import { FORM, pack, unpack } from './packed-form.ts';
import { TABLE } from './table.ts';
import {
  ABOVE_ALL,
  bucketOf,
  dayOf,
  instantOf,
  isAbove,
  type Positioned,
  type ShardCounts,
  shardOf,
} from './timeline.ts';

/** 132 bits of SHA-256, because a block that met another would destroy all its entries. */
const DIGEST_CHARACTERS = 22;

/** `YYYY-MM-DDTHH:MM:S`: ten seconds. */
const WINDOW_LENGTH = 18;

/**
 * LogBlock: a row is many entries of one window of ten seconds, packed. Its key holds the digest of their positions,
 * so the same entries again write the same block, and no write can destroy another.
 *
 *     pk  b#blocks#<day>#<shard>
 *     sk  <newest instant>~<digest>     the position
 *
 * Nobody asks for a block by its key alone, so its bucket is a partition of the table itself, and it is in no index.
 * - `byDay` which blocks hold what was logged last?
 */
export function createLogBlockEntity(configuration: EntityConfiguration) {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogBlock', version: '1' },
      attributes: {
        /** The bucket. ElectroDB adds and takes off the prefix that keeps entities apart. */
        [TABLE.partitionKey]: { type: 'string', required: true },
        position: { type: 'string', field: TABLE.sortKey, required: true },
        /** How the entries are packed. */
        form: { type: 'number', required: true },
        /** A Uint8Array. */
        packed: { type: 'any', required: true },
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byDay: {
          pk: { field: TABLE.partitionKey, composite: ['pk'], template: 'b#${pk}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['position'], template: '${position}', casing: 'none' },
        },
      },
    } as const,
    configuration,
  );
}

/** The attributes of a LogBlock row. `expiresAt` is in seconds since 1970. */
export interface LogBlockRow {
  pk: string;
  position: string;
  form: number;
  packed: Uint8Array;
  expiresAt: number;
}

/** An entry with its position and its cells in a block (see toCells). */
export interface PackableEntry extends Positioned {
  entry: CheckedEntry;
  cells: string[];
}

/** The window of an instant or a position. The entries of a block share theirs. */
export function windowOf(position: string): string {
  return position.slice(0, WINDOW_LENGTH);
}

/** A bound above every block that can hold entries below a position. */
export function endOfWindow(position: string): string {
  return windowOf(position) + ABOVE_ALL;
}

/** The row of entries of one window, each once, before it has a place in a shard. */
export function toLogBlockRow(entries: PackableEntry[], expiresAt: number): Omit<LogBlockRow, 'pk'> {
  const newestFirst = entries.toSorted((a, b) => (isAbove(a.position, b.position) ? -1 : 1));
  return {
    position: blockPositionOf(newestFirst),
    form: FORM,
    packed: pack(newestFirst.map(({ cells }) => cells)),
    expiresAt,
  };
}

/** The row in its shard. */
export function placeLogBlockRow(row: Omit<LogBlockRow, 'pk'>, shards: ShardCounts): LogBlockRow {
  return { ...row, pk: bucketOf('blocks', dayOf(row.position), shardOf(row.position, shards.blocks)) };
}

/** A newer version of this service has packed the block. */
export class UnknownFormError extends Error {
  override readonly name = 'UnknownFormError';
}

/** The block is damaged. */
export class UnreadableBlockError extends Error {
  override readonly name = 'UnreadableBlockError';
}

/**
 * The entries of a block, newest first, with their positions.
 * @throws UnknownFormError, UnreadableBlockError
 */
export function unpackLogBlock({
  position,
  form,
  packed,
}: LogBlockRow): (Positioned & { entry: CheckedEntry })[] {
  if (form !== FORM)
    throw new UnknownFormError(
      `A block is packed in form ${form}, which a newer version of the service writes`,
    );
  try {
    const entries = unpack(packed).map((entry) => ({ entry, position: positionOf(entry) }));
    if (blockPositionOf(entries) === position) return entries;
  } catch (cause) {
    throw new UnreadableBlockError('A block cannot be unpacked', { cause });
  }
  throw new UnreadableBlockError('A block does not hold the entries that its key names');
}

/** Positions as JSON, because an id may hold any character that could divide them. */
function blockPositionOf(newestFirst: Positioned[]): string {
  const positions = newestFirst.map(({ position }) => position);
  const digest = hash('sha256', JSON.stringify(positions), 'base64url').slice(0, DIGEST_CHARACTERS);
  return `${instantOf(positions[0] ?? '')}${ABOVE_ALL}${digest}`;
}
