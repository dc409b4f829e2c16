import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage, until } from '../support/page-session.ts';

const START = Date.UTC(2020, 0, 1);
/** In place of the 10,000 rows that the page may have. */
const MOST_ROWS = 700;
const STEPS = 1_300;
const steps = Array.from({ length: STEPS }, (_, index) =>
  entry({
    id: `step-${index}`,
    datetime: new Date(START + index * 1_000).toISOString(),
    severity: index % 100 === 0 ? 'error' : 'info',
    message: `step ${index}`,
  }),
);
const upTo = (index: number) => `?to=${new Date(START + index * 1_000).toISOString()}`;

describePage('Reading back', steps, (session) => {
  const { open, messages, count } = session;

  /** Presses a key again and again, as when it is held, until something is so. */
  async function hold(key: string, isEnough: () => Promise<boolean>) {
    while (!(await isEnough())) await session.page.keyboard.press(key);
    await session.page.locator('#progress').waitFor({ state: 'hidden' });
  }
  const isAtEnd = () => session.page.getByText('No older entries').isVisible();
  const top = () => session.page.locator('#scroller').evaluate(({ scrollTop }) => scrollTop);
  /** Serves the page with fewer rows at most, as index.html sets it. */
  const limitRows = (page: Page) =>
    page.route(/\/\?to=/, async (route) => {
      const response = await route.fetch();
      const html = (await response.text()).replace(
        '"most-rows" content="10000"',
        `"most-rows" content="${MOST_ROWS}"`,
      );
      await route.fulfill({ response, body: html });
    });
  /** Refuses the pages after the first until told to serve them. */
  async function breakOlderPages(page: Page) {
    let isBroken = true;
    await page.route(/cursor=/, (route) =>
      isBroken ? route.fulfill({ status: 503, json: { title: 'Unavailable' } }) : route.continue(),
    );
    return () => {
      isBroken = false;
    };
  }

  test('goes on to the first entry while G is held', async () => {
    await open(upTo(STEPS));
    await hold('G', isAtEnd);
    await session.page.keyboard.press('G');
    expect(await count()).toBe(STEPS);
    expect((await messages()).at(-1)).toBe('step 0');
  });

  test('keeps a bounded number of rows, and reads again those that it let go', async () => {
    await open('?to=2021-01-01T00:00:00Z', { prepare: limitRows });
    await hold('End', isAtEnd);
    await session.page.keyboard.press('End');
    expect(await count()).toBe(MOST_ROWS);
    expect((await messages()).at(-1)).toBe('step 0');

    while ((await messages()).at(0) !== `step ${STEPS - 1}`)
      await session.page.locator('#scroller').evaluate((scroller) => scroller.scrollTo({ top: 0 }));
    expect(await count()).toBe(MOST_ROWS);
    const shown = await messages();
    expect(shown.slice(0, 2)).toEqual([`step ${STEPS - 1}`, `step ${STEPS - 2}`]);
    // There are more than these at the older end.
    const counts = await session.page.locator('#severities .count').allTextContents();
    expect(counts.map((count) => count.at(-1))).toEqual(['+', '+', '+']);
    expect(counts.reduce((sum, count) => sum + Number.parseInt(count, 10), 0)).toBe(MOST_ROWS);

    await hold('End', isAtEnd);
    await session.reloadedBy(() => session.page.keyboard.press('Home'));
    expect((await messages())[0]).toBe(`step ${STEPS - 1}`);
  });

  test('Back restores the rows, the place and the open entry, and asks for nothing', async () => {
    await open(upTo(1_200));
    await hold('G', async () => (await count()) >= 600);
    await session.page.locator('#scroller').evaluate((scroller) => scroller.scrollTo({ top: 3_000 }));
    await session.page.getByText('step 1070', { exact: true }).waitFor();
    const opened = 'step 1070';
    await session.page.getByText(opened, { exact: true }).click();
    const button = session.page.getByRole('button', { name: 'What led to it' });
    await button.scrollIntoViewIfNeeded();
    const [rows, place] = [await count(), await top()];
    await session.reloadedBy(() => button.click());
    expect((await messages())[0]).toBe(opened);

    const requests = session.requests();
    await session.page.goBack();
    await until(async () => (await count()) === rows);
    expect([await count(), await top()]).toEqual([rows, place]);
    expect(await session.page.locator('.detail pre').textContent()).toBe(opened);
    expect(requests).toEqual([]);
    await hold('G', isAtEnd);
    expect(await count()).toBe(1_200);
  });

  test('Forward restores the view that Back left, and dead letters in its place are not taken for it', async () => {
    await open(upTo(100));
    await session.reloadedBy(() => session.page.keyboard.press('2'));
    await session.page.goBack();
    const requests = session.requests();
    await session.page.goForward();
    await session.page.getByRole('button', { name: /^Warning/, pressed: false }).waitFor();
    await session.page.locator('#progress').waitFor({ state: 'hidden' });
    expect(requests).toEqual([]);
    await session.page.goBack();

    await session.page.getByRole('button', { name: 'Dead letters' }).click();
    await session.page.getByText('No refused record matches.').waitFor();
    await session.reloadedBy(() => session.page.getByRole('button', { name: 'Entries' }).click());
    await Promise.all([session.page.waitForResponse(/\/dead-letters\?/), session.page.goBack()]);
    await session.page.getByText('No refused record matches.').waitFor();
    await session.page.goBack();
    await session.page.getByText('step 99', { exact: true }).waitFor();
  });

  test('Back to a view that follows goes on following', async () => {
    await open('?contains=resumed&follow=1');
    await session.reloadedBy(() => session.page.keyboard.press('2'));
    await session.page.goBack();
    await post(session.service.url, entry({ message: 'resumed', datetime: new Date().toISOString() }));
    await session.page.getByText('resumed', { exact: true }).waitFor();
  });

  test('another zone changes the times alone', async () => {
    await open(upTo(1_200));
    await hold('G', async () => (await count()) >= 400);
    const [rows, place] = [await count(), await top()];
    const requests = session.requests();
    await session.page.keyboard.press('u');
    expect(await session.page.locator('.line time').first().textContent()).toContain('+05:30');
    expect([await count(), await top()]).toEqual([rows, place]);
    expect(requests).toEqual([]);
  });

  test('an older page that fails is reported in sight and asked for again, and no row is lost', async () => {
    session.provokes(/status of 503/);
    let repair = () => {};
    await open(upTo(1_200), {
      prepare: async (page) => {
        // The first wait before another try never ends by itself.
        await page.addInitScript(
          'const { setTimeout } = window; window.setTimeout = (run, time) => (time === 4_000 ? 0 : setTimeout(run, time));',
        );
        repair = await breakOlderPages(page);
      },
    });
    await session.page.keyboard.press('G');
    await session.page.getByRole('alert').getByText('503').waitFor();
    expect(await session.page.getByRole('alert').textContent()).toContain('Trying again within');
    expect(await count()).toBe(200);

    repair();
    await session.page.getByRole('button', { name: 'Try again' }).click();
    while ((await count()) < 400) await session.page.keyboard.press('Home');
    expect(await session.page.getByRole('alert').isVisible()).toBe(false);
    await session.page.keyboard.press('Home');
    await session.page.locator('#entries').getByText('step 1199', { exact: true }).waitFor();
    expect((await messages()).slice(0, 1)).toEqual(['step 1199']);
  });

  test('a first page that fails is asked for again, and then followed', async () => {
    session.provokes(/net::ERR_FAILED/);
    let isAway = true;
    await open('?contains=away&follow=1', {
      waits: false,
      prepare: (page) => page.route(/\/logs\?/, (route) => (isAway ? route.abort() : route.continue())),
    });
    await session.page.getByRole('alert').getByText('No answer').waitFor();
    isAway = false;
    await session.page.getByRole('button', { name: 'Try again' }).click();
    await session.page.getByText('No entries match').waitFor();
    await post(session.service.url, entry({ message: 'back from away', datetime: new Date().toISOString() }));
    await session.page.getByText('back from away').waitFor();
  });

  test('a request without an answer is given up after a while', async () => {
    await open(upTo(10), {
      waits: false,
      prepare: async (page) => {
        // The time is a thousandth of the real one.
        await page.addInitScript(
          'const { timeout } = AbortSignal; AbortSignal.timeout = (time) => timeout.call(AbortSignal, time / 1000);',
        );
        await page.route(/\/logs\?/, () => {});
      },
    });
    await session.page.getByRole('alert').getByText('No answer').waitFor();
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('an exception is reported on the page', async () => {
    await open(upTo(10));
    session.provokes(/something broke/);
    await session.page.evaluate('setTimeout(() => { throw new Error("something broke") })');
    await session.page.getByRole('alert').getByText('something broke').waitFor();
  });

  test('a link to an entry opens it among its neighbours', async () => {
    await open(upTo(1_200));
    await session.page.getByText('step 1190', { exact: true }).click();
    await session.page.getByRole('button', { name: 'Copy link' }).last().click();
    await session.page.getByText('Link to the entry copied').waitFor();
    const link = new URL(await session.page.evaluate('navigator.clipboard.readText()'));
    expect(Object.fromEntries(link.searchParams)).toEqual({ at: steps[1_190]?.datetime, id: 'step-1190' });

    await session.page.context().close();
    await open(link.search);
    await session.page.locator('.detail').waitFor();
    expect(await session.page.locator('.line:focus .message').textContent()).toBe('step 1190');
    const shown = await messages();
    const place = shown.indexOf('step 1190');
    expect(shown.slice(place - 1, place + 2)).toEqual(['step 1191', 'step 1190', 'step 1189']);
    expect(await session.page.locator('.line:focus').isVisible()).toBe(true);
  });

  test('a link to the view has absolute times', async () => {
    await open('?last=1h&severity=error');
    await session.page.keyboard.press('l');
    await session.page.getByText('Link to this view copied').waitFor();
    const { searchParams } = new URL(await session.page.evaluate('navigator.clipboard.readText()'));
    expect(searchParams.get('severity')).toBe('error');
    const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) ?? ''));
    expect(Number(to) - Number(from)).toBe(3_600_000);
  });
});

const found = ['b', 'c', 'a'].map((id) =>
  entry({ id, datetime: '2024-01-01T00:00:00Z', message: `found ${id}` }),
);
const MOST_EMPTY_PAGES = 10;

describePage('A search that finds nothing for long', found, (session) => {
  const { open, messages } = session;
  const button = (name: string) => session.page.getByRole('button', { name });
  const end = () => session.page.locator('#end-text');

  /** Answers with empty pages, each an hour further back, and holds the one after so many. */
  async function searchWithoutEnd(page: Page, held: number) {
    let pages = 0;
    await page.route(/\/logs\?/, (route) => {
      pages += 1;
      if (pages > held) return;
      const next = `${new URL(route.request().url()).origin}/logs?limit=200&cursor=${pages}`;
      const back = new Date(Date.UTC(2024, 0, 1) - pages * 3_600_000).toISOString();
      return route.fulfill({
        json: [],
        headers: { Link: `<${next}>; rel="next"`, 'Searched-Back-To': back },
      });
    });
  }

  test('pauses by itself, and continues from there on request', async () => {
    await open('?contains=nowhere', { prepare: (page) => searchWithoutEnd(page, MOST_EMPTY_PAGES + 2) });
    expect(await end().textContent()).toBe('Searched back to 2023-12-31 14:00:00.');
    expect(await button('Stop').isVisible()).toBe(false);
    await button('Search further back').click();
    await session.page.getByText('Searched back to 2023-12-31 12:00:00…').waitFor();
    expect(await button('Search further back').isVisible()).toBe(false);
    await button('Stop').click();
    await session.page.getByText('Searched back to 2023-12-31 12:00:00.').waitFor();
    expect(await button('Stop').isVisible()).toBe(false);
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('has nothing to stop before its first page', async () => {
    await open('?contains=nowhere', { waits: false, prepare: (page) => searchWithoutEnd(page, 0) });
    await session.page.getByText('Loading…').waitFor();
    expect(await button('Stop').isVisible()).toBe(false);
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('orders what it finds of one instant by id, as the service does', async () => {
    await open('?contains=found');
    expect(await messages()).toEqual(['found c', 'found b', 'found a']);
  });
});
