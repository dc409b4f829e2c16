import { describe, expect, test } from '@jest/globals';
import type { HttpProblem } from '../../handlers/http/http-problem.ts';
import { Lane } from '../../local/server/lane.ts';

/** Work that lasts until it is told to end. */
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

/** Sends work through a lane, in order. */
function send(lane: Lane, sizes: number[]) {
  return sizes.map((bytes) => {
    const { work, ...control } = createWork();
    return { ...control, outcome: lane.pass(bytes, work).catch((error: HttpProblem) => error) };
  });
}

function begun(sent: ReturnType<typeof send>): boolean[] {
  return sent.map(({ hasBegun }) => hasBegun());
}

describe('A lane', () => {
  test('works on a few requests at once, and on the others in their order', async () => {
    const sent = send(new Lane({ atOnce: 2, bytesAtOnce: 10, bytesWaiting: 10 }), [1, 1, 1, 1]);
    expect(begun(sent)).toEqual([true, true, false, false]);
    sent[1]?.end();
    await sent[1]?.outcome;
    expect(begun(sent)).toEqual([true, true, true, false]);
  });

  test('works on a request that takes all there is alone, and has its turn', async () => {
    const sent = send(new Lane({ atOnce: 3, bytesAtOnce: 10, bytesWaiting: 20 }), [1, 1_000, 1]);
    expect(begun(sent)).toEqual([true, false, false]);
    sent[0]?.end();
    await sent[0]?.outcome;
    expect(begun(sent)).toEqual([true, true, false]);
    sent[1]?.end();
    await sent[1]?.outcome;
    expect(begun(sent)).toEqual([true, true, true]);
  });

  test('refuses what would wait too long at once, and finishes what it has let in', async () => {
    const sent = send(new Lane({ atOnce: 1, bytesAtOnce: 5, bytesWaiting: 10 }), [5, 5, 5, 5]);
    expect(await sent[3]?.outcome).toMatchObject({
      status: 503,
      headers: { 'Retry-After': expect.anything() },
    });
    for (const { end } of sent) end();
    const outcomes = await Promise.all(sent.slice(0, 3).map(({ outcome }) => outcome));
    expect(outcomes).toEqual([undefined, undefined, undefined]);
  });

  test('sends clients away for longer the more of them there are, and not in step', async () => {
    const lane = new Lane({ atOnce: 1, bytesAtOnce: 1, bytesWaiting: 0 });
    const [first, ...others] = send(
      lane,
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

  test('has room again after work that fails', async () => {
    const lane = new Lane({ atOnce: 1, bytesAtOnce: 1, bytesWaiting: 0 });
    await expect(lane.pass(1, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await lane.pass(1, async () => 'done')).toBe('done');
  });
});
