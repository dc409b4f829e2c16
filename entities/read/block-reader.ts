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
  function unpack(block: LogBlockRow) {
    try {
      return unpackLogBlock(block);
    } catch (error) {
      if (!(error instanceof UnreadableBlockError)) throw error;
      onUnreadableBlock?.({ bucket: block.bucket, place: block.place }, error);
      return [];
    }
  }

  return (block: LogBlockRow, start: string): (Positioned & { value: StoredEntry })[] =>
    unpack(block)
      .filter(({ position }) => position >= from && isAbove(start, position))
      .map(({ position, entry: { instant, ...value } }) => ({
        position,
        value: block.sender === undefined ? value : { ...value, sender: block.sender },
      }));
}
