import { deflateRawSync } from 'node:zlib';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import {
  type LogBlockRow,
  UnknownFormError,
  UnreadableBlockError,
  unpackLogBlock,
} from '../../entities/log-block.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { checked, entry, sent } from '../support/entries.ts';
import { createModelTable } from '../support/model-table.ts';

const TABLE = 'logs';
const TOGETHER = 5;

describe('A writer that packs info entries', () => {
  test('packs entries of one window of ten seconds, and leaves rows where fewer than five share one', async () => {
    const { append, blocks, rows } = openLog();
    const packed = ['10.000', '10.500', '12.000', '19.000', '19.999999999'].map(at);
    const alone = ['09.999', '20.000', '21.000', '22.000', '33.000'].map(at);
    await append([...alone, ...packed]);
    expect(blocks().map(({ entries }) => entries)).toEqual([packed.toReversed()]);
    expect(rows()).toHaveLength(alone.length);
  });

  test('leaves warnings, errors and long messages as rows, whatever comes with them', async () => {
    const { append, blocks, rows } = openLog();
    const long = { ...at('11.000'), message: 'x'.repeat(17_000) };
    const others = [
      { ...at('12.000'), severity: 'warning' as const },
      { ...at('13.000'), severity: 'error' as const },
    ];
    await append([...together(), long, ...others]);
    expect(blocks().map(({ entries }) => entries.length)).toEqual([TOGETHER]);
    expect(rows().toSorted()).toEqual([long, ...others].map(({ id }) => id).toSorted());
  });

  test('begins another block before one would have 64 KiB of JSON', async () => {
    const { append, blocks, rows } = openLog();
    const sent = Array.from({ length: 60 }, (_, second) => ({
      ...at('11.000'),
      message: `${second}é`.padEnd(4_000, 'é\n'),
    }));
    await append(sent);
    const packed = blocks().flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(blocks().length).toBeGreaterThan(4);
    expect([...packed, ...rows()].toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
    for (const { entries } of blocks())
      expect(Buffer.byteLength(JSON.stringify(entries))).toBeLessThan(80_000);
  });

  test('writes the same block for the same entries in any order, and another for other entries', async () => {
    const { append, blocks } = openLog();
    const sent = together();
    await append(sent);
    await append(sent.toReversed());
    await append([...sent, ...sent]);
    expect(blocks()).toHaveLength(1);
    await append([...sent, at('19.000')]);
    expect(blocks()).toHaveLength(2);
  });

  test('counts entries, not blocks, and names those of a block that was not stored', async () => {
    const { append, table } = openLog();
    const [one, other] = [together(), Array.from({ length: 7 }, () => at('25.000'))];
    expect(await append([...one, ...one, ...other])).toEqual({ stored: 12, unstored: [], retries: 0 });
    table.isThrottled = () => true;
    const { stored, unstored } = await append(other, AbortSignal.timeout(100));
    expect({ stored, unstored }).toEqual({ stored: 0, unstored: other.map(checked) });
  });
});

describe('A block', () => {
  test.each<[string, (block: LogBlockRow) => Partial<LogBlockRow>]>([
    ['is cut off', ({ packed }) => ({ packed: packed.slice(0, 20) })],
    ['is no DEFLATE', () => ({ packed: Buffer.from('not packed at all') })],
    ['has something else', () => ({ packed: deflateRawSync('{"a":1}') })],
    ['has other entries than its key names', ({ place }) => ({ place: place.replace(/.#/, '!#') })],
    ['would unpack to gigabytes', () => ({ packed: deflateRawSync(Buffer.alloc(10_000_000)) })],
  ])('that %s is skipped and reported, without its content', async (_, damage) => {
    const { append, table, read, reported } = openLog();
    await append([...together(), at('45.000')]);
    const [[key, item] = []] = [...table.items].filter(([, { form }]) => form);
    const block = unmarshall(item ?? {}) as { sk: string; pk: string } & LogBlockRow;
    const row = { ...block, bucket: block.pk.slice('b#'.length), place: block.sk };
    const damaged = { ...row, ...damage(row) };
    table.items.set(String(key), {
      ...item,
      sk: { S: damaged.place },
      packed: { B: damaged.packed },
    });
    expect(() => unpackLogBlock(damaged)).toThrow(UnreadableBlockError);
    expect((await read()).map(({ datetime }) => datetime)).toEqual([at('45.000').datetime]);
    expect(reported).toEqual([{ bucket: 'blocks#2023-11-15#0', place: damaged.place }]);
  });

  test('of a form that a newer version writes is not skipped: the reader fails', async () => {
    const { append, table, read } = openLog();
    await append(together());
    for (const item of table.items.values()) if (item.form) item.form = { N: '2' };
    await expect(read()).rejects.toThrow(UnknownFormError);
  });
});

/** An entry of its own at a second of one minute. */
function at(second: string): LogEntry {
  return entry({ datetime: `2023-11-15T12:00:${second}Z` });
}

function together(): LogEntry[] {
  return ['11.000', '12.000', '13.000', '14.000', '15.000'].map(at);
}

function openLog() {
  const table = createModelTable();
  const { client } = table;
  const writer = createLogWriter({ client, table: TABLE, shards: 4, retentionDays: 30, packing: 'info' });
  const reported: object[] = [];
  const reader = createLogReader({ client, table: TABLE });
  const items = () => [...table.items.values()].map((item) => unmarshall(item));
  return {
    table,
    reported,
    append: (entries: LogEntry[], signal = AbortSignal.timeout(10_000)) =>
      writer.appendEntries(entries.map(checked), signal),
    rows: () => items().flatMap(({ pk }) => (pk.startsWith('e#') ? [String(pk).slice(2)] : [])),
    blocks: () =>
      items()
        .filter(({ pk }) => pk.startsWith('b#'))
        .map((item) => ({
          entries: unpackLogBlock({ ...item, place: item.sk } as LogBlockRow).map(
            ({ entry: { instant, ...stored } }): LogEntry => sent(stored),
          ),
        })),
    read: async () => {
      const found: LogEntry[] = [];
      await reader.newest(
        { limit: 100, onUnreadableBlock: (block) => reported.push(block) },
        (one) => found.push(sent(one)) > 0,
      );
      return found;
    },
  };
}
