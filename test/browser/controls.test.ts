import { expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { startWebServer } from '../../cli/web-server.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage, until } from '../support/page-session.ts';

const START = Date.UTC(2024, 2, 1);
const stored = Array.from({ length: 300 }, (_, index) =>
  entry({ datetime: new Date(START + index * 60_000).toISOString(), message: `minute ${index}` }),
);

describePage('The controls', stored, (session) => {
  const { open, messages } = session;
  const parameters = () => new URL(session.page.url()).searchParams;
  const chart = async () =>
    (await session.page.locator('#chart').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  async function drag(from: number, to: number) {
    const { x, y, width } = await chart();
    await session.page.mouse.move(x + from * width, y + 20);
    await session.page.mouse.down();
    await session.page.mouse.move(x + to * width, y + 20, { steps: 3 });
  }

  /** Opens the page with a clock that only `typeSlowly` moves. axe needs it to be resumed. */
  async function openPaused(query: string) {
    await open(query, { prepare: (page) => page.clock.install() });
    await session.page.clock.pauseAt(Date.now() + 60_000);
  }
  /** Types with 350 ms between the keys, and pauses at the end. */
  async function typeSlowly(text: string) {
    const { clock, keyboard } = session.page;
    for (const key of text) {
      await keyboard.type(key);
      await clock.runFor(350);
    }
    await clock.runFor(1_000);
  }

  test('fit a phone, also after a tap on the histogram, and are large enough for a finger', async () => {
    await open('?to=2025-01-01T00:00:00Z', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await session.reloadedBy(() => session.page.locator('#chart').tap());
    expect(await session.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const chip of await session.page.locator('button:visible').all()) {
      const box = await chip.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      const scrolls = await chip.evaluate((button) => button.closest('#chips') !== null);
      if (!scrolls) expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390);
    }
  });

  test('label the histogram at round local times, before and after the clocks change', async () => {
    await open('?from=2024-03-30T00:00:00Z&to=2024-04-02T00:00:00Z&zone=local', {
      timezoneId: 'Europe/Berlin',
    });
    const labels = await session.page.locator('#chart text').allTextContents();
    await post(session.service.url, [
      entry({ datetime: '2024-03-30T06:00:00Z' }),
      entry({ datetime: '2024-04-01T06:00:00Z' }),
    ]);
    await session.reloadedBy(() => session.page.keyboard.press('r'));
    const drawn = [...labels, ...(await session.page.locator('#chart text').allTextContents())];
    expect(drawn).toContain('04-01');
    expect(drawn.filter((label) => !/^(?:\d\d-\d\d|(?:06|12|18):00)$/.test(label))).toEqual([]);
  });

  test('span the histogram over the chosen range, hatch what is not counted, and reach it by dragging', async () => {
    let count = () => {};
    const held = new Promise<void>((resolve) => {
      count = resolve;
    });
    await open('?from=2024-03-01T00:00:00Z&to=2024-03-01T05:00:00Z', {
      prepare: (page) =>
        page.route(/\/counts\?/, async (route) => {
          await held;
          await route.continue();
        }),
    });
    expect(await session.page.locator('#chart .unread').count()).toBe(1);
    expect(await session.page.locator('#summary').textContent()).toMatch(/^200 entries loaded .* hatched/);
    count();
    await session.page.locator('#chart .unread').waitFor({ state: 'detached' });
    expect(await session.page.locator('#summary').textContent()).toMatch(/^200 of 300 entries loaded/);
    expect(await session.page.locator('#scale').textContent()).toBe('5');
    expect(await session.page.locator('.chip.info .count').textContent()).toBe('300');
    await drag(0.02, 0.1);
    await session.reloadedBy(() => session.page.mouse.up());
    expect(Date.parse(parameters().get('to') ?? '')).toBeLessThan(START + 45 * 60_000);
    expect((await messages()).at(-1)).toMatch(/^minute \d$/);
    await session.page.locator('#chart .unread').waitFor({ state: 'detached' });
  });

  test('let Escape cancel a drag over the histogram', async () => {
    await open('?to=2025-01-01T00:00:00Z');
    const requests = session.requests();
    await drag(0.2, 0.6);
    await session.page.keyboard.press('Escape');
    await session.page.mouse.up();
    expect(parameters().get('from')).toBeNull();
    expect(requests).toEqual([]);
  });

  test('keep an entry from the future from squeezing the histogram', async () => {
    const now = Date.now();
    const future = Array.from({ length: 20 }, (_, index) =>
      entry({ datetime: new Date(now - index * 1_000).toISOString(), message: 'future' }),
    );
    await post(session.service.url, [
      ...future,
      entry({ datetime: new Date(now + 20 * 3_600_000).toISOString(), message: 'future' }),
    ]);
    await open('?contains=future');
    expect(await session.page.locator('#chart rect.info').count()).toBe(20);
    expect(await session.page.locator('#summary').textContent()).toContain(
      '1 entry dated ahead of the clock',
    );
  });

  test('leave out of the address what has no meaning, and say so', async () => {
    await open('?last=99999999999d&at=noon&follow=0');
    expect((await messages()).length).toBeGreaterThan(0);
    expect(await session.page.getByRole('status', { name: 'Done' }).textContent()).toMatch(
      /^last=99999999999d is left out: it must not lie before 1970; at=noon is left out: it must be/,
    );
    expect(await session.page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed')).toBe(
      'false',
    );
  });

  test('say what is wrong with a bound, also after a change to follow', async () => {
    session.provokes(/status of 400/);
    await open('?from=bogus');
    await session.page.getByRole('alert').getByText('from must be').waitFor();
    await session.page.keyboard.press('f');
    await session.page.getByRole('alert').getByText('from must be').waitFor();
  });

  test('search for a word once it is typed, and make it one step in the history', async () => {
    await openPaused('?to=2025-01-01T00:00:00Z');
    const requests = session.requests();
    const steps = await session.page.evaluate('history.length');
    await session.page.getByRole('combobox', { name: 'Search' }).focus();
    await session.reloadedBy(() => typeSlowly('"minute 7'));
    expect(requests.map(({ searchParams }) => searchParams.get('contains'))).toEqual(['minute 7']);
    await session.reloadedBy(() => typeSlowly('1'));
    expect(await messages()).toEqual(['minute 71']);
    expect(await session.page.evaluate('history.length')).toBe(Number(steps) + 1);
    await session.page.goBack();
    await session.page.getByText('minute 299').waitFor();
    await session.page.clock.resume();
  });

  test('take several words, words that must not be there, and phrases, in either case', async () => {
    await open('?to=2025-01-01T00:00:00Z');
    const search = (text: string) => session.page.getByRole('combobox', { name: 'Search' }).fill(text);
    await session.reloadedBy(() => search('MINUTE'));
    expect(await messages()).toEqual([]);
    await session.reloadedBy(() => search('9 minute -99 -1 -"minute 2"'));
    expect(await messages()).toEqual(
      stored
        .map(({ message }) => message)
        .filter((message) => message.includes('9') && !/99|1|minute 2/.test(message))
        .toReversed(),
    );
    expect([parameters().getAll('contains'), parameters().getAll('excludes')]).toEqual([
      ['9', 'minute'],
      ['99', '1', 'minute 2'],
    ]);
    expect(await session.page.locator('.line mark').first().textContent()).toBe('minute');
    await session.reloadedBy(() => session.page.reload());
    expect(await session.page.locator('.filter').allTextContents()).toEqual([
      ...['9', 'minute', '-99', '-1', '-"minute 2"'],
    ]);
  });

  test('say how far back a search has come while it goes on, and stop it', async () => {
    let pages = 0;
    await open('?contains=nowhere', {
      waits: false,
      prepare: (page) =>
        page.route(/\/logs\?/, (route) => {
          pages += 1;
          if (pages > 2) return;
          const next = `${new URL(route.request().url()).origin}/logs?limit=200&cursor=${pages}`;
          return route.fulfill({
            json: [],
            headers: { Link: `<${next}>; rel="next"`, 'Searched-Back-To': `2024-02-29T1${pages}:14:00Z` },
          });
        }),
    });
    await session.page.getByText('Searched back to 2024-02-29 12:14:00…').waitFor();
    await session.page.getByRole('button', { name: 'Stop' }).click();
    await session.page.getByText('Searched back to 2024-02-29 12:14:00.').waitFor();
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
    await session.page.getByRole('button', { name: 'Search further back' }).click();
    session.provokes(/status of 400/);
    await session.page.getByRole('alert').getByText('cursor').waitFor();
  });

  test('take a year once it is typed', async () => {
    await openPaused('?from=2024-03-01T00:00:00Z&to=2025-01-01T00:00:00Z');
    const requests = session.requests();
    await session.page.getByLabel('From', { exact: true }).focus();
    await session.page.keyboard.type('0301');
    await session.reloadedBy(() => typeSlowly('2023'));
    expect(requests.map(({ searchParams }) => searchParams.get('from'))).toEqual([
      '2023-03-01T00:00:00.000Z',
    ]);
    await session.page.clock.resume();
  });

  test('keep a text that was typed just before a click', async () => {
    await open('?to=2025-01-01T00:00:00Z');
    await session.page.getByRole('combobox', { name: 'Search' }).pressSequentially('"minute 1"');
    await session.page.getByRole('button', { name: /^Warning/ }).click();
    await session.page.getByText('minute 199').waitFor();
    expect(await session.page.locator('.filter').allTextContents()).toEqual(['"minute 1"']);
    expect([parameters().get('contains'), parameters().getAll('severity')]).toEqual([
      'minute 1',
      ['info', 'error'],
    ]);
  });

  test('show local times whole, with their offset', async () => {
    await open('?to=2024-03-02T00:00:00Z&zone=local');
    const time = session.page.locator('.line time').first();
    expect(await time.textContent()).toBe('2024-03-01 10:29:00.000+05:30');
    expect(await time.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    expect(await session.page.locator('#summary').textContent()).toContain('to 2024-03-01 10:29:00+05:30');
  });

  test('name the deployment that is shown', async () => {
    const { host } = new URL(session.service.url);
    await open('?to=2025-01-01T00:00:00Z');
    expect(await session.page.title()).toBe(`${host} · Logs`);
    await session.page.context().close();

    const web = await startWebServer(openService(new URL(session.service.url)), 0);
    await open(`?to=2025-01-01T00:00:00Z&token=${web.token}`, { base: web.url.slice(0, -1) });
    expect(await session.page.title()).toBe(`${host} · Logs`);
    expect(await session.page.locator('h1').textContent()).toBe(`Logs ${host}`);
    await session.page.context().close();
    await web.close();
    await open('?to=2024-03-02T00:00:00Z');
  });
});

const severities = [
  entry({ datetime: '2024-01-01T00:00:01Z', severity: 'error', message: 'first' }),
  entry({ datetime: '2024-01-01T00:00:02Z', severity: 'warning', message: 'second' }),
  entry({ datetime: '2024-01-01T00:00:03Z', message: Array.from({ length: 200 }, () => 'long').join('\n') }),
];

describePage('A user of the keyboard or with low vision', severities, (session) => {
  const { open } = session;
  const focused = () => session.page.evaluate('document.activeElement.className');

  test('keeps the focus on the list while it is filtered by keys', async () => {
    await open();
    await session.page.keyboard.press('j');
    await session.reloadedBy(() => session.page.keyboard.press('2'));
    expect(await focused()).toBe('line');
    await session.reloadedBy(() => session.page.keyboard.press('2'));
    expect(await focused()).toBe('line');
  });

  test('scrolls a long message with the arrow keys', async () => {
    await open();
    await session.page.locator('.line', { hasText: 'long' }).click();
    const message = session.page.getByRole('group', { name: 'Message' });
    await message.focus();
    await session.page.keyboard.press('ArrowDown');
    await session.page.keyboard.press('End');
    expect(await session.page.evaluate('document.activeElement.role === "group"')).toBe(true);
    await until(async () => Number(await message.evaluate(({ scrollTop }) => scrollTop)) > 100);
  });

  test.each(['light', 'dark'] as const)(
    'can tell borders and bars from the background in %s',
    async (colorScheme) => {
      await open('', { colorScheme });
      const contrasts = (await session.page.evaluate(CONTRASTS)) as Record<string, number>;
      expect(Object.keys(contrasts)).toHaveLength(6);
      expect(Object.entries(contrasts).filter(([, contrast]) => contrast < 3)).toEqual([]);
    },
  );

  test('is told what was found, and chooses a bar of the histogram by keys or in a table', async () => {
    await open('?from=2024-01-01T00:00:00Z&to=2024-01-01T00:00:05Z');
    const result = session.page.getByRole('status', { name: 'Result' });
    expect(await result.textContent()).toBe('3 entries');
    const chart = session.page.getByRole('slider');
    await chart.focus();
    await session.page.keyboard.press('Home');
    for (let bar = 0; bar < 30; bar += 1) await session.page.keyboard.press('Shift+ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toContain('1 error, 0 warnings');
    await session.reloadedBy(() => session.page.keyboard.press('Enter'));
    expect(await session.messages()).toEqual(['first']);
    await session.page.goBack();
    await session.page.getByText('second').waitFor();
    await session.page.getByRole('button', { name: 'Table' }).click();
    expect(await session.page.locator('#bars tbody tr').allTextContents()).toHaveLength(3);
    await session.reloadedBy(() => session.page.locator('#bars tbody button').last().click());
    expect(await session.messages()).toEqual(['first']);
    expect(await result.textContent()).toBe('1 entry');
  });

  test('can switch keys of one character off, and the browser remembers it', async () => {
    await open();
    await session.page.getByRole('button', { name: 'Help' }).click();
    await session.page.getByLabel('Keys of one character are on').uncheck();
    await session.page.getByRole('button', { name: 'Close' }).click();
    await session.page.reload();
    await session.page.locator('.line').first().waitFor();
    await session.page.keyboard.press('f');
    await session.page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('line');
    expect(await session.page.locator('#follow').getAttribute('aria-pressed')).toBe('false');
  });

  test.each([
    ['at 200 %', 640, 360],
    ['at 400 %', 320, 256],
    ['with a phone on its side', 844, 390],
  ])('has the screen for the list %s once it is scrolled', async (_how, width, height) => {
    await open('', { viewport: { width, height } });
    await session.page.locator('.line', { hasText: 'long' }).click();
    await session.page.locator('#scroller').evaluate((scroller) => scroller.scrollTo({ top: 9_999 }));
    const header = await session.page.locator('#top').boundingBox();
    expect((header?.y ?? 0) + (header?.height ?? 999)).toBeLessThanOrEqual(0);
    expect(await session.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('can read the help over an open entry', async () => {
    await open();
    await session.page.locator('.line').first().click();
    await session.page.keyboard.press('?');
    await session.page.getByRole('dialog').waitFor();
  });
});

/** Runs in the page: the contrast of what is no text (WCAG 2.2, 1.4.11) to the surface behind it. */
const CONTRASTS = `(() => {
  const luminanceOf = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map(Number)
      .map((channel) => channel / 255)
      .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = luminanceOf(getComputedStyle(document.querySelector('#histogram')).backgroundColor);
  const contrast = (color) => {
    const [darker, lighter] = [luminanceOf(color), ground].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  return {
    button: contrast(style('#follow').borderTopColor),
    field: contrast(style('#search').borderTopColor),
    axis: contrast(style('#chart .axis').stroke),
    error: contrast(style('#chart rect.error').fill),
    warning: contrast(style('#chart rect.warning').fill),
    info: contrast(style('#chart rect.info').fill),
  };
})()`;
