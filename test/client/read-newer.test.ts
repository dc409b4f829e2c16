import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogService } from '../../client/log-service.ts';
import { readNewer } from '../../client/read-newer.ts';
import { entry } from '../support/entries.ts';

const START = Date.UTC(2026, 0, 1);

/** A service that holds entries at these milliseconds after the start, and answers a range newest first. */
function serviceWith(offsets: readonly number[], pageSize: number): LogService {
  const stored = offsets
    .map((offset, index) => entry({ id: `${index}`, datetime: new Date(START + offset).toISOString() }))
    .sort((a, b) => (a.datetime < b.datetime ? 1 : -1));
  return {
    urlOf: (path: string) => new URL(path, 'http://service'),
    async page(url: URL) {
      const [from = '', to = ''] = ['from', 'to'].map((name) => url.searchParams.get(name) ?? '');
      const skipped = Number(url.searchParams.get('cursor'));
      const range = stored.filter(({ datetime }) => datetime >= from && datetime < to);
      const next = new URL(url);
      next.searchParams.set('cursor', String(skipped + pageSize));
      return {
        entries: range.slice(skipped, skipped + pageSize),
        next: range.length > skipped + pageSize ? next : undefined,
      };
    },
  } as LogService;
}

describe('Reading newer entries', () => {
  test('yields every entry once and in order, however densely they stand', async () => {
    const dense = fc.array(fc.nat({ max: 50 }), { maxLength: 60 });
    const sparse = fc.array(fc.nat({ max: 90 * 86_400_000 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(dense, sparse, fc.integer({ min: 1, max: 10 }), async (near, far, pageSize) => {
        const offsets = [...near, ...far];
        const service = serviceWith(offsets, pageSize);
        const until = START + 100 * 86_400_000;
        const read: number[] = [];
        for (let after = START; after < until; ) {
          const { entries, upTo } = await readNewer(service, { severity: [] }, { after, until });
          read.unshift(...entries.map(({ datetime }) => Date.parse(datetime) - START));
          expect(upTo).toBeGreaterThan(after);
          after = upTo;
        }
        expect(read).toEqual(offsets.toSorted((a, b) => b - a));
      }),
    );
  });
});
