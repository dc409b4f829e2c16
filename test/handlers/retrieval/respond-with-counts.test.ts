import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES, type Severity } from '../../../entities/entry.ts';
import { parseInstant } from '../../../entities/instant.ts';
import { createLogReader, type LogReader } from '../../../entities/read/log-reader.ts';
import type { Packing } from '../../../entities/table.ts';
import { createLogWriter } from '../../../entities/write/log-writer.ts';
import { countEntries } from '../../../handlers/retrieval/respond-with-counts.ts';
import { RUNS } from '../../support/arbitraries.ts';
import { checked, entry } from '../../support/entries.ts';
import { createModelTable } from '../../support/model-table.ts';

const START = Date.now() - 3_600_000;
const FROM = parseInstant(new Date(START).toISOString());
const STEP = 60_000;
const stored = Array.from({ length: 40 }, (_, index) =>
  entry({
    datetime: new Date(START + 1 + Math.floor(index / 3) * 20_000).toISOString(),
    severity: SEVERITIES[index % 5] ?? 'info',
  }),
);

const TABLE = 'logs';

/** Reads smaller pages than the service does. */
const withPagesOf = (reader: LogReader, most: number): LogReader => ({
  ...reader,
  newest: ({ limit, ...query }, collect) =>
    reader.newest({ ...query, limit: Math.min(limit, most) }, collect),
});

describe.each<Packing>(['off', 'info', 'all'])('Counting in small pages, with packing %s', (packing) => {
  let reader: LogReader;
  beforeAll(async () => {
    const { client } = await tableWith(stored, packing);
    reader = createLogReader({ client, table: TABLE });
  });

  test('finds each entry once, and names the instant down to which each severity is counted', async () => {
    const perPage = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(fc.subarray([...SEVERITIES], { minLength: 1 }), perPage, async (asked, most) => {
        const found: Record<Severity, number> = { info: 0, warning: 0, error: 0 };
        let next: { severities: readonly Severity[]; below?: string } | undefined = { severities: asked };
        while (next) {
          const counts = await countEntries(withPagesOf(reader, most), { from: FROM, ...next }, STEP);
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

test('Counting beyond the budget of a page counts the errors at once, and continues with info', async () => {
  // At the start of a minute, so that all of them are in it.
  const later = Math.ceil((START + 1_800_000) / 60_000) * 60_000;
  const infos = Array.from({ length: 5_000 }, (_, index) =>
    entry({ datetime: new Date(later + index).toISOString() }),
  );
  const error = entry({ datetime: new Date(START + 1).toISOString(), severity: 'error' });
  const { client } = await tableWith([error, ...infos], 'off');
  const reader = createLogReader({ client, table: TABLE, budget: { rows: 100, milliseconds: Infinity } });

  const first = await countEntries(reader, { from: FROM, severities: [...SEVERITIES] }, STEP);
  expect(first.buckets.at(-1)).toMatchObject({ info: 0, warning: 0, error: 1 });
  expect(first.countedBackTo.error).toBe(FROM);
  expect(first.countedBackTo.info?.slice(0, 16)).toBe(new Date(later).toISOString().slice(0, 16));
  expect(first.next?.severities).toEqual(['info']);

  let counted = 0;
  for (let page = first; ; ) {
    for (const { info } of page.buckets) counted += info;
    if (!page.next) break;
    page = await countEntries(reader, { from: FROM, ...page.next }, STEP);
    expect(page.buckets.every((bucket) => bucket.error === 0)).toBe(true);
  }
  expect(counted).toBe(5_000);
});

async function tableWith(entries: LogEntry[], packing: Packing) {
  const { client } = createModelTable();
  const writer = createLogWriter({ client, table: TABLE, shards: 2, retentionDays: 30, packing });
  await writer.appendEntries(entries.map(checked), new AbortController().signal);
  return { client };
}

/** How many of a severity are newer than an instant. */
function countOf(severity: string, instant: string): number {
  return stored.filter((one) => one.severity === severity && parseInstant(one.datetime) > instant).length;
}
