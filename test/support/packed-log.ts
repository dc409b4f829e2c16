import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { LogEntry } from '../../entities/entry.ts';
import { parseInstant } from '../../entities/instant.ts';
import { type LogBlockRow, unpackLogBlock } from '../../entities/log-block.ts';
import { createLogReader, type EntryQuery } from '../../entities/read/log-reader.ts';
import type { Packing } from '../../entities/table.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { checked, entry, sent } from './entries.ts';
import { createModelTable } from './model-table.ts';

const TABLE = 'logs';

/** A log in a table in memory, written by a writer that packs. */
export function openLog(packing: Packing = 'all') {
  const table = createModelTable();
  const { client } = table;
  const writer = createLogWriter({ client, table: TABLE, shards: 4, retentionDays: 30, packing });
  const reported: object[] = [];
  const reader = createLogReader({ client, table: TABLE });
  const items = () => [...table.items.values()].map((item) => unmarshall(item));
  return {
    table,
    writer,
    reader,
    costOf: table.costOf,
    find: async (query: Omit<EntryQuery, 'limit'>) => {
      const found: string[] = [];
      await reader.newest({ limit: 100, ...query }, ({ id }) => found.push(id) > 0);
      return found;
    },
    reported,
    append: (entries: LogEntry[], signal = AbortSignal.timeout(10_000)) =>
      writer.appendEntries(entries.map(checked), signal),
    rows: () => items().flatMap(({ pk }) => (pk.startsWith('e#') ? [String(pk).slice(2)] : [])),
    blocks: () =>
      items()
        .filter(({ pk }) => pk.startsWith('b#'))
        .toSorted((a, b) => (a.sk < b.sk ? 1 : -1))
        .map(({ pk, sk, ...item }) => ({
          timeline: pk.split('#')[1],
          entries: unpackLogBlock({ ...item, bucket: pk.slice('b#'.length), place: sk } as LogBlockRow).map(
            ({ entry: { instant, ...stored } }): LogEntry => sent(stored),
          ),
        })),
    read: async (below?: string) => {
      const found: LogEntry[] = [];
      await reader.newest(
        {
          limit: 100,
          below: below && parseInstant(below),
          onUnreadableBlock: (block) => reported.push(block),
        },
        (one) => found.push(sent(one)) > 0,
      );
      return found;
    },
  };
}

/** An entry of its own at a second of one minute. */
export function at(second: string): LogEntry {
  return entry({ datetime: `2023-11-15T12:00:${second}Z` });
}

/** Entries that are in one block. */
export function together(): LogEntry[] {
  return ['11.000', '12.000', '13.000', '14.000', '15.000'].map(at);
}
