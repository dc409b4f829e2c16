import { describe, expect, test } from '@jest/globals';
import { createLogClient, type Fetch } from '../../client/log-client.ts';
import { createFeed, type Direction } from '../../page/feed.ts';
import { EVERYTHING, type ViewState } from '../../page/view-state.ts';
import { answer } from '../support/answer.ts';
import { entry } from '../support/entries.ts';

const START = Date.UTC(2024, 0, 1);
const stored = Array.from({ length: 800 }, (_, index) =>
  entry({ id: `${index}`, datetime: new Date(START + index * 1_000).toISOString() }),
).reverse();

/** A service with those entries, newest first. */
const serve: Fetch = async (url) => {
  const [from = '', to = '~'] = ['from', 'to'].map((name) => url.searchParams.get(name) ?? undefined);
  const [limit, skipped] = ['limit', 'cursor'].map((name) => Number(url.searchParams.get(name)));
  const range = stored.filter(({ datetime }) => datetime >= from && datetime < to);
  return answerWith(url, range, Number(limit), Number(skipped));
};

function answerWith(url: URL, range: unknown[], limit: number, skipped: number): Response {
  const next = new URL(url);
  next.searchParams.set('cursor', String(skipped + limit));
  return answer(
    url,
    range.slice(skipped, skipped + limit),
    range.length > skipped + limit ? next : undefined,
  );
}

function feedOf(send: Fetch, state: Partial<ViewState> = {}) {
  const reported: string[] = [];
  const client = createLogClient(new URL('http://service'), send);
  const feed = createFeed(client, { ...EVERYTHING, ...state }, START, {
    onLoading: (direction: Direction) => reported.push(direction),
    onSlow: () => reported.push('slow'),
    onOutage: (error, wait) => reported.push(error ? `again after ${wait}` : 'answered'),
  });
  return { feed, reported };
}

describe('A feed', () => {
  test('gives older entries page by page to the end', async () => {
    const { feed } = feedOf(serve);
    const sizes: (number | undefined)[] = [];
    while (feed.hasOlder) sizes.push((await feed.read('older'))?.length);
    expect(sizes).toEqual([200, 500, 100]);
    expect(await feed.read('older')).toEqual([]);
  });

  test('of a view of one entry reads in both directions', async () => {
    const at = new Date(START + 400_000).toISOString();
    const { feed } = feedOf(serve, { at, to: new Date(START + 800_000).toISOString() });
    expect((await feed.read('older'))?.[0]?.id).toBe('400');
    const newer: string[] = [];
    while (feed.hasNewer) newer.unshift(...((await feed.read('newer')) ?? []).map(({ id }) => id));
    expect(newer).toEqual(Array.from({ length: 399 }, (_, index) => String(799 - index)));
  });

  test('continues next to the entry that the list ends with', async () => {
    const { feed } = feedOf(serve, { to: new Date(START + 800_000).toISOString() });
    await feed.read('older');
    const [oldest, newest] = [stored[700], stored[100]];
    if (oldest) feed.resumeBelow(oldest);
    if (newest) feed.resumeAbove(newest);
    expect((await feed.read('older'))?.[0]).toEqual(oldest);
    expect((await feed.read('newer'))?.at(-1)).toEqual(newest);
  });

  test('pauses a search after ten empty pages, and reports each', async () => {
    let pages = 0;
    const { feed, reported } = feedOf(async (url) => {
      pages += 1;
      return answer(url, [], new URL(`?cursor=${pages}`, url));
    });
    expect(await feed.read('older')).toEqual([]);
    expect([pages, reported.length, feed.hasOlder]).toEqual([10, 11, true]);
  });

  test('asks again at once when it is told to, for the page that failed', async () => {
    const asked: (string | null)[] = [];
    const { feed, reported } = feedOf(async (url, init) => {
      asked.push(url.searchParams.get('cursor'));
      if (asked.length === 2) throw new TypeError('gone');
      return serve(url, init);
    });
    await feed.read('older');
    const second = feed.read('older');
    while (!reported.includes('again after 4000')) await new Promise(setImmediate);
    feed.askNow();
    expect((await second)?.length).toBe(500);
    expect(asked).toEqual([null, '200', '200']);
    expect(reported).toEqual(['older', 'older', 'again after 4000', 'answered']);
  });

  test.each([
    ['stopped', undefined, 'stop'],
    ['told to end its search', [], 'stopSearch'],
  ] as const)('that is %s gives %j, and can be read again', async (_what, given, end) => {
    let isHeld = true;
    const { feed } = feedOf((url, init) =>
      isHeld
        ? new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason)))
        : serve(url, init),
    );
    const reading = feed.read('older');
    feed[end]();
    expect(await reading).toEqual(given);
    isHeld = false;
    expect((await feed.read('older'))?.length).toBe(200);
  });

  test('follows until it is stopped, and ends without an error', async () => {
    const { feed } = feedOf(serve);
    const arrived: number[] = [];
    const options = { oldest: () => stored.at(-1), most: 1_000, onOutage: () => {} };
    for await (const entries of feed.follow(stored, options)) {
      arrived.push(entries.length);
      expect(feed.isFollowing).toBe(true);
      feed.stop();
    }
    expect([arrived, feed.isFollowing]).toEqual([[0], false]);
  });
});
