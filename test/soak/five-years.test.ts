import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITIES } from '../../entities/entry.ts';
import { datetimes } from '../support/arbitraries.ts';
import { get, post } from '../support/http.ts';
import { expectNewest, newestFirst } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

const COUNT = 10_000;
const AT_ONCE = 500;
const MONTH_SECONDS = 30 * 86_400;
/** Months before now that have entries: the others are gaps. */
const MONTHS = [4, 5, 9, 10, 26, 40, 41, 59];

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('Of 10,000 entries over five years, sent in random order, twice, the list is the newest 100', async () => {
  const now = Math.floor(Date.now() / 1000);
  const spans = MONTHS.map((month) =>
    datetimes({ from: now - month * MONTH_SECONDS, to: now - (month - 1) * MONTH_SECONDS }),
  );
  // One in a thousand is of the last hours. The remainder of the newest 100 are months older.
  const recent = datetimes({ from: now - 6 * 3_600, to: now });
  const weighted = fc.oneof({ arbitrary: fc.oneof(...spans), weight: 999 }, { arbitrary: recent, weight: 1 });
  const sent = fc.sample(weighted, { numRuns: COUNT, seed: 2023 }).map(({ text }, n) => ({
    id: `id-${n % 7_000}`,
    datetime: text,
    severity: SEVERITIES[n % SEVERITIES.length] ?? 'info',
    message: `Message ${n}`,
  }));

  for (const order of [sent, sent.toReversed()]) {
    for (let at = 0; at < COUNT; at += AT_ONCE) {
      const answer = await post(service.url, order.slice(at, at + AT_ONCE));
      expect(await answer.json()).toEqual({ accepted: AT_ONCE, rejected: [] });
    }
    expectNewest(await get(service.url), newestFirst(sent), 100);
  }
  for (const severity of SEVERITIES) {
    const expected = newestFirst(sent, { severities: [severity] });
    expectNewest(await get(service.url, `/logs?severity=${severity}`), expected, 100);
  }
});
