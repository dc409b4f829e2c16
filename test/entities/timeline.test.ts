import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../entities/entry.ts';
import { toLogEntryRow } from '../../entities/log-entry.ts';
import { dayOf, endOfDay, isAbove, placeOf, positionIn, shardOf } from '../../entities/timeline.ts';
import { datetimes, entries, ids, texts } from '../support/arbitraries.ts';
import { checked } from '../support/entries.ts';

describe('A shard', () => {
  test('is one of those there are, and the same for the same id', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 256 }), (id, shards) => {
        const shard = shardOf(id, shards);
        expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true);
        expect(shardOf(id, shards)).toBe(shard);
      }),
    );
  });

  test.each([
    ['counting', (n: number) => `host-${n}`],
    ['random', () => crypto.randomUUID()],
    ['padded', (n: number) => String(n).padStart(20, '0')],
    ['time-ordered', (n: number) => `018bd12b-${(0xf000 + n).toString(16)}-7000-8000-000000000000`],
  ])('gets about its share of %s ids', (_, idOf) => {
    for (const shards of [2, 3, 8, 64]) {
      const mean = 250;
      const drawn = Array.from({ length: mean * shards }, (_, n) => shardOf(idOf(n), shards));
      const counts = Array.from(
        { length: shards },
        (_, shard) => drawn.filter((one) => one === shard).length,
      );
      // Six standard deviations of a fair draw: a partition is sized for its share with a margin.
      expect(Math.max(...counts)).toBeLessThan(mean + 6 * Math.sqrt(mean));
    }
  });
});

describe('A day', () => {
  test('is that of the UTC instant, and ends above its last position and below the first of the next day', () => {
    const last = '2023-12-31T23:59:59.999999999Z#~~~#digest';
    const first = '2024-01-01T00:00:00.000000000Z#!#digest';
    expect([dayOf(last), dayOf(first), dayOf(endOfDay('2023-12-31'))]).toEqual([
      '2023-12-31',
      '2024-01-01',
      '2023-12-31',
    ]);
    expect(isAbove(endOfDay('2023-12-31'), last)).toBe(true);
    expect(isAbove(first, endOfDay('2023-12-31'))).toBe(true);
  });
});

describe('A position', () => {
  test('is above another exactly where its bytes in UTF-8 are, which is how DynamoDB orders keys', () => {
    const positions = fc
      .tuple(
        fc.constantFrom('2023-11-15T12:05:00.000000000Z', '2023-11-15T12:05:00.000000001Z'),
        fc.oneof(ids, texts),
      )
      .map(([instant, id]) => `${instant}#${id}`);
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        expect(isAbove(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0);
      }),
    );
  });

  test('of an id beyond U+FFFF is above one of the last characters before, though UTF-16 says otherwise', () => {
    const [emoji, compatibility] = ['\u{1F600}', '\uFF41'].map((id) => positionOf({ id })) as [
      string,
      string,
    ];
    expect(emoji < compatibility).toBe(true);
    expect(isAbove(emoji, compatibility)).toBe(true);
  });

  test('has the order of its place, in whatever shard, also where an id imitates the position of another entry', () => {
    const imitating = fc
      .tuple(ids, ids)
      .map(([id, tail]) => [id, `${positionOf({ id }).slice(INSTANT.length + 1)}${tail}`] as const);
    fc.assert(
      fc.property(imitating, fc.nat(9), fc.nat(300), ([id, imitation], shardOfA, shardOfB) => {
        const [a, b] = [positionOf({ id }), positionOf({ id: imitation })];
        expect(isAbove(placeOf(a, shardOfA), placeOf(b, shardOfB))).toBe(isAbove(a, b));
        expect(positionIn(placeOf(a, shardOfB))).toBe(a);
        expect(isAbove(placeOf(a, shardOfA), a)).toBe(true);
      }),
    );
  });

  test('is in the order of time, whatever id and content follow', () => {
    const dated = fc.tuple(entries, datetimes());
    fc.assert(
      fc.property(dated, dated, ([entryA, a], [entryB, b]) => {
        fc.pre(a.nanoseconds !== b.nanoseconds);
        const [positionOfA, positionOfB] = [
          positionOf({ ...entryA, datetime: a.text }),
          positionOf({ ...entryB, datetime: b.text }),
        ];
        expect(isAbove(positionOfA, positionOfB)).toBe(a.nanoseconds > b.nanoseconds);
      }),
    );
  });

  test('is the same for the same entry, and another for an entry that differs in anything', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(positionOf(a) === positionOf(b)).toBe(isSame);
      }),
    );
    const one = { id: 'one', datetime: '2023-11-15T12:05:00Z', severity: 'info', message: 'm' } as const;
    const others = [
      { ...one, id: 'other' },
      { ...one, datetime: '2023-11-15T12:05:00.0Z' },
      { ...one, severity: 'error' },
      { ...one, message: 'n' },
      { ...one, attributes: {} },
      { ...one, attributes: { a: 1 } },
      { ...one, message: 'm\n{}' },
    ] as const;
    expect(new Set([one, ...others].map(positionOf)).size).toBe(8);
  });
});

const INSTANT = '2023-11-15T12:05:00.000000000Z';

function positionOf(overrides: Partial<LogEntry>): string {
  const entry = { id: 'id', datetime: '2023-11-15T12:05:00Z', severity: 'info', message: '' } as const;
  return toLogEntryRow(checked({ ...entry, ...overrides }), 1).position;
}
