import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant } from '../../entities/instant.ts';
import { createFollower, type Entry, keyOf } from '../../page/follow.js';
import { instantOf, millisOf, readableTime } from '../../page/instant.js';
import { nextLink } from '../../page/next-link.js';
import { datetimes } from '../support/arbitraries.ts';

describe('An instant', () => {
  test('is the one that the service sorts by', () => {
    fc.assert(
      fc.property(datetimes(), ({ text, nanoseconds }) => {
        expect(instantOf(text)).toBe(parseInstant(text));
        expect(BigInt(millisOf(text))).toBe(floorDivide(nanoseconds, 1_000_000n));
      }),
    );
  });

  test('is read in UTC, a leap second as the second after it', () => {
    expect(readableTime('2016-12-31T23:59:60.5Z', false)).toBe('2017-01-01 00:00:00.500Z');
    expect(readableTime('2023-11-15t13:05:00+01:00', false)).toBe('2023-11-15 12:05:00.000Z');
    expect(() => instantOf('2023-11-15')).toThrow(RangeError);
  });
});

describe('The next link', () => {
  test.each([
    ['</logs?cursor=a,b;c>; rel="next"', '/logs?cursor=a,b;c'],
    ['</first>; rel="first", </n>; title="x"; rel=next', '/n'],
    ['</logs>; rel="nextish"', undefined],
    [null, undefined],
  ])('of %j is %j', (header, target) => {
    expect(nextLink(header)).toBe(target);
  });
});

describe('A follower', () => {
  const OVERLAP = 1_000;
  /** Arrivals in order: between polls, each at some time after the start, and late by less than the overlap. */
  const rounds = fc.array(
    fc.array(
      fc.record({ id: fc.constantFrom('a', 'b'), late: fc.nat({ max: OVERLAP - 1 }), copies: fc.nat(2) }),
      {
        maxLength: 4,
      },
    ),
    { maxLength: 8 },
  );

  test('shows everything that is late by no more than the overlap, each once, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer({ min: 1, max: 3 }), async (given, pageSize) => {
        const stored = new Map<string, Entry>();
        let clock = Date.parse('2026-03-01T03:00:00Z');
        const follower = createFollower({
          overlap: OVERLAP,
          now: () => clock,
          async *read(from) {
            const window = [...stored.values()]
              .filter(({ datetime }) => datetime >= from)
              .sort((a, b) => (a.datetime < b.datetime ? 1 : -1));
            for (let at = 0; at < window.length; at += pageSize) yield window.slice(at, at + pageSize);
          },
        });
        const shown: string[] = [];
        for (const arrivals of [...given, []]) {
          shown.push(...(await follower.poll()).map(keyOf));
          clock += 700;
          for (const { id, late, copies } of arrivals) {
            const datetime = new Date(clock - late).toISOString();
            for (let copy = 0; copy <= copies; copy += 1) {
              const entry: Entry = { id, datetime, severity: 'info', message: `copy ${copy}` };
              stored.set(keyOf(entry), entry);
            }
          }
        }
        shown.push(...(await follower.poll()).map(keyOf));
        expect(shown.toSorted()).toEqual([...stored.keys()].toSorted());
      }),
    );
  });

  test('with more in its window than it remembers, repeats nothing', async () => {
    const at = (second: number): Entry => ({
      id: `${second}`,
      datetime: new Date(Date.UTC(2026, 2, 1, 3, 0, second)).toISOString(),
      severity: 'info',
      message: '',
    });
    const stored = [at(3), at(2), at(1), at(0)];
    const follower = createFollower({
      overlap: 3_600_000,
      remembered: 2,
      now: () => Date.UTC(2026, 2, 1, 3, 1),
      async *read(from) {
        yield stored.filter(({ datetime }) => datetime >= from);
      },
    });
    expect((await follower.poll()).map(({ id }) => id)).toEqual(['0', '1', '2', '3']);
    stored.unshift(at(4));
    expect((await follower.poll()).map(({ id }) => id)).toEqual(['4']);
    expect(await follower.poll()).toEqual([]);
  });

  test('makes up for a read that failed', async () => {
    const entry: Entry = { id: 'a', datetime: '2026-03-01T03:00:00Z', severity: 'info', message: '' };
    let fails = true;
    const follower = createFollower({
      overlap: OVERLAP,
      now: () => Date.parse(entry.datetime),
      async *read() {
        yield [entry];
        if (fails) throw new Error('broken off');
      },
    });
    await expect(follower.poll()).rejects.toThrow('broken off');
    fails = false;
    expect(await follower.poll()).toEqual([entry]);
  });
});

/** Toward the past, also before 1970. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
