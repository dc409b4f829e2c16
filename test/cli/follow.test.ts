import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../cli/arguments.ts';
import { followEntries } from '../../cli/follow-entries.ts';
import { openService } from '../../cli/open-service.ts';
import { createLogClient, type LogClient } from '../../client/log-client.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { openTerminal } from '../support/terminal.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** Follows with pauses under the test's control: each `poll` ends one and waits for the next. */
async function startFollowing(argv: string[], followed: LogClient = openService(new URL(service.url))) {
  const stop = new AbortController();
  const terminal = openTerminal({ signal: stop.signal });
  const options = parseArguments(['--follow', '--json', ...argv], terminal);
  const clock = new EventTarget();
  const waits: number[] = [];
  let paused = once(clock, 'pause');
  const ended = followEntries(followed, options, terminal, async (milliseconds) => {
    waits.push(milliseconds);
    const tick = once(clock, 'tick');
    clock.dispatchEvent(new Event('pause'));
    await tick;
  });
  await Promise.race([paused, ended]);
  return {
    terminal,
    waits,
    messages: () =>
      terminal
        .out()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).message as string),
    async poll() {
      paused = once(clock, 'pause');
      clock.dispatchEvent(new Event('tick'));
      await Promise.race([paused, ended]);
    },
    async end() {
      stop.abort();
      clock.dispatchEvent(new Event('tick'));
      await ended;
    },
  };
}

let begin: number;
beforeEach(() => {
  begin = Date.now();
});
/** RFC 3339: so many seconds before the test began, however long it takes. */
const ago = (seconds: number) => new Date(begin - seconds * 1_000).toISOString();

describe('logs --follow', () => {
  test('shows each new entry once, and late ones within the overlap, in any order of arrival', async () => {
    await post(service.url, [
      entry({ message: 'a before', datetime: ago(20) }),
      entry({ message: 'a newest', datetime: ago(10) }),
      entry({ message: 'a other service', severity: 'error', datetime: ago(15) }),
    ]);
    const following = await startFollowing([
      ...['--contains', 'a ', '--severity', 'info', '--limit', '1', '--overlap', '60s'],
    ]);
    expect(following.messages()).toEqual(['a newest']);

    await following.poll();
    await post(service.url, [
      entry({ message: 'a second', datetime: ago(1) }),
      entry({ message: 'a first', datetime: ago(2) }),
    ]);
    await following.poll();
    await post(service.url, [
      entry({ message: 'a late by 50 s', datetime: ago(50) }),
      entry({ message: 'a too late', datetime: ago(120) }),
    ]);
    await following.poll();
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(['a newest', 'a first', 'a second', 'a late by 50 s']);
  });

  test('shows an entry that comes 90 s late', async () => {
    await post(service.url, entry({ message: 'ninety before', datetime: ago(10) }));
    const following = await startFollowing(['--contains', 'ninety ']);
    await following.poll();
    await post(service.url, entry({ message: 'ninety late', datetime: ago(90) }));
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(['ninety before', 'ninety late']);
  });

  test('shows thousands that arrive between two polls, over several pages', async () => {
    const following = await startFollowing(['--contains', 'b ']);
    const burst = Array.from({ length: 2_500 }, (_, index) =>
      entry({ message: `b ${index}`, datetime: new Date(begin - 5_000 + index).toISOString() }),
    );
    await post(service.url, burst);
    await following.poll();
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(burst.map(({ message }) => message));
  });

  test('shows new entries although one is dated ahead of the clock', async () => {
    const following = await startFollowing(['--contains', 'c ']);
    await post(service.url, entry({ message: 'c tomorrow', datetime: ago(-3_600) }));
    await following.poll();
    await post(service.url, entry({ message: 'c now', datetime: ago(0) }));
    await following.poll();
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(['c tomorrow', 'c now']);
  });

  test('waits longer and longer for a service that is unavailable, and then shows what came in the meantime', async () => {
    let isUnavailable = false;
    const flaky = createLogClient(new URL(service.url), async (url, init) => {
      if (isUnavailable) throw new Error('gone');
      return fetch(url, init);
    });
    const following = await startFollowing(['--contains', 'd '], flaky);
    isUnavailable = true;
    await following.poll();
    await following.poll();
    await post(service.url, entry({ message: 'd during the outage' }));
    isUnavailable = false;
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(['d during the outage']);
    expect(following.waits).toEqual([2_000, 4_000, 8_000, 2_000]);
    expect(following.terminal.err().match(/trying again/g)).toHaveLength(1);
  });

  test('waits for a service that is down at the start, and says when it is back', async () => {
    let isDown = true;
    const starting = createLogClient(new URL(service.url), async (url, init) => {
      if (isDown) throw new Error('not yet');
      return fetch(url, init);
    });
    await post(service.url, entry({ message: 'e before' }));
    const following = await startFollowing(['--contains', 'e before'], starting);
    expect(following.terminal.err()).toMatch(/^logs: cannot reach .*: not yet; trying again\n$/);
    isDown = false;
    await following.poll();
    await following.end();
    expect(following.messages()).toEqual(['e before']);
    expect(following.terminal.err()).toMatch(/trying again\nlogs: 127.0.0.1:\d+ answers again\n$/);
  });

  test('ends on an error that does not pass', async () => {
    const elsewhere = openService(new URL(`${service.url}/no-stage`));
    await expect(startFollowing([], elsewhere)).rejects.toMatchObject({
      name: 'ServiceError',
      passing: false,
    });
  });
});
