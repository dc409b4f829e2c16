import { describe, expect, test } from '@jest/globals';
import { createLogClient } from '../../client/log-client.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { createFeed } from '../../page/feed.ts';
import { linkedState, shownCount, shownState } from '../../page/shown-state.ts';
import { EVERYTHING, type ViewState } from '../../page/view-state.ts';
import { entry } from '../support/entries.ts';

const OPENED_AT = Date.UTC(2026, 2, 1, 3, 15);
const at = (second: number) => new Date(OPENED_AT + second * 1_000).toISOString();
const [newest, older] = [entry({ datetime: at(-60) }), entry({ datetime: at(-600) })];

/** A view that was opened at OPENED_AT, and that has read these entries. */
async function shownOf(changed: Partial<ViewState>, entries: LogEntry[], hasOlder = false) {
  const state = { ...EVERYTHING, ...changed };
  const link = hasOlder ? { link: '</logs?cursor=1>; rel="next"' } : undefined;
  const client = createLogClient(new URL('http://service'), async (url) =>
    Object.defineProperty(new Response(JSON.stringify(entries), { headers: link }), 'url', {
      value: url.href,
    }),
  );
  const feed = createFeed(client, state, OPENED_AT, {
    onLoading() {},
    onOutage() {},
    onSlow() {},
  });
  await feed.read('older');
  return { state, shown: { feed, entries } };
}

describe('A view, as it is shown', () => {
  test('keeps the range that the last minutes had when they were read', async () => {
    const { state, shown } = await shownOf({ last: '15m', severity: ['error'] }, [newest, older]);
    const fixed = { ...state, last: '', from: at(-900), to: at(0) };
    expect(shownState(state, shown)).toEqual(fixed);
    expect(linkedState(state, shown)).toEqual(fixed);
  });

  test('reaches up to an entry whose clock is ahead', async () => {
    const { state, shown } = await shownOf({ last: '15m' }, [entry({ datetime: at(5) }), newest]);
    expect(shownState(state, shown).to).toBe(new Date(OPENED_AT + 5_001).toISOString());
  });

  test('keeps its own bounds, and no beginning where it has none', async () => {
    const { state, shown } = await shownOf({ to: at(-30) }, [newest]);
    expect(shownState(state, shown)).toEqual({ ...state, to: at(-30), from: '' });
  });

  test('around an entry is what is loaded, while a link leads to the lines beyond too', async () => {
    const { state, shown } = await shownOf({ at: newest.datetime, id: newest.id }, [newest, older], true);
    const to = new Date(Date.parse(newest.datetime) + 1).toISOString();
    expect(shownState(state, shown)).toEqual({ ...state, from: older.datetime, to });
    expect(shownCount(state, shown)).toBe(2);
    expect(linkedState(state, shown)).toEqual(state);
  });

  test('is linked with the entry that is open', async () => {
    const { state, shown } = await shownOf({ last: '1h' }, [newest, older]);
    const { at: place, id, from } = linkedState(state, { ...shown, open: older });
    expect([place, id, from]).toEqual([older.datetime, older.id, at(-3_600)]);
  });

  test('has a known count only where all of it is loaded', async () => {
    const whole = await shownOf({ last: '1h' }, [newest, older]);
    expect(shownCount(whole.state, whole.shown)).toBe(2);
    const part = await shownOf({ last: '1h' }, [newest, older], true);
    expect(shownCount(part.state, part.shown)).toBeUndefined();
  });
});
