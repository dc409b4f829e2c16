import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES, type Severity } from '../../../entities/entry.ts';
import { parseInstant } from '../../../entities/instant.ts';
import { createLogReader, type LogReader } from '../../../entities/read/log-reader.ts';
import { createLogWriter } from '../../../entities/write/log-writer.ts';
import { countEntries } from '../../../handlers/retrieval/respond-with-counts.ts';
import { RUNS } from '../../support/arbitraries.ts';
import { checked, entry } from '../../support/entries.ts';
import { openTables, type TestTable } from '../../support/table.ts';

const START = Date.now() - 3_600_000;
const FROM = parseInstant(new Date(START).toISOString());
const STEP = 60_000;
const stored = Array.from({ length: 40 }, (_, index) =>
  entry({
    datetime: new Date(START + 1 + Math.floor(index / 3) * 20_000).toISOString(),
    severity: SEVERITIES[index % 5] ?? 'info',
  }),
);

let tables: TestTable;
let reader: LogReader;
beforeAll(async () => {
  tables = await openTables();
  const store = { client: tables.client, table: await tables.create() };
  reader = createLogReader(store);
  const writer = createLogWriter({ ...store, shards: 2, retentionDays: 30 });
  await writer.appendEntries(stored.map(checked), AbortSignal.timeout(20_000));
});
afterAll(() => tables.close());

/** Reads smaller pages than the service does. */
const withPagesOf = (most: number): LogReader => ({
  ...reader,
  newest: ({ limit, ...query }, collect) =>
    reader.newest({ ...query, limit: Math.min(limit, most) }, collect),
});

describe('Counting in small pages', () => {
  test('finds each entry once, and names the instant down to which each severity is counted', async () => {
    const perPage = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(fc.subarray([...SEVERITIES], { minLength: 1 }), perPage, async (asked, most) => {
        const found: Record<Severity, number> = { info: 0, warning: 0, error: 0 };
        let next: { severities: Severity[]; below?: string } | undefined = { severities: asked };
        while (next) {
          const counts = await countEntries(withPagesOf(most), { from: FROM, ...next }, STEP);
          for (const bucket of counts.buckets)
            for (const severity of SEVERITIES) found[severity] += bucket[severity];
          const starts = counts.buckets.map(({ start }) => start);
          expect(starts).toEqual(starts.toSorted().reverse());
          for (const [severity, backTo] of Object.entries(counts.countedBackTo))
            expect(found[severity as Severity]).toBeGreaterThanOrEqual(countOf(severity, backTo));
          next = counts.next;
        }
        expect(found).toEqual(
          Object.fromEntries(
            SEVERITIES.map((severity) => [severity, asked.includes(severity) ? countOf(severity, FROM) : 0]),
          ),
        );
      }),
      { numRuns: 40 * RUNS },
    );
  });
});

/** How many of a severity are newer than an instant. */
function countOf(severity: string, instant: string): number {
  return stored.filter((one) => one.severity === severity && parseInstant(one.datetime) > instant).length;
}
