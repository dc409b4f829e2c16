import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Item } from '../../entities/electro.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { parseInstant } from '../../entities/instant.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import { endOfDay } from '../../entities/timeline.ts';
import { checked, entry } from '../support/entries.ts';
import { at, openLog, together } from '../support/packed-log.ts';

describe('Filters of blocks', () => {
  const letters = () => randomBytes(300).toString('hex').replace(/\d/g, ' ');
  const needles = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...entry({
        id: `needle-${at}`,
        datetime: new Date(Date.parse('2023-11-15T00:00:00Z') + at * 50).toISOString(),
        message: letters(),
      }),
      attributes: { trace: `trace-${at}` },
    }));

  test('lead to an entry by its id, or by a token in an attribute, past all other blocks', async () => {
    const { append, costOf, reader } = openLog();
    const sent = needles(2_000);
    for (let at = 0; at < sent.length; at += 100) await append(sent.slice(at, at + 100));
    const found: string[] = [];
    const collect = ({ id }: { id: string }) => found.push(id) > 0;
    const byId = await costOf(() => reader.withId('needle-3', { limit: 10 }, collect));
    const attributes = [{ name: 'trace', text: 'trace-3' }];
    const byTrace = await costOf(() => reader.newest({ limit: 10, attributes }, collect));
    expect(found).toEqual(['needle-3', 'needle-3']);
    const all = await costOf(() => reader.newest({ limit: 2_000 }, () => true));
    for (const { readUnits } of [byId, byTrace]) expect(readUnits).toBeLessThan(all.readUnits / 5);
  });

  test.each([
    ['attributes', { attributes: '{"order":"ORDER-12345\\u0036-\\u00e9"}' }],
    ['message', { message: '{"order":"ORDER-12345\\u0036-\\u00e9"}' }],
  ])('find what was written as an escape in the JSON of the %s', async (_, escaped) => {
    const { writer, find } = openLog();
    const { attributes, ...plain } = checked(entry());
    await writer.appendEntries([{ ...plain, ...escaped }], AbortSignal.timeout(10_000));
    expect(await find({ attributes: [{ name: 'order', text: 'ORDER-123456-é' }] })).toEqual([plain.id]);
  });

  test('count for an entry: it is stored once its filter is', async () => {
    const { append, table } = openLog();
    table.isThrottled = ({ pk }) => pk?.S?.startsWith('f#') === true;
    const lost = together();
    const { stored, unstored } = await append(lost, AbortSignal.timeout(100));
    expect({ stored, unstored: unstored.map(({ id }) => id).toSorted() }).toEqual({
      stored: 0,
      unstored: lost.map(({ id }) => id).toSorted(),
    });
    expect(await append(lost, AbortSignal.timeout(100))).toMatchObject({ stored: 0 });
    table.isThrottled = () => false;
    expect(await append(lost)).toMatchObject({ stored: lost.length, unstored: [] });
  });

  test.each([
    ['1 ms', '2023-11-15T12:00:00.000Z', '2023-11-15T12:00:00.001Z'],
    ['9.999 s', '2023-11-15T12:00:00.000Z', '2023-11-15T12:00:09.999Z'],
    ['3 s (on the next day)', '2023-11-15T23:59:58.000Z', '2023-11-16T00:00:01.000Z'],
  ])('lead to an entry that is dated %s after the time in its UUIDv7', async (_, made, datetime) => {
    const { append, reader } = openLog();
    const hex = Date.parse(made).toString(16).padStart(12, '0');
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
    await append([...together(), entry({ id, datetime })]);
    const found: string[] = [];
    await reader.withId(id, { limit: 10 }, (one) => found.push(one.datetime) > 0);
    expect(found).toEqual([datetime]);
  });

  test('lead to an entry by its id and the end of a time span on the first page', async () => {
    const { append, reader } = openLog();
    const sent = at('11.000');
    await append([sent]);
    const to = parseInstant(at('12.000').datetime);
    const page = await reader.withId(sent.id, { limit: 10, below: to, to }, () => true);
    expect(page).toMatchObject({ count: 1, below: undefined });
  });

  test('of two days are on their own days, as their blocks are', async () => {
    const { append, table } = openLog();
    await append(['2023-11-15T23:59:59.999Z', '2023-11-16T00:00:00Z'].map((datetime) => entry({ datetime })));
    const days = [...table.items.values()].flatMap(
      ({ pk }) => /^f#filters#(.*)#0$/.exec(pk?.S ?? '')?.[1] ?? [],
    );
    expect(days.toSorted()).toEqual(['2023-11-15', '2023-11-16']);
  });

  test.each<[string, (item: Item) => Item]>([
    ['filters are cut off', (item) => ({ ...item, filters: { B: item.filters?.B?.slice(1) as Uint8Array } })],
    ['filters have another bit', (item) => ({ ...item, filters: { B: flipped(item.filters?.B) } })],
    ['filters are a text', (item) => ({ ...item, filters: { S: 'damaged' } })],
    ['blocks are cut off', (item) => ({ ...item, blocks: { S: String(item.blocks?.S).slice(0, -1) } })],
    ['blocks are missing', ({ blocks, ...item }) => item],
  ])('whose %s are skipped and reported, and others lead on', async (_, damage) => {
    const { append, table, reader } = openLog();
    const [lost, kept] = [needles(2)[0], needles(2)[1]] as [LogEntry, LogEntry];
    await append([{ ...lost, datetime: at('40.000').datetime }]);
    const [[key, item] = ['', {}]] = [...table.items].filter(([, { pk }]) => pk?.S?.startsWith('f#'));
    table.items.set(key, damage(item));
    await append([kept]);
    for (const [id, expected] of [
      [kept.id, [kept.id]],
      [lost.id, []],
    ] as const) {
      const found: string[] = [];
      const reported: object[] = [];
      const onUnreadableBlock = (block: object) => reported.push(block);
      const from = parseInstant('2023-11-15T00:00:00Z');
      await reader.withId(id, { limit: 10, from, onUnreadableBlock }, (one) => found.push(one.id) > 0);
      await reader.newest({ limit: 10, words: [id], onUnreadableBlock }, (one) => found.push(one.id) > 0);
      expect(found).toEqual([...expected, ...expected]);
      const place = { bucket: 'filters#2023-11-15#0', place: item.sk?.S };
      expect(reported).toEqual([place, place]);
    }
  });

  test('lead to an entry below an instant and from another, past newer blocks of the same filters', async () => {
    const { append, find } = openLog();
    const seconds = ['11.000', '12.000', '14.000', '40.000'];
    const sent = seconds.map((second) => ({ ...at(second), message: 'order ORDER-2026-17' }));
    await append(sent);
    const words = ['ORDER-2026-17'];
    const to = parseInstant(at('13.000').datetime);
    expect(await find({ words, below: to })).toEqual([sent[1]?.id, sent[0]?.id]);
    expect(await find({ words, below: to, from: parseInstant(at('11.500').datetime) })).toEqual([
      sent[1]?.id,
    ]);
  });

  test('share an item if they span five seconds and expire together', async () => {
    const { append, table } = openLog();
    const filters = () => [...table.items.values()].filter(({ pk }) => pk?.S?.startsWith('f#')).length;
    await append(['10.000', '15.000', '20.000', '25.001'].map((second) => at(second)));
    // Blocks end at 25.001, 20 and 10 seconds.
    expect(filters()).toBe(3);
    await append(
      ['30.000', '33.000'].map((second, n) => ({ ...at(second), severity: n ? 'info' : 'error' })),
    );
    expect(filters()).toBe(4);
  });

  test('are read once by the pages of a search, not again by each page', async () => {
    const { append, costOf, table } = openLog();
    const noon = Date.parse('2023-11-15T12:00:00Z');
    for (let second = 0; second < 600; second++)
      await append([entry({ datetime: new Date(noon + 1_000 * second).toISOString() })]);
    const budget = { rows: 50, milliseconds: 60_000 };
    const reader = createLogReader({ client: table.client, table: 'logs', budget });
    let pages = 0;
    const { rows } = await costOf(async () => {
      for (let below: string | undefined = endOfDay('2023-11-15'); below; pages++)
        ({ below } = await reader.newest({ limit: 10, words: ['order-12345'], below }, () => true));
    });
    expect(pages).toBeGreaterThan(5);
    // A page begins ten seconds above the end of the one before, because a filter may have blocks below it.
    expect(rows).toBeLessThan(600 + 11 * pages + 100);
  });

  test('lead to entries of the severities that are asked for alone', async () => {
    const { append, find } = openLog();
    const sent = (['info', 'warning', 'error'] as const).map((severity) => ({
      ...at('11.000'),
      severity,
      message: 'order ORDER-2026-17',
    }));
    await append(sent);
    expect(await find({ words: ['ORDER-2026-17'], severities: ['warning'] })).toEqual([sent[1]?.id]);
  });

  test('lead to the blocks that may have all of several tokens, and to no others', async () => {
    const { append, costOf, find } = openLog();
    for (let minute = 0; minute < 20; minute++)
      await append([
        entry({
          datetime: `2023-11-15T12:${10 + minute}:00Z`,
          message: `ORDER-2026-17 of customer-${minute}`,
        }),
      ]);
    const cost = (words: string[]) => costOf(() => find({ words }));
    const [both, one] = [await cost(['ORDER-2026-17', 'customer-7']), await cost(['ORDER-2026-17'])];
    // Of 19 other blocks, hardly any seems to have both.
    expect(one.requests - both.requests).toBeGreaterThan(10);
  });

  test('lead to a block that was moved to another shard by a throttle', async () => {
    const { append, table, reader } = openLog();
    let throttles = 0;
    table.isThrottled = ({ pk }) => pk?.S?.startsWith('b#') === true && throttles++ < 4;
    const sent = needles(40);
    await append(sent);
    for (const { id } of sent) {
      const found: string[] = [];
      await reader.withId(id, { limit: 10 }, (one) => found.push(one.id) > 0);
      expect(found).toEqual([id]);
    }
  });
});

function flipped([first = 0, ...others]: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(first ^ 1, ...others);
}
