import type { TableClient } from '../electro.ts';
import { blocksInBucket, type LogBlockRow, UnreadableBlockError, unpackLogBlock } from '../log-block.ts';
import type { StoredEntry } from '../log-entry.ts';
import { TABLE } from '../table.ts';
import { isAbove, type Positioned } from '../timeline.ts';
import type { OnUnreadableBlock } from './read-page.ts';
import { bucketReader, type ReadBucket } from './shard.ts';

/** Which entries of blocks are wanted. */
export interface BlockFilter {
  /** The oldest instant wanted, inclusive. */
  from: string;
  onUnreadableBlock?: OnUnreadableBlock;
  /** Default: all are. */
  isWanted?(entry: StoredEntry): boolean;
}

/**
 * Makes a function that reads those entries of blocks that match. It throws UnknownFormError for a block that a newer
 * version of the service has written.
 */
export function blockReader(table: TableClient, filter: BlockFilter): ReadBucket<StoredEntry> {
  return bucketReader(table, {
    sortKey: TABLE.sortKey,
    query: (bucket, below) => blocksInBucket(bucket, { from: filter.from, upTo: below }),
    unfold: blockUnfolder(filter),
    isWanted: filter.isWanted,
  });
}

/** Makes a function that gives the entries of a block below a position, whether they are wanted or not. */
export function blockUnfolder({ from, onUnreadableBlock }: BlockFilter) {
  const unpack = unlessUnreadable(unpackLogBlock, onUnreadableBlock);
  return (block: LogBlockRow, start: string): (Positioned & { value: StoredEntry })[] =>
    unpack(block)
      .filter(({ position }) => position >= from && isAbove(start, position))
      .map(({ position, entry: { instant, ...value } }) => ({
        position,
        value: block.sender === undefined ? value : { ...value, sender: block.sender },
      }));
}

/** Makes a function that reads a row as another does, and that skips and reports one that is damaged. */
export function unlessUnreadable<Row extends Pick<LogBlockRow, 'bucket' | 'place'>, Value>(
  read: (row: Row) => Value[],
  onUnreadableBlock?: OnUnreadableBlock,
): (row: Row) => Value[] {
  return (row) => {
    try {
      return read(row);
    } catch (error) {
      if (!(error instanceof UnreadableBlockError)) throw error;
      onUnreadableBlock?.({ bucket: row.bucket, place: row.place }, error);
      return [];
    }
  };
}
