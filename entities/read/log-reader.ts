import { type DeadLetter, deadLettersInBucket, toDeadLetter } from '../dead-letter.ts';
import { readWithinPage, type TableClient } from '../electro.ts';
import { SEVERITIES, type Severity } from '../entry.ts';
import { entriesInBucket, type StoredEntry, toStoredEntry } from '../log-entry.ts';
import { type EntryFilter, matchEntry } from '../match-entry.ts';
import { foldsCase } from '../matches.ts';
import { TABLE } from '../table.ts';
import { BELOW_ALL, isBlockTimeline, positionIn, type Timeline, timelinesOf } from '../timeline.ts';
import { hashOf, isToken } from '../token-filter.ts';
import { blockReader } from './block-reader.ts';
import { type DaySource, type ReadMemory, readDays } from './day-shards.ts';
import { filterReader } from './filter-reader.ts';
import type { PageBudget } from './how-much.ts';
import { createListDays } from './list-days.ts';
import { createReadById } from './read-by-id.ts';
import type { Collect, Page, PageQuery } from './read-page.ts';
import { bucketReader } from './shard.ts';

export interface EntryQuery extends PageQuery, EntryFilter {}

/** Its methods read a page, newest first. They throw what the SDK throws, and UnknownFormError. */
export interface LogReader {
  /** The newest entries. */
  newest(query: EntryQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** The entries under one id: almost always one. Blocks are searched if no row has the id, or for a time span. */
  withId(id: string, query: PageQuery, collect: Collect<StoredEntry>): Promise<Page>;
  /** What was refused last. */
  deadLetters(query: PageQuery, collect: Collect<DeadLetter>): Promise<Page>;
}

/**
 * The reader of one table. It remembers how many shards timelines had and how entries were divided among them, which
 * saves round trips, so keep one for as long as the process runs.
 * @param budget of a page. Default: PAGE_BUDGET
 */
export function createLogReader({ budget, ...table }: TableClient & { budget?: PageBudget }): LogReader {
  const memory: ReadMemory = { shards: new Map(), parts: new Map() };
  const sharedBy = (page: TableClient) => ({ listDays: createListDays(page), memory, budget });

  return {
    newest: (query, collect) =>
      readWithinPage(table, (page) => {
        const { severities = [...SEVERITIES], from = BELOW_ALL, onUnreadableBlock } = query;
        const isWanted = matcherOf(query);
        const filter = rowFilterOf(query);
        const readRows = bucketReader(page, {
          sortKey: TABLE.sortKey,
          query: (bucket, below) => entriesInBucket(bucket, { from, upTo: below }, filter),
          unfold: (row) => [{ position: positionIn(row.place), value: toStoredEntry(row) }],
          isWanted,
        });
        const shared = sharedBy(page);
        const wanted = { from, onUnreadableBlock, isWanted };
        const hashes = tokensOf(query).map(hashOf);
        const source: DaySource<StoredEntry> = {
          ...shared,
          timelines: hashes.length > 0 ? filteredTimelinesOf(severities) : severities.flatMap(timelinesOf),
          readBucket(timeline) {
            if (timeline === 'filters')
              return filterReader(page, shared.listDays, { ...wanted, hashes, severities });
            return isBlockTimeline(timeline) ? blockReader(page, wanted) : readRows;
          },
        };
        return readDays(source, query, collect);
      }),

    withId: (id, query, collect) =>
      readWithinPage(table, (page) => createReadById(page, sharedBy(page))(id, query, collect)),

    deadLetters: (query, collect) =>
      readWithinPage(table, (page) => {
        const { from = BELOW_ALL } = query;
        const readBucket = bucketReader(page, {
          sortKey: TABLE.indexes.byRefusal.sortKey,
          query: (bucket, below) => deadLettersInBucket(bucket, { from, upTo: below }),
          unfold: (row) => [{ position: positionIn(row.place), value: toDeadLetter(row) }],
        });
        return readDays(
          { ...sharedBy(page), timelines: ['refused'], readBucket: () => readBucket },
          query,
          collect,
        );
      }),
  };
}

/** The tokens that each entry must have. */
function tokensOf({ words = [], attributes = [] }: EntryQuery): string[] {
  return [...words, ...attributes.map(({ text }) => text)].filter(isToken);
}

/** The timelines on which entries with a token are found. Blocks of form 1 have no filters. */
function filteredTimelinesOf(severities: readonly Severity[]): Timeline[] {
  return [...severities, 'filters', ...(severities.includes('info') ? (['blocks'] as const) : [])];
}

/** Whether an entry of a wanted severity matches a query. Undefined if all do. */
function matcherOf(query: EntryQuery) {
  const { words, attributes, excludedAttributes, sender, contains, excludes } = query;
  const filters = [words, attributes, excludedAttributes, contains, excludes];
  const matchesAll = sender === undefined && filters.every((filter) => !filter?.length);
  return matchesAll ? undefined : matchEntry(query);
}

/** The part of a query that DynamoDB can check. It cannot ignore case. */
function rowFilterOf({ contains = [], excludes = [], textCase, attributes = [], sender }: EntryQuery) {
  const isExact = (text: string) => !foldsCase(text, textCase);
  return {
    contains: contains.filter(isExact),
    excludes: excludes.filter(isExact),
    needsAttributes: attributes.length > 0,
    sender,
  };
}
