import { CustomAttributeType, Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { secondsNow } from './instant.ts';
import { type CheckedEntry, positionOf } from './log-entry.ts';
import { FORM, type PackedEntry, pack, unpack } from './packed-form.ts';
import { TABLE } from './table.ts';
import {
  type BlockTimeline,
  blockTimelineOf,
  bucketOf,
  dayOf,
  type Positioned,
  type PositionRange,
  placeOf,
  positionAbove,
  positionIn,
  severityOf,
  shardOf,
  timelineIn,
} from './timeline.ts';

/**
 * LogBlock: a row is entries of one severity and day, packed. Its key has the digest of their positions, so the same
 * entries again write the same block, and no write can destroy another. Its timeline says how long they span at most.
 *
 *     pk  b#<timeline>#<day>#<shard>            the bucket
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
        /** Of all its entries: a block is packed from one request. */
        sender: { type: 'string' },
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

/** An entry that fits into a block. */
export interface PackableEntry extends PackedEntry, Positioned {
  /** Of JSON that it takes in a block. */
  bytes: number;
}

/** A row that has no shard yet. */
type UnplacedBlock = Omit<LogBlockRow, 'place' | 'bucket'> & Positioned & { timeline: BlockTimeline };

/** The row of different entries of one severity and day, newest first. They span five seconds at most. */
export function toLogBlockRow(
  newestFirst: PackableEntry[],
  expiresAt: number,
  sender?: string,
): UnplacedBlock {
  const [newest, oldest] = [newestFirst[0], newestFirst.at(-1)] as [PackableEntry, PackableEntry];
  return {
    timeline: blockTimelineOf(newest.entry.severity, newest.milliseconds - oldest.milliseconds),
    position: blockPositionOf(newestFirst),
    form: FORM,
    packed: pack(newestFirst),
    sender,
    expiresAt,
  };
}

/** The row in one of the shards of its day. */
export function placeLogBlockRow({ position, timeline, ...row }: UnplacedBlock, shards: number): LogBlockRow {
  const shard = shardOf(position, shards);
  return { ...row, place: placeOf(position, shard), bucket: bucketOf(timeline, dayOf(position), shard) };
}

/** The item of a row. */
export const logBlockItem = compilePut<LogBlockRow>(logBlock, {
  bucket: 'bucket',
  place: 'place',
  form: 1,
  packed: new Uint8Array(1),
  sender: 'sender',
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
  bucket,
  place,
  form,
  packed,
}: LogBlockRow): (Positioned & { entry: CheckedEntry })[] {
  if (form > FORM)
    throw new UnknownFormError(
      `A block is packed in form ${form}, which a newer version of the service writes`,
    );
  try {
    const entries = unpack(packed, form, severityOf(timelineIn(bucket))).map((entry) => ({
      entry,
      position: positionOf(entry),
    }));
    if (blockPositionOf(entries) === positionIn(place)) return entries;
  } catch (cause) {
    throw new UnreadableBlockError('A block cannot be unpacked', { cause });
  }
  throw new UnreadableBlockError('A block does not have the entries that its key names');
}

/** The digest is of JSON, because an id may contain any character that could separate positions. */
function blockPositionOf(newestFirst: Positioned[]): string {
  const positions = newestFirst.map(({ position }) => position);
  return positionAbove(positions[0] ?? '', JSON.stringify(positions));
}
