import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { describePage } from '../support/page-session.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 2, 1);
/** An entry a minute: of each ten one error, one warning and eight of info. */
const stored = Array.from({ length: 800 }, (_, index) =>
  entry({
    datetime: new Date(START + index * MINUTE).toISOString(),
    severity: index % 10 === 0 ? 'error' : index % 10 === 5 ? 'warning' : 'info',
  }),
);
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
/** Bars of ten minutes: a hundred of them, or as many as a shorter range has. */
const BARS = 100;
const RANGE = `?from=${at(0)}&to=${at(BARS * 10)}`;

describePage('Counts of a range', stored, (session) => {
  const { open, count } = session;
  const summary = () => session.page.locator('#summary');
  const isCounted = () => session.page.locator('#summary', { hasText: 'of 800 entries' }).waitFor();
  const unread = () => session.page.locator('#chart .unread');

  function countRequests(): URL[] {
    const asked: URL[] = [];
    session.page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/counts')) asked.push(url);
    });
    return asked;
  }

  /** Holds the requests for counts until told to let them go. */
  async function holdCounts() {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await session.page.route(/\/counts\?/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    return release;
  }

  /** Moves to the middle of a bar. */
  async function pointAt(bar: number) {
    const box = (await session.page.locator('#chart').boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await session.page.mouse.move(box.x + ((bar + 0.5) / BARS) * box.width, box.y + 20, { steps: 2 });
  }

  test('are asked for once while the range is read, again after reloading, and not on the way back', async () => {
    await open(RANGE);
    await isCounted();
    const asked = countRequests();
    while ((await count()) < 700) await session.page.keyboard.press('G');
    await session.page.locator('#progress').waitFor({ state: 'hidden' });
    expect(asked).toEqual([]);

    await Promise.all([
      session.page.waitForResponse(/\/counts\?severity=info/),
      session.reloadedBy(() => session.page.keyboard.press('r')),
    ]);
    expect(asked.map(({ searchParams }) => searchParams.getAll('severity'))).toEqual([
      ['warning', 'error'],
      ['info'],
    ]);

    await session.reloadedBy(() => session.page.keyboard.press('3'));
    await session.page.locator('#summary', { hasText: '160 entries' }).waitFor();
    const before = asked.length;
    await session.page.goBack();
    await isCounted();
    expect(asked.length).toBe(before);
  });

  test('are those of each bar, whether its entries are loaded or not', async () => {
    await open(RANGE);
    await isCounted();
    expect(await session.page.locator('#scale').textContent()).toBe('10');
    for (const bar of [0, 10, 79]) {
      await pointAt(bar);
      const range = [bar * 10, bar * 10 + 10].map((minutes) => at(minutes).slice(0, 19).replace('T', ' '));
      expect(await summary().textContent()).toBe(`${range.join(' to ')} UTC · 1 error, 1 warning, 8 info`);
    }
    await pointAt(99);
    expect(await summary().textContent()).toContain('· 0 errors, 0 warnings, 0 info');
  });

  test('leave hatched each bar that is not counted whole, and none that the range cuts', async () => {
    await open(RANGE, {
      prepare: (page) =>
        page.route(/\/counts\?/, (route) => {
          const severities = new URL(route.request().url()).searchParams.getAll('severity');
          const countedBackTo = Object.fromEntries(severities.map((severity) => [severity, at(25)]));
          return route.fulfill({ json: { buckets: [], countedBackTo } });
        }),
    });
    await session.page.locator('#summary', { hasText: 'hatched: not counted yet' }).waitFor();
    const parts = session.page.locator('#chart').evaluate((chart) => {
      const width = Number(chart.querySelector('.unread')?.getAttribute('width'));
      return width / chart.clientWidth;
    });
    expect(await parts).toBeCloseTo(3 / BARS, 6);

    await session.page.context().close();
    await open(`?from=${at(5)}&to=${at(800)}`);
    await session.page.locator('#summary', { hasText: 'of 795 entries' }).waitFor();
    expect(await unread().count()).toBe(0);
  });

  test('are not asked for where the list has the whole range', async () => {
    const asked: string[] = [];
    await open(`?from=${at(0)}&to=${at(100)}`, {
      prepare: async (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
    });
    await session.page.locator('#summary', { hasText: '100 entries loaded' }).waitFor();
    expect(asked).not.toContain('/counts');
  });

  test('of a view that was left are not shown in the next', async () => {
    await open(RANGE);
    await isCounted();
    const release = await holdCounts();
    await session.reloadedBy(() => session.page.keyboard.press('2'));
    await session.page.locator('#summary', { hasText: /^200 entries loaded .* hatched/ }).waitFor();
    await session.reloadedBy(() => session.page.keyboard.press('1'));
    await session.page.locator('#summary', { hasText: /^200 entries loaded .* hatched/ }).waitFor();
    release();
    await session.page.locator('#summary', { hasText: 'of 640 entries' }).waitFor();
    expect(await session.page.locator('#chart .error').count()).toBe(0);
  });

  test('are dragged over from bar to bar, the first and the last included', async () => {
    await open(RANGE);
    await pointAt(10);
    await session.page.mouse.down();
    await pointAt(12);
    await session.reloadedBy(() => session.page.mouse.up());
    const { searchParams } = new URL(session.page.url());
    expect([searchParams.get('from'), searchParams.get('to')]).toEqual([at(100), at(130)]);
    expect(await count()).toBe(30);
  });
});
