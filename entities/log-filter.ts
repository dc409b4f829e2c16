import { CustomAttributeType, Entity, type EntityItem } from 'electrodb';
import { compilePut, lazyEntity, NO_TABLE, type RowQuery, rowQuery, withoutPrefix } from './electro.ts';
import { secondsNow } from './instant.ts';
import { UnreadableBlockError } from './log-block.ts';
import type { CheckedEntry } from './log-entry.ts';
import { mayBeObject } from './matches.ts';
import { TABLE } from './table.ts';
import {
  type BlockTimeline,
  bucketOf,
  dayOf,
  type Positioned,
  type PositionRange,
  placeOf,
  positionAbove,
  positionIn,
  shardOf,
} from './timeline.ts';
import { addTokens, createTokenFilter, hashOf, wordsOfJson } from './token-filter.ts';

/**
 * LogFilter: a row says which tokens some blocks of a request and day may have. A reader who looks for an id reads
 * filters, which are a tenth of the bytes of the blocks, and then the blocks that may have it.
 *
 *     pk  f#filters#<day>#<shard>               the bucket
 *     sk  <newest instant>~<digest>#<shard>     the place: the position and the shard
 *
 * No block of it has an entry above its position, so filters are read on a timeline of their own as blocks are.
 * - `byDay`  which of the blocks that were written last may have an id?
 */
function createLogFilter() {
  return new Entity(
    {
      model: { service: 'logs', entity: 'LogFilter', version: '1' },
      attributes: {
        bucket: { type: 'string', field: TABLE.partitionKey, required: true, get: withoutPrefix('f#') },
        place: { type: 'string', field: TABLE.sortKey, required: true },
        /** JSON: the timeline, the position and the bytes of the filter of each block. */
        blocks: { type: 'string', required: true },
        /** The filters of the blocks, one after another. */
        filters: { type: CustomAttributeType<Uint8Array>('any'), required: true },
        /** Seconds since 1970. */
        expiresAt: { type: 'number', field: TABLE.timeToLive, required: true },
      },
      indexes: {
        byDay: {
          pk: { field: TABLE.partitionKey, composite: ['bucket'], template: 'f#${bucket}', casing: 'none' },
          sk: { field: TABLE.sortKey, composite: ['place'], template: '${place}', casing: 'none' },
        },
      },
    } as const,
    NO_TABLE,
  );
}

export const logFilter = lazyEntity(createLogFilter);

export type LogFilterRow = EntityItem<ReturnType<typeof createLogFilter>>;

/** A block, and which tokens its entries may have. */
export interface FilteredBlock extends Positioned {
  timeline: BlockTimeline;
  filter: Uint8Array;
}

/** The filter of the ids, and of the tokens in messages and attributes, of entries. */
export function filterOf(entries: Iterable<CheckedEntry>): Uint8Array {
  const hashes = new Set<number>();
  for (const { id, message, attributes = '' } of entries) {
    hashes.add(hashOf(id));
    addTokens(message, hashes);
    // Its members are attributes too, which are compared without escapes.
    if (message.includes('\\') && mayBeObject(message)) addTokens(wordsOfJson(message), hashes);
    addTokens(wordsOfJson(attributes), hashes);
  }
  return createTokenFilter(hashes);
}

/** A row that has no shard yet. */
type UnplacedFilter = Omit<LogFilterRow, 'place' | 'bucket'> & Positioned;

/** The row of some blocks of a day, newest first. */
export function toLogFilterRow(newestFirst: FilteredBlock[], expiresAt: number): UnplacedFilter {
  const blocks = JSON.stringify(
    newestFirst.map(({ timeline, position, filter }) => [timeline, position, filter.length]),
  );
  const filters = Buffer.concat(newestFirst.map(({ filter }) => filter));
  const position = filterPositionOf(newestFirst[0]?.position ?? '', blocks, filters);
  return { position, blocks, filters, expiresAt };
}

function filterPositionOf(newest: string, blocks: string, filters: Uint8Array): string {
  return positionAbove(newest, Buffer.concat([Buffer.from(blocks), filters]));
}

/** The row in one of the shards of its day. */
export function placeLogFilterRow({ position, ...row }: UnplacedFilter, shards: number): LogFilterRow {
  const shard = shardOf(position, shards);
  return { ...row, place: placeOf(position, shard), bucket: bucketOf('filters', dayOf(position), shard) };
}

/** The item of a row. */
export const logFilterItem = compilePut<LogFilterRow>(logFilter, {
  bucket: 'bucket',
  place: 'place',
  blocks: 'blocks',
  filters: new Uint8Array(1),
  expiresAt: 1,
});

/** The blocks of a row, newest first. @throws UnreadableBlockError if the row is damaged */
export function blocksOf({ place, blocks, filters }: LogFilterRow): FilteredBlock[] {
  // A damaged item may lack a field, or have one of another type.
  const isWhole = typeof blocks === 'string' && ArrayBuffer.isView(filters);
  const position = positionIn(place);
  if (!isWhole || filterPositionOf(position, blocks, filters) !== position)
    throw new UnreadableBlockError('A row of filters does not have the contents that its key names');
  let end = 0;
  return (JSON.parse(blocks) as [BlockTimeline, string, number][]).map(([timeline, position, bytes]) => {
    end += bytes;
    return { timeline, position, filter: filters.subarray(end - bytes, end) };
  });
}

/** The live filters of a bucket, newest first. */
export function filtersInBucket(bucket: string, range: PositionRange): RowQuery<LogFilterRow> {
  const parameters = logFilter()
    .query.byDay({ bucket })
    .between({ place: range.from }, { place: range.upTo })
    .where(({ expiresAt }, { gt }) => gt(expiresAt, secondsNow()))
    .params({ order: 'desc' });
  return rowQuery(logFilter(), parameters);
}
