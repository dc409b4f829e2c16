import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogService } from '../../client/log-service.ts';
import { type Counted, readCounts } from '../../client/read-counts.ts';
import { SEVERITIES, type Severity } from '../../entities/entry.ts';

const START = Date.UTC(2026, 0, 1);
const FROM = new Date(START).toISOString();
const STEP = 1_000;
const MOST_PAGES = 10;

interface Stored {
  time: number;
  severity: Severity;
}

/** A service that counts so many entries a page, the newest first, and the requests that it got. */
function serviceWith(stored: readonly Stored[], perPage: number) {
  const asked: URL[] = [];
  const service = {
    urlOf: (path: string) => new URL(path, 'http://service'),
    nextOf: (response: Response) => {
      const next = response.headers.get('next');
      return next === null ? undefined : new URL(next);
    },
    async get(url: URL) {
      asked.push(url);
      const severities = url.searchParams.getAll('severity');
      const skipped = Number(url.searchParams.get('cursor'));
      const range = stored
        .filter(({ severity }) => severities.includes(severity))
        .sort((a, b) => b.time - a.time);
      const page = range.slice(skipped, skipped + perPage);
      const hasMore = range.length > skipped + perPage;
      const end = new Date(hasMore ? (page.at(-1)?.time ?? START) + 1 : START).toISOString();
      const next = new URL(url);
      next.searchParams.set('cursor', String(skipped + perPage));
      return Response.json(
        {
          // Each entry comes alone: counts of one bucket are to be added up, as those of several pages are.
          buckets: page.map(({ time, severity }) => ({
            start: new Date(bucketOf(time)).toISOString(),
            ...{ info: 0, warning: 0, error: 0 },
            [severity]: 1,
          })),
          countedBackTo: Object.fromEntries(severities.map((severity) => [severity, end])),
        },
        { headers: hasMore ? { next: next.href } : {} },
      );
    },
  } as unknown as LogService;
  return { service, asked };
}

const bucketOf = (time: number) => Math.floor(time / STEP) * STEP;

function countsOf(stored: readonly Stored[]): Counted['buckets'] {
  const buckets: Counted['buckets'] = new Map();
  for (const { time, severity } of stored) {
    const bucket = buckets.get(bucketOf(time)) ?? { info: 0, warning: 0, error: 0 };
    bucket[severity] += 1;
    buckets.set(bucketOf(time), bucket);
  }
  return buckets;
}

const entries = fc.array(
  fc.record({
    time: fc.integer({ min: START, max: START + 20_000 }),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  { maxLength: 40 },
);

describe('Counts of a range', () => {
  test('are those of all entries from the instant on that they name, page by page until the beginning', async () => {
    await fc.assert(
      fc.asyncProperty(
        entries,
        fc.subarray([...SEVERITIES]),
        fc.integer({ min: 1, max: 30 }),
        async (stored, severity, perPage) => {
          const { service, asked } = serviceWith(stored, perPage);
          const wanted = stored.filter((one) => severity.length === 0 || severity.includes(one.severity));
          let last: Counted | undefined;
          for await (const counted of readCounts(service, { severity, from: FROM }, STEP, {
            onOutage: () => {},
          })) {
            const isComplete = ([start]: [number, unknown]) => start >= counted.completeFrom;
            expect(new Map([...counted.buckets].filter(isComplete))).toEqual(
              new Map([...countsOf(wanted)].filter(isComplete)),
            );
            last = counted;
          }
          expect(asked.length).toBeLessThanOrEqual(MOST_PAGES);
          if (asked.length < MOST_PAGES) {
            expect(last?.buckets).toEqual(countsOf(wanted));
            expect(last?.completeFrom).toBe(START);
          }
        },
      ),
    );
  });

  test('begin with warnings and errors, and are complete nowhere before info is counted', async () => {
    const stored: Stored[] = SEVERITIES.map((severity, index) => ({ time: START + index, severity }));
    const { service, asked } = serviceWith(stored, 10);
    const complete: number[] = [];
    for await (const { completeFrom } of readCounts(service, { severity: [], from: FROM }, STEP, {
      onOutage: () => {},
    }))
      complete.push(completeFrom);
    expect(asked.map(({ searchParams }) => searchParams.getAll('severity'))).toEqual([
      ['warning', 'error'],
      ['info'],
    ]);
    expect(complete).toEqual([Number.POSITIVE_INFINITY, START]);
  });
});
