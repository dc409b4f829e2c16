import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES, type Severity } from '../../entities/entry.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import type { Page } from '../../entities/read/read-page.ts';
import { PACKINGS, type Packing } from '../../entities/table.ts';
import { daysKept, type Retention } from '../../entities/timeline.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { countEntries } from '../../handlers/retrieval/respond-with-counts.ts';
import { RUNS } from '../support/arbitraries.ts';
import { checked, entry, sent } from '../support/entries.ts';
import { createModelTable } from '../support/model-table.ts';
import { expectNewest, newestFirst } from '../support/oracle.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const LONG_AGO = '2000-01-01T00:00:00.000000000Z';
const TABLE = 'logs';
const EACH = { info: 7, warning: 30, error: 90 };

/** Nothing deletes from the model's table, so only readers can leave out what has expired. */
let now = START;
beforeAll(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterAll(() => {
  jest.restoreAllMocks();
});

describe.each<Packing>([...PACKINGS])('With a retention for each severity and packing %s', (packing) => {
  test('pages, counts and ids find the errors of days whose info has expired', async () => {
    const log = openLog();
    const stored = Array.from({ length: 10 }, (_, day) => SEVERITIES.map((one) => of(one, day))).flat();
    for (const one of stored) await log.append(one, EACH, packing);
    for (const [day, severities] of [
      [6, ['info', 'warning', 'error']],
      [20, ['warning', 'error']],
      [60, ['error']],
      [120, []],
    ] as [number, Severity[]][]) {
      now = START + day * DAY_MS;
      expectNewest(await log.read(4), newestFirst(stored, { severities }));
      for (const { id, severity } of stored.slice(0, 3))
        expect(await log.find(id)).toBe(severities.includes(severity) ? 1 : 0);
      const { buckets } = await log.count();
      for (const severity of SEVERITIES)
        expect(sum(buckets.map((bucket) => bucket[severity]))).toBe(severities.includes(severity) ? 10 : 0);
    }
  });

  test('dead letters are kept as long as the severity that is kept longest', async () => {
    const log = openLog();
    await log.refuse(EACH, packing);
    now = START + 89 * DAY_MS;
    expect(await log.deadLetters()).toBe(1);
    now = START + 91 * DAY_MS;
    expect(await log.deadLetters()).toBe(0);
  });
});

test('Raising the retention keeps what is sent from then on longer; lowering it deletes nothing earlier', async () => {
  const log = openLog();
  const stored = [of('info', 0), of('info', 0), of('info', 0)];
  await log.append(stored[0] as LogEntry, EACH, 'off');
  await log.append(stored[1] as LogEntry, { ...EACH, info: 60 }, 'off');
  await log.append(stored[2] as LogEntry, 1, 'off');
  now = START + 5 * DAY_MS;
  expectNewest(await log.read(1), newestFirst(stored.slice(0, 2)));
  now = START + 50 * DAY_MS;
  expect(await log.read(1)).toEqual([stored[1]]);
});

const days = fc.integer({ min: 1, max: 12 });
const retentions: fc.Arbitrary<Retention> = fc.oneof(
  days,
  fc.record({ info: days, warning: days, error: days }),
);
/** What is sent on a day, dated up to three days before, under the setting of that day. */
const requests = fc.record({
  sentOn: fc.nat(9),
  entries: fc.array(fc.record({ severity: fc.constantFrom(...SEVERITIES), lateBy: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  }),
  retention: retentions,
  packing: fc.constantFrom<Packing>(...PACKINGS),
});

test('Pages and counts have exactly what has not expired, whatever the settings were', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(requests, { maxLength: 8 }),
      fc.integer({ min: 9, max: 24 }),
      fc.constantFrom(1, 3, 100),
      fc.subarray([...SEVERITIES], { minLength: 1 }),
      async (sendings, readOn, limit, severities) => {
        const log = openLog();
        const live: LogEntry[] = [];
        for (const { sentOn, entries, retention, packing } of sendings.toSorted(
          (a, b) => a.sentOn - b.sentOn,
        )) {
          now = START + sentOn * DAY_MS;
          const batch = entries.map(({ severity, lateBy }) => of(severity, sentOn - lateBy));
          await log.append(batch, retention, packing);
          live.push(...batch.filter(({ severity }) => sentOn + daysKept(retention, severity) > readOn));
        }
        now = START + readOn * DAY_MS;
        const expected = newestFirst(live, { severities });
        expectNewest(await log.read(limit, severities), expected, expected.length);
        const { buckets } = await log.count();
        const count = (severity: Severity) => live.filter((one) => one.severity === severity).length;
        for (const severity of SEVERITIES)
          expect(sum(buckets.map((bucket) => bucket[severity]))).toBe(count(severity));
      },
    ),
    { numRuns: 100 * RUNS },
  );
});

/** An entry at noon of a day, counted from START. */
function of(severity: Severity, day: number): LogEntry {
  return entry({ severity, datetime: new Date(START + day * DAY_MS + DAY_MS / 2).toISOString() });
}

function openLog() {
  now = START;
  const { client } = createModelTable();
  const reader = createLogReader({ client, table: TABLE });
  const patient = new AbortController().signal;
  const writerFor = (retentionDays: Retention, packing: Packing) =>
    createLogWriter({ client, table: TABLE, shards: 1, retentionDays, packing });
  return {
    async append(entries: LogEntry | LogEntry[], retention: Retention, packing: Packing) {
      await writerFor(retention, packing).appendEntries([entries].flat().map(checked), patient);
    },
    async refuse(retention: Retention, packing: Packing) {
      const refusal = { index: 0, errors: [{ path: 'id', message: 'is missing' }], raw: '{}' };
      await writerFor(retention, packing).appendDeadLetters([refusal], patient);
    },
    deadLetters: async () => (await reader.deadLetters({ limit: 10 }, () => true)).count,
    async read(limit: number, severities?: Severity[]): Promise<LogEntry[]> {
      const found: LogEntry[] = [];
      let page: Page | undefined;
      do {
        const query = { limit, severities, below: page?.below };
        page = await reader.newest(query, (one) => found.push(sent(one)) > 0);
      } while (page.below !== undefined);
      return found;
    },
    find: async (id: string) => (await reader.withId(id, { limit: 10 }, () => true)).count,
    count: () => countEntries(reader, { severities: [...SEVERITIES], from: LONG_AGO }, DAY_MS),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
