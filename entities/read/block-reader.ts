import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { secondsNow } from '../instant.ts';
import {
  createLogBlockEntity,
  type LogBlockRow,
  UnreadableBlockError,
  unpackLogBlock,
} from '../log-block.ts';
import type { StoredEntry } from '../log-entry.ts';
import { TABLE } from '../table.ts';
import { BELOW_ALL, isAbove } from '../timeline.ts';
import type { ReadBlocks } from './block-shard.ts';
import { bucketReader } from './read-bucket.ts';
import type { OnUnreadableBlock, Placed } from './read-page.ts';

/** Which entries of blocks are wanted. */
export interface BlockFilter {
  /** The oldest instant wanted, inclusive. */
  from?: string;
  onUnreadableBlock?: OnUnreadableBlock;
  isWanted(entry: StoredEntry): boolean;
}

/**
 * Makes a function that reads those entries of blocks that a filter passes. It throws UnknownFormError for a block
 * that a newer version of the service has written.
 */
export type BlocksWhere = (filter: BlockFilter) => ReadBlocks<Placed<StoredEntry>>;

export function createBlockReader(client: DynamoDBClient, table: string): BlocksWhere {
  // Most logs have no blocks, and an entity takes 5 to 20 ms to make in a cold process.
  let entity: ReturnType<typeof createLogBlockEntity> | undefined;

  const toValue = (block: LogBlockRow) => block;
  return ({ from = BELOW_ALL, onUnreadableBlock, isWanted }) => {
    function unpack(block: LogBlockRow) {
      try {
        return unpackLogBlock(block);
      } catch (error) {
        if (!(error instanceof UnreadableBlockError)) throw error;
        onUnreadableBlock?.({ pk: block.pk, position: block.position }, error);
        return [];
      }
    }

    const now = secondsNow();
    const read = bucketReader(client, { sortKey: TABLE.sortKey, toValue }, (bucket, below) => {
      entity ??= createLogBlockEntity({ client, table });
      const parameters = entity.query
        .byDay({ pk: bucket })
        .between({ position: from }, { position: below })
        .where(({ expiresAt }, { gt }) => gt(expiresAt, now))
        .params({ order: 'desc' });
      return { entity, parameters };
    });
    return async (bucket, below, limit, start) => {
      const page = await read(bucket, below, limit);
      const within = page.rows
        .flatMap(({ value }) => unpack(value))
        .filter(({ position }) => position >= from && isAbove(start, position));
      const wanted = within.filter(({ entry }) => isWanted(entry));
      return {
        rows: wanted.map(({ position, entry: { instant, ...value } }) => ({ position, value })),
        blocks: page.rows.map(({ position }) => position),
        below: page.below,
        lookedAt: within.length,
      };
    };
  };
}
