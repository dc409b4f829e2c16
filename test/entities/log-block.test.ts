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
import { positionOf } from '../../entities/log-entry.ts';
import { bytesOf, JSON_LIMIT_BYTES, pack, toCells, unpack } from '../../entities/packed-form.ts';
import { digest } from '../../entities/timeline.ts';
import { checked, entry } from '../support/entries.ts';
import { at, openLog, together } from '../support/packed-log.ts';

const TOGETHER = 5;

describe('A writer that packs', () => {
  test('packs entries of one severity that span five seconds at most, from one entry on', async () => {
    const { append, blocks, rows } = openLog();
    const older = [at('09.999')];
    const newer = ['10.000', '10.500', '12.000', '14.999999999', '15.000'].map(at);
    await append([...newer, ...older]);
    expect(blocks()).toEqual([
      { timeline: 'info-5000', entries: newer.toReversed() },
      { timeline: 'info-80', entries: older },
    ]);
    expect(rows()).toEqual([]);
  });

  test.each([
    [0, 'info-80'],
    [80, 'info-80'],
    [81, 'info-625'],
    [625, 'info-625'],
    [626, 'info-1250'],
    [2_500, 'info-2500'],
    [2_501, 'info-5000'],
  ])('gives a block that spans %s ms to the timeline %s', async (span, timeline) => {
    const { append, blocks } = openLog();
    await append([at('11.000'), at(`${((11_000 + span) / 1_000).toFixed(3)}`)]);
    expect(blocks().map((block) => block.timeline)).toEqual([timeline]);
  });

  test('cuts a request at half the span for as long as blocks have 40 entries', async () => {
    const spread = (count: number) =>
      Array.from({ length: count }, (_, index) => at((10 + (4.9 * index) / count).toFixed(6)));
    for (const [count, timelines] of [
      [79, ['info-5000']],
      [80, ['info-2500', 'info-2500']],
      [160, Array(4).fill('info-1250')],
      [320, Array(8).fill('info-625')],
      [2_000, Array(8).fill('info-625')],
    ] as const) {
      const { append, blocks } = openLog();
      await append(spread(count));
      expect(blocks().map(({ timeline }) => timeline)).toEqual(timelines);
    }
  });

  test('packs no two days together', async () => {
    const { append, blocks } = openLog();
    const days = ['2023-11-15T23:59:59.999Z', '2023-11-16T00:00:00Z'].map((datetime) => entry({ datetime }));
    await append(days);
    expect(blocks().map(({ entries }) => entries.length)).toEqual([1, 1]);
  });

  test('packs warnings and errors in blocks of their own, or leaves them as rows if only info is packed', async () => {
    const info = [at('11.000'), at('12.000')];
    const warnings = [{ ...at('12.500'), severity: 'warning' as const }];
    const errors = [{ ...at('13.000'), severity: 'error' as const }];
    const all = openLog();
    await all.append([...errors, ...info, ...warnings]);
    expect(all.blocks().map(({ timeline }) => timeline)).toEqual(['error-80', 'warning-80', 'info-1250']);
    const onlyInfo = openLog('info');
    await onlyInfo.append([...errors, ...info, ...warnings]);
    expect(onlyInfo.blocks().map(({ timeline }) => timeline)).toEqual(['info-1250']);
    expect(onlyInfo.rows().toSorted()).toEqual([...errors, ...warnings].map(({ id }) => id).toSorted());
  });

  test('leaves long messages as rows, whatever comes with them', async () => {
    const { append, blocks, rows } = openLog();
    const long = { ...at('11.000'), message: 'x'.repeat(17_000) };
    await append([...together(), long]);
    expect(blocks().map(({ entries }) => entries.length)).toEqual([TOGETHER]);
    expect(rows()).toEqual([long.id]);
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

  test.each([
    ['16,384 bytes of JSON as a part of a block', 16_384, 1, 0],
    ['one byte more as a row', 16_385, 0, 1],
  ])('stores an entry of %s', async (_, bytes, blockCount, rowCount) => {
    const { append, blocks, rows } = openLog();
    await append([ofBytes(bytes)]);
    expect([blocks().length, rows().length]).toEqual([blockCount, rowCount]);
  });

  test('fills a block to its last byte, 100 below 64 KiB, and begins another for one byte more', async () => {
    const quarter = (JSON_LIMIT_BYTES - 100) / 4;
    const filling = [quarter, quarter, quarter, quarter].map(ofBytes);
    const full = openLog();
    await full.append(filling);
    expect(full.blocks().map(({ entries }) => entries.length)).toEqual([4]);
    const over = openLog();
    await over.append([...filling.slice(1), ofBytes(quarter + 1)]);
    expect(over.blocks()).toHaveLength(2);
  });

  test('spreads blocks over the shards of their timeline once one is throttled', async () => {
    const { append, table, writer, reader } = openLog();
    table.isThrottled = ({ pk }) => pk?.S?.startsWith('b#') === true && writer.shardsInUse < 4;
    const sent = Array.from({ length: 30 }, (_, second) => at(`${10 + second}.000`));
    for (const one of sent) await append([one]);
    const shards = [...table.items.values()].flatMap(
      ({ pk }) => /^b#info-80#.*#(\d)$/.exec(pk?.S ?? '')?.[1] ?? [],
    );
    expect(new Set(shards).size).toBe(4);
    const found: string[] = [];
    await reader.newest({ limit: 100 }, ({ id }) => found.push(id) > 0);
    expect(found).toEqual(sent.map(({ id }) => id).toReversed());
  });

  test('writes the same block for the same entries in any order, and another for other entries', async () => {
    const { append, blocks } = openLog();
    const sent = together();
    await append(sent);
    await append(sent.toReversed());
    await append([...sent, ...sent]);
    expect(blocks()).toHaveLength(1);
    await append([...sent, at('15.500')]);
    expect(blocks()).toHaveLength(2);
  });

  test('counts entries and blocks apart, and names those of a block that was not stored', async () => {
    const { append, table } = openLog();
    const [one, other] = [together(), ['27.000', '26.000', '25.000'].map(at)];
    expect(await append([...one, ...one, ...other])).toEqual({
      stored: 8,
      drawn: new Map([
        ['info-5000', 5],
        ['info-2500', 3],
      ]),
      // Two blocks that are far apart, and the filter of each.
      items: 4,
      unstored: [],
      retries: 0,
    });
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
    const [[key, item] = []] = [...table.items].filter(([, { pk }]) => pk?.S?.startsWith('b#info-5000'));
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
    expect(reported).toEqual([{ bucket: 'info-5000#2023-11-15#0', place: damaged.place }]);
  });

  test('is unpacked up to 64 KiB of JSON and no further, whatever its form', () => {
    const sized = (bytes: number) => {
      const one = checked(ofBytes(bytes));
      const milliseconds = Date.parse(one.datetime);
      return [{ entry: one, milliseconds, cells: toCells(one) }];
    };
    // Beside what the entry takes: brackets around the columns.
    const most = JSON_LIMIT_BYTES - 9;
    expect(unpack(pack(sized(most)), 2, 'info')).toHaveLength(1);
    const tooLarge = expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' });
    expect(() => unpack(pack(sized(most + 1)), 2, 'info')).toThrow(tooLarge);
    const columns = [[at('11.000').datetime], ['info'], ['id'], ['x'.repeat(JSON_LIMIT_BYTES)], [null]];
    expect(() => unpack(deflateRawSync(JSON.stringify(columns)), 1, 'info')).toThrow(tooLarge);
  });

  test('of a form that a newer version writes is not skipped: the reader fails', async () => {
    const { append, table, read } = openLog();
    await append(together());
    for (const item of table.items.values()) if (item.form) item.form = { N: '3' };
    await expect(read()).rejects.toThrow(UnknownFormError);
  });
});

test('An entry below an instant is found in a block whose newest is 80 ms and a part of one above it', async () => {
  const { append, blocks, read } = openLog();
  const sent = [at('11.000'), at('11.080999999')];
  await append(sent);
  expect(blocks().map(({ timeline }) => timeline)).toEqual(['info-80']);
  expect(await read('2023-11-15T12:00:11.000000001Z')).toEqual(sent.slice(0, 1));
});

test('A UUID in upper case comes back as it was sent, beside one in lower case', async () => {
  const { append, read } = openLog();
  const uuid = '0b6f5a3e-9d0c-4c57-8f4e-1d2c3b4a5968';
  const sent = [
    { ...at('12.000'), id: uuid.toUpperCase() },
    { ...at('11.000'), id: uuid },
  ];
  await append(sent);
  expect(await read()).toEqual(sent);
});

test('A last page of packed entries that is exactly full leads to no further page', async () => {
  const { append, reader } = openLog();
  await append(together());
  const below = async (limit: number, start?: string) =>
    (await reader.newest({ limit, below: start }, () => true)).below;
  expect(await below(TOGETHER)).toBeUndefined();
  const next = await below(TOGETHER - 2);
  expect(next).toBeDefined();
  expect(await below(2, next)).toBeUndefined();
});

test('A block of form 1 is read beside others, also below an instant within its ten seconds', async () => {
  const { append, table, read } = openLog();
  const old = ['19.999', '14.000', '10.000'].map((second) => ({ ...at(second), attributes: { a: 1.5 } }));
  const newer = [at('19.500')];
  await append(newer);
  // The catalogue lists the timeline.
  const block = blockOfForm1(old);
  table.items.set('old', block);
  table.items.set('day', {
    pk: { S: 'd#entries' },
    sk: { S: '2023-11-15#1#30#blocks' },
    expiresAt: block.expiresAt,
  });
  const [first, ...others] = old;
  expect(await read()).toEqual([first, ...newer, ...others]);
  expect(await read('2023-11-15T12:00:11Z')).toEqual(old.slice(2));
});

/** An entry that takes so many bytes of JSON in a block. */
function ofBytes(bytes: number): LogEntry {
  const empty = { ...at('11.000'), message: '' };
  return { ...empty, message: 'x'.repeat(bytes - bytesOf(checked(empty), toCells(checked(empty)))) };
}

/** A block as form 1 was written: of info entries of ten seconds, with a column for their severity. */
function blockOfForm1(newestFirst: LogEntry[]) {
  const column = (cellOf: (one: LogEntry) => unknown) => newestFirst.map((one) => cellOf(one) ?? null);
  const columns = [
    column(({ datetime }) => datetime),
    column(({ severity }) => severity),
    column(({ id }) => id),
    column(({ message }) => message),
    column(({ attributes }) => attributes && JSON.stringify(attributes)),
  ];
  const positions = newestFirst.map((one) => positionOf(checked(one)));
  const contents = digest(JSON.stringify(positions), 22);
  return {
    pk: { S: 'b#blocks#2023-11-15#0' },
    sk: { S: `${positions[0]?.slice(0, 30)}~${contents}#0` },
    form: { N: '1' },
    packed: { B: deflateRawSync(JSON.stringify(columns)) },
    expiresAt: { N: '9999999999' },
  };
}
