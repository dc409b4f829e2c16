import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LogEntry, SEVERITIES } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { type Counts, getCounts, post } from '../support/http.ts';
import { newestFirst, type Wanted } from '../support/oracle.ts';
import { type Service, startService } from '../support/service.ts';

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

let service: Service;
beforeAll(async () => {
  service = await startService();
  await post(service.url, stored);
});
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
    const { counts, next } = await getCounts(service.url, `from=${FROM}&to=${to}&step=${step}&${query}`);
    expect(counts.buckets).toEqual(bucketsOf(newestFirst(stored, { ...wanted, from: FROM, to }), step));
    const counted = wanted.severities ?? SEVERITIES;
    expect(counts.countedBackTo).toEqual(
      Object.fromEntries(counted.map((severity) => [severity, '2024-01-01T00:00:00.000000000Z'])),
    );
    expect(next).toBeUndefined();
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
