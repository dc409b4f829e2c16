import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { type Counts, getCounts, post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

/** More info entries than one page counts, and an error that is older than all of them. */
const LATER = '2024-02-01T00:00:00.000Z';
const many = [
  ...Array.from({ length: 50_500 }, (_, index) => ({
    id: String(index),
    datetime: new Date(Date.parse(LATER) + 3_600_000 + index).toISOString(),
    severity: 'info' as const,
    message: 'm',
  })),
  entry({ datetime: LATER, severity: 'error' }),
];

let service: Service;
beforeAll(async () => {
  service = await startService();
  for (let at = 0; at < many.length; at += 5_000)
    expect((await post(service.url, many.slice(at, at + 5_000))).status).toBe(200);
});
afterAll(() => service.close());

test('The first page of counts has all warnings and errors, and the next pages count each info entry once', async () => {
  const query = `from=${LATER}&to=2024-02-02T00:00:00Z&step=3600`;
  const first = await getCounts(service.url, query);
  const info = (counts: Counts) => counts.buckets.reduce((sum, bucket) => sum + bucket.info, 0);
  expect(first.counts.buckets.at(-1)).toEqual({ start: LATER, info: 0, warning: 0, error: 1 });
  expect(first.counts.countedBackTo.error).toBe('2024-02-01T00:00:00.000000000Z');
  expect(first.counts.countedBackTo.info).toMatch(/^2024-02-01T01:/);
  expect(new URL(first.next ?? '').searchParams.get('severity')).toBe('info');

  let counted = info(first.counts);
  let page = first;
  while (page.next) {
    page = await getCounts(service.url, new URL(page.next).search.slice(1));
    counted += info(page.counts);
    expect(page.counts.buckets.every(({ error }) => error === 0)).toBe(true);
  }
  expect(counted).toBe(50_500);
  expect(page.counts.countedBackTo).toEqual({ info: '2024-02-01T00:00:00.000000000Z' });
  const other = await fetch(
    `${service.url}/counts?${query}&cursor=${new URL(first.next ?? '').searchParams.get('cursor')}`,
  );
  expect(other.status).toBe(400);
});
