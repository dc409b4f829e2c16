import { describe, expect, test } from '@jest/globals';
import type { HttpProblem } from '../../handlers/http/http-problem.ts';
import { RequestQueue } from '../../local/server/request-queue.ts';

/** Work that lasts until `end` is called. */
function createWork() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let hasBegun = false;
  const work = () => {
    hasBegun = true;
    return ended;
  };
  return { work, end, hasBegun: () => hasBegun };
}

/** Puts work into a queue, in order. */
function send(queue: RequestQueue, sizes: number[]) {
  return sizes.map((bytes) => {
    const { work, ...control } = createWork();
    return { ...control, outcome: queue.run(bytes, work).catch((error: HttpProblem) => error) };
  });
}

function begun(sent: ReturnType<typeof send>): boolean[] {
  return sent.map(({ hasBegun }) => hasBegun());
}

describe('A request queue', () => {
  test('runs a few requests at once, and the others in their order', async () => {
    const sent = send(new RequestQueue({ atOnce: 2, bytesAtOnce: 10, bytesWaiting: 10 }), [1, 1, 1, 1]);
    expect(begun(sent)).toEqual([true, true, false, false]);
    sent[1]?.end();
    await sent[1]?.outcome;
    expect(begun(sent)).toEqual([true, true, true, false]);
  });

  test('runs a request larger than its limit alone, when its turn comes', async () => {
    const sent = send(new RequestQueue({ atOnce: 3, bytesAtOnce: 10, bytesWaiting: 20 }), [1, 1_000, 1]);
    expect(begun(sent)).toEqual([true, false, false]);
    sent[0]?.end();
    await sent[0]?.outcome;
    expect(begun(sent)).toEqual([true, true, false]);
    sent[1]?.end();
    await sent[1]?.outcome;
    expect(begun(sent)).toEqual([true, true, true]);
  });

  test('refuses at once what would wait too long, and finishes what it has accepted', async () => {
    const sent = send(new RequestQueue({ atOnce: 1, bytesAtOnce: 5, bytesWaiting: 10 }), [5, 5, 5, 5]);
    expect(await sent[3]?.outcome).toMatchObject({
      status: 503,
      headers: { 'Retry-After': expect.anything() },
    });
    for (const { end } of sent) end();
    const outcomes = await Promise.all(sent.slice(0, 3).map(({ outcome }) => outcome));
    expect(outcomes).toEqual([undefined, undefined, undefined]);
  });

  test('asks for longer waits the more clients it has refused, and for different ones', async () => {
    const queue = new RequestQueue({ atOnce: 1, bytesAtOnce: 1, bytesWaiting: 0 });
    const [first, ...others] = send(
      queue,
      Array.from({ length: 101 }, () => 1),
    );
    const problems = await Promise.all(others.map(({ outcome }) => outcome));
    const seconds = problems.map((problem) => Number((problem as HttpProblem).headers['Retry-After']));
    const mean = (part: number[]) => part.reduce((sum, one) => sum + one, 0) / part.length;
    expect(mean(seconds.slice(10, 20))).toBeGreaterThan(mean(seconds.slice(0, 10)));
    expect(new Set(seconds.slice(50)).size).toBeGreaterThan(3);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...seconds)).toBeLessThan(60);
    first?.end();
  });

  test('has room again after work that has failed', async () => {
    const queue = new RequestQueue({ atOnce: 1, bytesAtOnce: 1, bytesWaiting: 0 });
    await expect(queue.run(1, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await queue.run(1, async () => 'done')).toBe('done');
  });
});
