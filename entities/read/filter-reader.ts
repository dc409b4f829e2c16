import pMap from 'p-map';
import { queryRows, type TableClient } from '../electro.ts';
import { blocksInBucket } from '../log-block.ts';
import type { StoredEntry } from '../log-entry.ts';
import { blocksOf, type FilteredBlock, filtersInBucket } from '../log-filter.ts';
import { TABLE } from '../table.ts';
import { ABOVE_ALL, bucketOf, dayOf, positionIn, severityOf, type Timeline } from '../timeline.ts';
import { mayHave } from '../token-filter.ts';
import { type BlockFilter, blockUnfolder, unlessUnreadable } from './block-reader.ts';
import type { ListDays } from './list-days.ts';
import type { ReadBucket } from './shard.ts';

/** Which entries are looked for. */
interface TokenSearch extends BlockFilter {
  /** Of tokens that each of them has (see token-filter.ts). */
  hashes: number[];
  severities: readonly Timeline[];
}

/** Blocks that are read at once. */
const BLOCKS_AT_ONCE = 16;

/** Rows of the catalogue in which all timelines of a day are listed. */
const ROWS_OF_DAY = 40;

/** Makes a function that reads filters, and those entries of their blocks that match. */
export function filterReader(
  table: TableClient,
  listDays: ListDays,
  { hashes, severities, isWanted = () => true, ...range }: TokenSearch,
): ReadBucket<StoredEntry> {
  const unfold = blockUnfolder(range);
  const readBlocksOf = unlessUnreadable(blocksOf, range.onUnreadableBlock);
  const spreads = new Map<string, Promise<Map<Timeline, number>>>();

  /** Over how many shards each timeline of a day is spread. */
  function spreadOf(day: string): Promise<Map<Timeline, number>> {
    const spread =
      spreads.get(day) ??
      listDays('entries', { newest: day, oldest: day }, ROWS_OF_DAY).then(
        ({ days }) => new Map(days.map(({ timeline, shards }) => [timeline, shards])),
      );
    spreads.set(day, spread);
    return spread;
  }

  /** The entries of a block. It may be in any shard of its day, since a throttle may have moved it. */
  async function readBlock({ timeline, position }: FilteredBlock, start: string) {
    const day = dayOf(position);
    const shards = (await spreadOf(day)).get(timeline) ?? 1;
    const answers = await Promise.all(
      Array.from({ length: shards }, (_, shard) => {
        const bounds = { from: position, upTo: position + ABOVE_ALL };
        return queryRows(table, blocksInBucket(bucketOf(timeline, day, shard), bounds), 1);
      }),
    );
    return answers.flatMap(({ rows }) => rows).flatMap((block) => unfold(block, start));
  }

  return async (bucket, { below, start, limit }) => {
    const query = filtersInBucket(bucket, { from: range.from, upTo: below });
    const { rows, lastKey, lookedAt } = await queryRows(table, query, limit);
    const candidates = rows
      .flatMap(readBlocksOf)
      .filter(({ timeline }) => severities.includes(severityOf(timeline)))
      .filter(({ filter }) => hashes.every((hash) => mayHave(filter, hash)));
    const found = await pMap(candidates, (block) => readBlock(block, start), { concurrency: BLOCKS_AT_ONCE });
    const entries = found.flat();
    const last = lastKey?.[TABLE.sortKey]?.S;
    return {
      rows: entries.filter(({ value }) => isWanted(value)),
      items: rows.map(({ place }) => positionIn(place)),
      below: last && positionIn(last),
      lookedAt: lookedAt + entries.length,
    };
  };
}
