import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LogEntry, SEVERITIES, type Severity } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { nextLink, post } from '../support/http.ts';
import { newestFirst, type Wanted } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

interface Counts {
  buckets: ({ start: string } & Record<Severity, number>)[];
  countedBackTo: Partial<Record<Severity, string>>;
}

const START = Date.UTC(2024, 0, 1);
const FROM = new Date(START).toISOString();
const TO = new Date(START + 3 * 86_400_000).toISOString();

/** Three days, and two entries just outside of them. */
const stored = [
  ...Array.from({ length: 600 }, (_, index) =>
    entry({
      datetime: new Date(START + index * 432_000).toISOString(),
      severity: SEVERITIES[index % 7] ?? 'info',
      message: `${index % 2 === 0 ? 'Disk' : 'network'} ${index}`,
      ...(index % 5 === 0 && { attributes: { host: 'a' } }),
    }),
  ),
  entry({ datetime: new Date(START - 1).toISOString() }),
  entry({ datetime: TO }),
];

/** More info entries of one later day than a page looks at, and errors that are older than all of them. */
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
  await post(service.url, stored);
  for (let at = 0; at < many.length; at += 5_000)
    expect((await post(service.url, many.slice(at, at + 5_000))).status).toBe(200);
}, 120_000);
afterAll(() => service.close());

describe('Counts', () => {
  test.each<[string, number, Wanted]>([
    ['', 3_600, {}],
    ['', 0.5, {}],
    ['severity=error', 86_400, { severities: ['error'] }],
    ['severity=info,warning', 7_200, { severities: ['info', 'warning'] }],
    [
      'contains=disk&case=smart&excludes=1',
      7_200,
      { contains: ['disk'], excludes: ['1'], textCase: 'smart' },
    ],
    ['attributes[host]=a', 7_200, { attribute: { name: 'host', text: 'a' } }],
    ['excludedAttributes[host]=a', 7_200, { excludedAttribute: { name: 'host', text: 'a' } }],
  ])('with %j in steps of %d seconds are those of the entries', async (query, step, wanted) => {
    // A step of half a second over three days would make too many buckets.
    const to = step < 1 ? new Date(START + 3_600_000).toISOString() : TO;
    const { counts, next } = await count(`from=${FROM}&to=${to}&step=${step}&${query}`);
    expect(counts.buckets).toEqual(bucketsOf(newestFirst(stored, { ...wanted, from: FROM, to }), step));
    const counted = wanted.severities ?? SEVERITIES;
    expect(counts.countedBackTo).toEqual(
      Object.fromEntries(counted.map((severity) => [severity, '2024-01-01T00:00:00.000000000Z'])),
    );
    expect(next).toBeUndefined();
  });

  test('hold all warnings and errors at once, and go on with info, each entry once', async () => {
    const query = `from=${LATER}&to=2024-02-02T00:00:00Z&step=3600`;
    const first = await count(query);
    const info = (counts: Counts) => counts.buckets.reduce((sum, bucket) => sum + bucket.info, 0);
    expect(first.counts.buckets.at(-1)).toEqual({ start: LATER, info: 0, warning: 0, error: 1 });
    expect(first.counts.countedBackTo.error).toBe('2024-02-01T00:00:00.000000000Z');
    expect(first.counts.countedBackTo.info).toMatch(/^2024-02-01T01:/);
    expect(new URL(first.next ?? '').searchParams.get('severity')).toBe('info');

    let counted = info(first.counts);
    let page = first;
    while (page.next) {
      page = await count(new URL(page.next).search.slice(1));
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

  test.each([
    ['step=60', 'from', 'is needed'],
    [`from=${FROM}`, 'step', 'is needed'],
    [`from=${FROM}&step=0`, 'step', 'seconds above 0'],
    [`from=${FROM}&step=1m`, 'step', 'seconds above 0'],
    [`from=${FROM}&step=60`, 'step', 'more than 10000 buckets'],
    [`from=${FROM}&step=86400&limit=5`, 'limit', 'not a parameter'],
  ])('asked for with %s are refused, and %s is named', async (query, path, reason) => {
    const answer = await fetch(`${service.url}/counts?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [{ path, message: expect.stringContaining(reason) }],
    });
  });
});

async function count(query: string): Promise<{ counts: Counts; next: string | undefined }> {
  const answer = await fetch(`${service.url}/counts?${query}`);
  expect(answer.status).toBe(200);
  return { counts: (await answer.json()) as Counts, next: nextLink(answer) };
}

function bucketsOf(entries: LogEntry[], step: number): Counts['buckets'] {
  const buckets = new Map<number, Counts['buckets'][number]>();
  for (const { datetime, severity } of entries) {
    const start = Math.floor(Date.parse(datetime) / (step * 1_000)) * step * 1_000;
    const bucket = buckets.get(start) ?? {
      start: new Date(start).toISOString(),
      info: 0,
      warning: 0,
      error: 0,
    };
    bucket[severity] += 1;
    buckets.set(start, bucket);
  }
  return [...buckets.values()];
}
