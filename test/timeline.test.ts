import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOfStretch, firstDayOf, shardOf } from '../entities/timeline.ts';
import { texts } from './support/arbitraries.ts';

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
      // Six standard deviations of a fair draw: a partition is sized for its share and some.
      expect(Math.max(...counts)).toBeLessThan(mean + 6 * Math.sqrt(mean));
    }
  });
});

describe('A stretch', () => {
  test('is called by its first day and ends above its last position', () => {
    const last = '2023-12-31T23:59:59.999999999Z#~~~#digest';
    const first = '2024-01-01T00:00:00.000000000Z#!#digest';
    expect([firstDayOf(last), firstDayOf(first)]).toEqual(['2023-01-01', '2024-01-01']);
    expect([last, endOfStretch('2023-01-01'), first].toSorted()).toEqual([
      last,
      endOfStretch('2023-01-01'),
      first,
    ]);
  });
});
