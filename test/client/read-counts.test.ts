import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogClient } from '../../client/log-client.ts';
import { asLongAsItTakes } from '../../client/patience.ts';
import { type Counted, readCounts } from '../../client/read-counts.ts';
import { SEVERITIES, type Severity } from '../../entities/entry.ts';
import { answer } from '../support/answer.ts';

const START = Date.UTC(2026, 0, 1);
const FROM = new Date(START).toISOString();
const STEP = 1_000;
const MOST_PAGES = 10;

interface Stored {
  time: number;
  severity: Severity;
}

/** A client of a service that counts so many entries a page, the newest first, and the requests that it got. */
function clientWith(stored: readonly Stored[], perPage: number) {
  const asked: URL[] = [];
  const client = createLogClient(new URL('http://service'), async (url) => {
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
    const counts = {
      // Each entry comes alone: counts of one bucket must be added up, as those of several pages are.
      buckets: page.map(({ time, severity }) => ({
        start: new Date(bucketOf(time)).toISOString(),
        ...{ info: 0, warning: 0, error: 0 },
        [severity]: 1,
      })),
      countedBackTo: Object.fromEntries(severities.map((severity) => [severity, end])),
    };
    return answer(url, counts, hasMore ? next : undefined);
  });
  return { client, asked };
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
          const { client, asked } = clientWith(stored, perPage);
          const wanted = stored.filter((one) => severity.length === 0 || severity.includes(one.severity));
          let last: Counted | undefined;
          for await (const counted of readCounts(client, { severity, from: FROM }, STEP, {
            wait: asLongAsItTakes,
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
            expect(last?.complete).toEqual(
              SEVERITIES.filter((one) => severity.length === 0 || severity.includes(one)),
            );
          }
        },
      ),
    );
  });

  test('begin with warnings and errors, and are complete nowhere before info is counted', async () => {
    const stored: Stored[] = SEVERITIES.map((severity, index) => ({ time: START + index, severity }));
    const { client, asked } = clientWith(stored, 10);
    const complete: number[] = [];
    for await (const { completeFrom } of readCounts(client, { severity: [], from: FROM }, STEP, {
      wait: asLongAsItTakes,
    }))
      complete.push(completeFrom);
    expect(asked.map(({ searchParams }) => searchParams.getAll('severity'))).toEqual([
      ['warning', 'error'],
      ['info'],
    ]);
    expect(complete).toEqual([Number.POSITIVE_INFINITY, START]);
  });

  test.each([
    null,
    [],
    { buckets: {}, countedBackTo: {} },
    { buckets: [], countedBackTo: null },
    { buckets: [], countedBackTo: { info: 'noon' } },
    { buckets: [null], countedBackTo: {} },
    { buckets: [{ start: 'noon', info: 1, warning: 0, error: 0 }], countedBackTo: {} },
    { buckets: [{ start: FROM, info: '1', warning: 0, error: 0 }], countedBackTo: {} },
    { buckets: [{ start: FROM, info: -1, warning: 0, error: 0 }], countedBackTo: {} },
  ])('are refused where a service answers with %j', async (body) => {
    const client = createLogClient(new URL('http://service'), async (url) => answer(url, body));
    const counts = readCounts(client, { severity: [], from: FROM }, STEP, { wait: () => undefined });
    await expect(counts.next()).rejects.toMatchObject({ reason: 'not-a-log-service' });
  });
});
