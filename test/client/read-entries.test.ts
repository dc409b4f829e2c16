import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogClient, type LogClient } from '../../client/log-client.ts';
import { readNewer, readNewest } from '../../client/read-entries.ts';
import { answer } from '../support/answer.ts';
import { entry } from '../support/entries.ts';

const START = Date.UTC(2026, 0, 1);

/** A client of a service with entries at these milliseconds after the start. */
function clientWith(offsets: readonly number[], pageSize: number, asked?: number[]): LogClient {
  const stored = offsets
    .map((offset, index) => entry({ id: `${index}`, datetime: new Date(START + offset).toISOString() }))
    .sort((a, b) => (a.datetime < b.datetime ? 1 : -1));
  return createLogClient(new URL('http://service'), async (url) => {
    const [from = '', to = ''] = ['from', 'to'].map((name) => url.searchParams.get(name) ?? '');
    const skipped = Number(url.searchParams.get('cursor'));
    const range = stored.filter(({ datetime }) => datetime >= from && (to === '' || datetime < to));
    const size = Math.min(pageSize, Number(url.searchParams.get('limit')));
    const next = new URL(url);
    next.searchParams.set('cursor', String(skipped + size));
    asked?.push(size);
    return answer(
      url,
      range.slice(skipped, skipped + size),
      range.length > skipped + size ? next : undefined,
    );
  });
}

describe('Reading newer entries', () => {
  test('yields every entry once and in order, however dense they are', async () => {
    const dense = fc.array(fc.nat({ max: 50 }), { maxLength: 60 });
    const sparse = fc.array(fc.nat({ max: 90 * 86_400_000 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(dense, sparse, fc.integer({ min: 1, max: 10 }), async (near, far, pageSize) => {
        const offsets = [...near, ...far];
        const client = clientWith(offsets, pageSize);
        const until = START + 100 * 86_400_000;
        const read: number[] = [];
        for (let after = START; after < until; ) {
          const { entries, upTo } = await readNewer(client, { severity: [] }, { after, until });
          read.unshift(...entries.map(({ datetime }) => Date.parse(datetime) - START));
          expect(upTo).toBeGreaterThan(after);
          after = upTo;
        }
        expect(read).toEqual(offsets.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('Reading the newest entries', () => {
  test('ends with the limit, says whether there are older ones, and takes large pages after the first', async () => {
    const asked: number[] = [];
    const client = clientWith(
      Array.from({ length: 3_000 }, (_, index) => index),
      1_000,
      asked,
    );
    const pages: [number, boolean][] = [];
    for await (const { entries, hasOlder } of readNewest(
      client,
      { severity: [] },
      { limit: 2_500, firstPage: 100 },
    ))
      pages.push([entries.length, hasOlder]);
    expect(pages).toEqual([
      [100, true],
      [1_000, true],
      [1_000, true],
      [400, true],
    ]);
    expect(asked).toEqual([100, 1_000, 1_000, 1_000]);
  });
});
