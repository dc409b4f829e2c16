import type { TableClient } from '../electro.ts';
import { blocksInBucket, type LogBlockRow, UnreadableBlockError, unpackLogBlock } from '../log-block.ts';
import type { StoredEntry } from '../log-entry.ts';
import { TABLE } from '../table.ts';
import { isAbove } from '../timeline.ts';
import type { OnUnreadableBlock } from './read-page.ts';
import { bucketReader, type ReadBucket } from './shard.ts';

/** Which entries of blocks are wanted. */
interface BlockFilter {
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
export function blockReader(
  table: TableClient,
  { from, onUnreadableBlock, isWanted }: BlockFilter,
): ReadBucket<StoredEntry> {
  function unpack(block: LogBlockRow) {
    try {
      return unpackLogBlock(block);
    } catch (error) {
      if (!(error instanceof UnreadableBlockError)) throw error;
      onUnreadableBlock?.({ bucket: block.bucket, place: block.place }, error);
      return [];
    }
  }

  return bucketReader(table, {
    sortKey: TABLE.sortKey,
    query: (bucket, below) => blocksInBucket(bucket, { from, upTo: below }),
    unfold: (block, start) =>
      unpack(block)
        .filter(({ position }) => position >= from && isAbove(start, position))
        .map(({ position, entry: { instant, ...value } }) => ({
          position,
          value: block.sender === undefined ? value : { ...value, sender: block.sender },
        })),
    isWanted,
  });
}
