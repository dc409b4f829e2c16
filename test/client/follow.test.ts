import { describe, expect, test } from '@jest/globals';
import { type FollowOptions, follow } from '../../client/follow.ts';
import { ServiceError } from '../../client/service-error.ts';
import { entry } from '../support/entries.ts';

const away = new ServiceError('cannot reach the service', { reason: 'unreachable' });
const refused = new ServiceError('400', {
  reason: 'refused',
  problem: { status: 400, title: 'Bad Request' },
});

/** Follows a service that gives these answers, read by read, and then ends. Pauses take no time. */
async function followAnswers(
  answers: (ServiceError | ReturnType<typeof entry>[])[],
  options: Partial<FollowOptions> = {},
) {
  const stop = new AbortController();
  const outages: (ServiceError | undefined)[] = [];
  const arrived: string[][] = [];
  const pauses: number[] = [];
  const arrivals = follow({
    overlap: 60_000,
    shown: [],
    signal: stop.signal,
    onOutage: (error) => outages.push(error),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      if (answers.length === 0) stop.abort();
    },
    async *read() {
      const answer = answers.shift() ?? [];
      if (answer instanceof ServiceError) throw answer;
      yield { entries: answer };
    },
    ...options,
  });
  for await (const entries of arrivals) arrived.push(entries.map(({ id }) => id));
  return { arrived, outages, pauses };
}

describe('Following', () => {
  const [known, first, second] = [entry({ id: 'known' }), entry({ id: 'first' }), entry({ id: 'second' })];

  test('yields what is not on show yet, each entry once', async () => {
    const { arrived } = await followAnswers(
      [
        [first, known],
        [second, first, known],
      ],
      { shown: [known] },
    );
    expect(arrived).toEqual([['first'], ['second']]);
  });

  test('waits longer with each failure up to 30 s, and reports the outage and its end', async () => {
    const { arrived, outages, pauses } = await followAnswers([...Array(5).fill(away), [first]]);
    expect(arrived).toEqual([['first']]);
    expect(outages).toEqual([...Array(5).fill(away), undefined]);
    expect(pauses).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 2_000]);
  });

  test('reads at most 12 pages a minute once a burst is over, and never the burst again', async () => {
    const start = Date.UTC(2026, 0, 1);
    const burst = Array.from({ length: 30_000 }, (_, index) =>
      entry({ id: `${index}`, datetime: new Date(start + index).toISOString() }),
    ).reverse();
    let clock = start + 30_000;
    const pages: { at: number; entries: number }[] = [];
    const stop = new AbortController();
    const arrivals = follow({
      overlap: 60_000,
      shown: [],
      signal: stop.signal,
      onOutage: () => {},
      now: () => clock,
      pause: async (milliseconds) => {
        clock += milliseconds;
        if (clock > start + 300_000) stop.abort();
      },
      async *read(from, firstPage) {
        const window = burst.filter(({ datetime }) => datetime >= from);
        for (let at = 0, size = Math.min(firstPage, 1_000); at < window.length; at += size, size = 1_000) {
          pages.push({ at: clock, entries: Math.min(size, window.length - at) });
          yield { entries: window.slice(at, at + size) };
        }
      },
    });
    let arrived = 0;
    for await (const entries of arrivals) arrived += entries.length;
    expect(arrived).toBe(30_000);
    for (let minute = start + 90_000; minute < start + 240_000; minute += 1_000) {
      const read = pages.filter(({ at }) => at >= minute && at < minute + 60_000);
      expect(read.length).toBeLessThanOrEqual(12);
      expect(read.every(({ entries }) => entries <= 100)).toBe(true);
    }
  });

  test('throws an error that will not pass', async () => {
    await expect(followAnswers([refused])).rejects.toBe(refused);
  });

  test('ends at once when it is stopped during a pause', async () => {
    const stop = new AbortController();
    const arrivals = follow({
      overlap: 60_000,
      shown: [],
      signal: stop.signal,
      onOutage: () => {},
      async *read() {
        yield { entries: [first] };
      },
    });
    expect((await arrivals.next()).value).toEqual([first]);
    const end = arrivals.next();
    stop.abort();
    expect(await end).toEqual({ done: true, value: undefined });
  });
});
