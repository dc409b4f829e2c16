import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { asLongAsItTakes, forAMoment, SLOW_MS, untilAnswered } from '../../client/patience.ts';
import { ServiceError } from '../../client/service-error.ts';

const away = new ServiceError('cannot reach the service', { reason: 'unreachable' });
const refused = new ServiceError('400', {
  reason: 'refused',
  problem: { status: 400, title: 'Bad Request' },
});

/** Asks a service that answers so, try by try. Pauses take no time. */
async function ask(answers: (Error | string)[], signal?: AbortSignal) {
  const pauses: number[] = [];
  const outages: [ServiceError | undefined, number][] = [];
  const answer = await untilAnswered(
    async () => {
      const next = answers.shift() ?? away;
      if (next instanceof Error) throw next;
      return next;
    },
    {
      wait: asLongAsItTakes,
      signal,
      onOutage: (error, wait) => outages.push([error, wait]),
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
  );
  return { answer, pauses, outages };
}

describe('A service that is unavailable', () => {
  test('is asked again less and less often, up to a bound, and its return is reported', async () => {
    const { answer, pauses, outages } = await ask([away, away, away, away, away, 'here']);
    expect(answer).toBe('here');
    expect(pauses).toEqual([4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(outages).toEqual([...pauses.map((wait) => [away, wait]), [undefined, 0]]);
  });

  test('is not reported when it answers at once', async () => {
    expect(await ask(['here'])).toEqual({ answer: 'here', pauses: [], outages: [] });
  });

  test.each([refused, new TypeError('a fault of the page')])('is not asked again after %s', async (error) => {
    await expect(ask([away, error, 'here'])).rejects.toBe(error);
  });

  test('is not asked once the asking has ended', async () => {
    const { answer, outages } = await ask(['here'], AbortSignal.abort());
    expect([answer, outages]).toEqual([undefined, []]);
  });

  test('is asked twice more where there is a moment only, and not at all where it gave no answer', () => {
    const throttled = new ServiceError('429', {
      reason: 'refused',
      problem: { status: 429, title: 'Too Many Requests' },
    });
    expect([0, 1, 2].map((failures) => forAMoment(throttled, failures))).toEqual([500, 2_000, undefined]);
    expect([away, refused].map((error) => forAMoment(error, 0))).toEqual([undefined, undefined]);
  });
});

describe('A service that is slow', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Asks a service that answers after so long, and lists what is reported, with the milliseconds until then. */
  async function reportsOf(milliseconds: number) {
    const startedAt = Date.now();
    const reports: [string, number][] = [];
    const note = (report: string) => reports.push([report, Date.now() - startedAt]);
    const asked = untilAnswered(
      () => new Promise<string>((resolve) => setTimeout(resolve, milliseconds, 'here')),
      {
        wait: asLongAsItTakes,
        onSlow: () => note('slow'),
        onOutage: (error) => note(error ? 'away' : 'here'),
      },
    );
    await jest.advanceTimersByTimeAsync(milliseconds);
    expect([await asked, jest.getTimerCount()]).toEqual(['here', 0]);
    return reports;
  }

  test('is reported once after ten seconds, and waited for', async () => {
    expect(await reportsOf(34_000)).toEqual([
      ['slow', SLOW_MS],
      ['here', 34_000],
    ]);
    expect(SLOW_MS).toBe(10_000);
  });

  test('is not reported when it answers before', async () => {
    expect(await reportsOf(SLOW_MS - 1)).toEqual([]);
  });
});
