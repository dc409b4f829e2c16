import { CustomAttributeType, Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { secondsNow } from './instant.ts';
import { type CheckedEntry, positionOf } from './log-entry.ts';
import { FORM, pack, unpack } from './packed-form.ts';
import { TABLE } from './table.ts';
import {
  ABOVE_ALL,
  bucketOf,
  dayOf,
  digest,
  instantOf,
  isAbove,
  type Positioned,
  type PositionRange,
  placeOf,
  positionIn,
  shardOf,
} from './timeline.ts';

/**
 * LogBlock: a row is many info entries of one window of ten seconds, packed. Its key has the digest of their positions,
 * so the same entries again write the same block, and no write can destroy another.
 *
 *     pk  b#blocks#<day>#<shard>                the bucket
 *     sk  <newest instant>~<digest>#<shard>     the place: the position and the shard
 *
 * Nobody asks for a block by its key alone, so its bucket is a partition of the table itself, and it is in no index.
 * - `byDay`  which blocks have the entries that were logged last?
 */
function createLogBlock() {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogBlock', version: '1' },
      attributes: {
        bucket: { type: 'string', field: TABLE.partitionKey, required: true, get: withoutPrefix('b#') },
        place: { type: 'string', field: TABLE.sortKey, required: true },
        /** How the entries are packed. */
        form: { type: 'number', required: true },
        packed: { type: CustomAttributeType<Uint8Array>('any'), required: true },
        /** Seconds since 1970. */
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byDay: {
          pk: { field: TABLE.partitionKey, composite: ['bucket'], template: 'b#${bucket}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['place'], template: '${place}', casing: 'none' },
        },
      },
    } as const,
    NO_TABLE,
  );
}

export const logBlock = lazyEntity(createLogBlock);

export type LogBlockRow = EntityItem<ReturnType<typeof createLogBlock>>;

/** 132 bits of SHA-256, because a block that met another would destroy all its entries. */
const DIGEST_CHARACTERS = 22;

/** `YYYY-MM-DDTHH:MM:S`: ten seconds. */
const WINDOW_LENGTH = 18;

/** The window of an instant or a position. All entries of a block have the same window. */
export function windowOf(position: string): string {
  return position.slice(0, WINDOW_LENGTH);
}

/** A bound above every block that can have entries below a position. */
export function endOfWindow(position: string): string {
  return windowOf(position) + ABOVE_ALL;
}

/** An entry with its position and its cells in a block (see toCells). */
export interface PackableEntry extends Positioned {
  entry: CheckedEntry;
  cells: string[];
}

/** A row that has no shard yet. */
type UnplacedBlock = Omit<LogBlockRow, 'place' | 'bucket'> & Positioned;

/** The row of different entries of one window. */
export function toLogBlockRow(entries: PackableEntry[], expiresAt: number): UnplacedBlock {
  const newestFirst = entries.toSorted((a, b) => (isAbove(a.position, b.position) ? -1 : 1));
  return {
    position: blockPositionOf(newestFirst),
    form: FORM,
    packed: pack(newestFirst.map(({ cells }) => cells)),
    expiresAt,
  };
}

/** The row in one of the shards of its day. */
export function placeLogBlockRow({ position, ...row }: UnplacedBlock, shards: number): LogBlockRow {
  const shard = shardOf(position, shards);
  return { ...row, place: placeOf(position, shard), bucket: bucketOf('blocks', dayOf(position), shard) };
}

/** The item of a row. */
export const logBlockItem = compilePut<LogBlockRow>(logBlock, {
  bucket: 'bucket',
  place: 'place',
  form: FORM,
  packed: new Uint8Array(1),
  expiresAt: 2,
});

/** The live blocks of a bucket, newest first. */
export function blocksInBucket(bucket: string, range: PositionRange): RowQuery<LogBlockRow> {
  const parameters = logBlock()
    .query.byDay({ bucket })
    .between({ place: range.from }, { place: range.upTo })
    .where(({ expiresAt }, { gt }) => gt(expiresAt, secondsNow()))
    .params({ order: 'desc' });
  return rowQuery(logBlock(), parameters);
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
  place,
  form,
  packed,
}: LogBlockRow): (Positioned & { entry: CheckedEntry })[] {
  if (form !== FORM)
    throw new UnknownFormError(
      `A block is packed in form ${form}, which a newer version of the service writes`,
    );
  try {
    const entries = unpack(packed).map((entry) => ({ entry, position: positionOf(entry) }));
    if (blockPositionOf(entries) === positionIn(place)) return entries;
  } catch (cause) {
    throw new UnreadableBlockError('A block cannot be unpacked', { cause });
  }
  throw new UnreadableBlockError('A block does not have the entries that its key names');
}

/** The digest is of JSON, because an id may contain any character that could separate positions. */
function blockPositionOf(newestFirst: Positioned[]): string {
  const positions = newestFirst.map(({ position }) => position);
  const contents = digest(JSON.stringify(positions), DIGEST_CHARACTERS);
  return `${instantOf(positions[0] ?? '')}${ABOVE_ALL}${contents}`;
}
