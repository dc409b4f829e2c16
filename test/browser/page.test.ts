import { expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { startWebServer } from '../../cli/web-server.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage } from '../support/page-session.ts';

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const crash = entry({
  id: 'crash',
  datetime: '2023-11-15T12:05:02.500Z',
  severity: 'error',
  message: 'Crashed\n  at <anonymous>',
});
const story: LogEntry[] = [
  entry({ id: 'boot', datetime: '2023-11-15T12:05:00Z', message: 'Started' }),
  entry({
    id: 'disk',
    datetime: '2023-11-15T13:05:01+01:00',
    severity: 'warning',
    message: 'Disk space low',
  }),
  crash,
  entry({ id: 'hostile', datetime: '2023-11-15T12:09:00Z', message: HOSTILE }),
];
const many = Array.from({ length: 450 }, (_, index) =>
  entry({
    datetime: new Date(Date.UTC(2020, 0, 1, 0, 0, index)).toISOString(),
    message: `step ${index} of many`,
  }),
);

/** An end in the past keeps out the new entries that other tests send. */
const ALL = '?to=2024-01-01T00:00:00Z';
const STORY = `${ALL}&from=2023-01-01T00:00:00Z`;

describePage('The page', [...story, ...many], (session) => {
  const { open, messages, reloadedBy } = session;
  const focused = () => session.page.locator('.line:focus .message').textContent();

  test('shows the newest entries first, and older ones when scrolled to the end', async () => {
    await open(ALL);
    expect((await messages()).slice(0, 3)).toEqual([HOSTILE, crash.message, 'Disk space low']);
    expect(await session.count()).toBe(200);

    const seen = new Set<string>();
    while ((await session.count()) < 454 || !seen.has('step 0 of many')) {
      for (const message of await messages()) seen.add(message);
      await session.page.locator('#scroller').evaluate((scroller) => scroller.scrollBy({ top: 400 }));
    }
    expect(await session.page.locator('#end-text').textContent()).toBe('No older entries');
    expect([...seen]).toEqual([...story, ...many.toReversed()].map(({ message }) => message).sort(byStory));
  });

  test('shows markup in a message as text', async () => {
    await open('?contains=onerror');
    await session.page.locator('.line').click();
    expect(await session.page.locator('.detail pre').textContent()).toBe(HOSTILE);
    expect(await session.page.locator('#entries img, #entries script').count()).toBe(0);
  });

  test('filters by severity, text and time, and keeps the view in its address', async () => {
    await open(STORY);
    await reloadedBy(() => session.page.getByRole('button', { name: /^Info/ }).click());
    expect(await messages()).toEqual([crash.message, 'Disk space low']);
    await reloadedBy(() =>
      session.page.getByRole('button', { name: /^Error/ }).click({ modifiers: ['Shift'] }),
    );
    expect(await messages()).toEqual([crash.message]);
    await session.page.goBack();
    await session.page.getByText('Disk space low').waitFor();
    expect(await messages()).toEqual([crash.message, 'Disk space low']);

    await reloadedBy(() => session.page.getByRole('combobox', { name: 'Search' }).fill('space'));
    expect(await messages()).toEqual(['Disk space low']);
    await reloadedBy(() => session.page.reload());
    expect(await messages()).toEqual(['Disk space low']);

    await reloadedBy(() => session.page.getByLabel('Time range', { exact: true }).last().selectOption('1h'));
    expect(await messages()).toEqual([]);
    expect(await session.page.locator('#end-text').textContent()).toContain('No entries match');
  });

  test('reads the fields of a range in the zone that it shows times in', async () => {
    await open('?from=2023-11-15T12:05:01Z');
    await reloadedBy(() => session.page.getByLabel('To, exclusive').fill('2023-11-15T12:05:02'));
    expect(await messages()).toEqual(['Disk space low']);
    await session.page.keyboard.press('Tab');
    await session.page.getByRole('button', { name: 'Local time' }).click();
    expect(await session.page.locator('.line time').textContent()).toBe('2023-11-15 17:35:01.000+05:30');
    expect(await session.page.getByLabel('To, exclusive').inputValue()).toBe('2023-11-15T17:35:02');
    await reloadedBy(() => session.page.getByLabel('From', { exact: true }).fill('2023-11-15T17:35:00'));
    expect(await messages()).toEqual(['Disk space low', 'Started']);
  });

  test('opens an entry, copies it, and shows the entries before it', async () => {
    await open('?severity=error');
    await session.page.locator('.line').click();
    expect(await session.page.locator('.detail pre').textContent()).toBe(crash.message);

    await session.page.getByRole('button', { name: 'Copy message' }).click();
    await session.page.getByText('Message copied').waitFor();
    expect(await session.page.evaluate('navigator.clipboard.readText()')).toBe(crash.message);
    await session.page.getByRole('button', { name: 'Copy JSON' }).click();
    await session.page.getByText('JSON copied').waitFor();
    expect(JSON.parse(await session.page.evaluate('navigator.clipboard.readText()'))).toEqual(crash);

    await reloadedBy(() => session.page.getByRole('button', { name: 'What led to it' }).click());
    expect((await messages()).slice(0, 3)).toEqual([crash.message, 'Disk space low', 'Started']);
    expect(await session.page.locator('.detail pre').textContent()).toBe(crash.message);
  });

  test('can be used with the keyboard alone', async () => {
    await open(STORY);
    await session.page.keyboard.press('j');
    expect(await focused()).toBe(HOSTILE);
    await session.page.keyboard.press('j');
    await session.page.keyboard.press('j');
    await session.page.keyboard.press('k');
    expect(await focused()).toBe(crash.message);
    await session.page.keyboard.press('Enter');
    expect(await session.page.locator('.detail pre').textContent()).toBe(crash.message);
    await session.page.keyboard.press('Escape');
    expect(await session.page.locator('.detail').count()).toBe(0);

    await session.page.keyboard.press('/');
    await reloadedBy(() => session.page.keyboard.type('jkf1'));
    expect(await session.page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe('jkf1');
    await session.page.keyboard.press('Escape');
    await reloadedBy(() => session.page.keyboard.press('1'));
    expect(await session.page.getByRole('button', { name: /^Error/ }).getAttribute('aria-pressed')).toBe(
      'false',
    );
    await session.page.keyboard.press('?');
    await session.page.getByRole('dialog').waitFor();
    await session.page.keyboard.press('Escape');
    await session.page.keyboard.press('f');
    expect(await session.page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });

  test('inserts new and late entries once and in order while following, and keeps the open entry open', async () => {
    const at = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
    await post(session.service.url, entry({ message: 'tail 1', datetime: at(30) }));
    await open('?contains=tail');
    await session.page.locator('.line').click();
    await session.page.keyboard.press('f');
    await post(session.service.url, entry({ message: 'tail 3', datetime: at(5) }));
    await session.page.getByText('tail 3').waitFor();
    await post(session.service.url, [
      entry({ message: 'tail 2', datetime: at(20) }),
      entry({ message: 'tail 4', datetime: at(1) }),
    ]);
    await session.page.getByText('tail 4').waitFor();
    await session.page.waitForResponse(/\/logs\?/);
    await session.page.waitForRequest(/\/logs\?/);
    expect(await messages()).toEqual(['tail 4', 'tail 3', 'tail 2', 'tail 1']);
    expect(await session.page.locator('.detail pre').textContent()).toBe('tail 1');
  });

  test('draws the loaded entries over time, and zooms to the range that is dragged over', async () => {
    await open('?from=2023-11-15T12:05:00Z&to=2023-11-15T12:09:01Z');
    expect(await session.page.locator('#chart rect.error').count()).toBe(1);
    expect(await session.page.locator('#chart text').allTextContents()).toContain('12:06');
    expect(await session.page.locator('#scale').textContent()).toBe('3');
    expect(await session.page.locator('#summary').textContent()).toMatch(
      /^4 entries loaded · 2023-11-15 12:05:00 to/,
    );

    const box = (await session.page.locator('#chart').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await session.page.mouse.move(box.x + 1, box.y + 20);
    await session.page.mouse.down();
    await session.page.mouse.move(box.x + box.width / 2, box.y + 20);
    await reloadedBy(() => session.page.mouse.up());
    expect(await messages()).toEqual([crash.message, 'Disk space low', 'Started']);
  });

  test.each(['dark', 'light'] as const)('has enough contrast in %s', async (colorScheme) => {
    await open(STORY, { colorScheme });
    const { contrasts, ground }: Readability = await session.page.evaluate(READABILITY);
    expect(contrasts.length).toBeGreaterThan(20);
    expect(contrasts.filter(({ contrast }) => contrast < LEAST_CONTRAST)).toEqual([]);
    expect(ground < 0.5).toBe(colorScheme === 'dark');
  });

  test('shows the reason of a refusal, and reads again once the query is valid', async () => {
    session.provokes(/status of 400/);
    await open('?severity=debug');
    expect(await session.page.getByRole('alert').textContent()).toContain(
      'severity must be one or several of',
    );
    await reloadedBy(() =>
      session.page.getByRole('button', { name: /^Error/ }).click({ modifiers: ['Shift'] }),
    );
    expect(await messages()).toEqual([crash.message]);
    expect(await session.page.getByRole('alert').isVisible()).toBe(false);
  });

  test.each([
    { ...crash, datetime: 'noon' },
    { ...crash, severity: '\u202e x' },
    { ...crash, attributes: [] },
    null,
  ])('says so when the service answers with %j in place of an entry', async (item) => {
    await open(ALL, {
      prepare: (page) => page.route('**/logs?*', (route) => route.fulfill({ json: [item] })),
    });
    await session.page.getByText('answers with something other than log entries').waitFor();
  });

  test('shows control characters of a problem as escapes', async () => {
    session.provokes(/400/);
    const json = { title: 'No\u202e', detail: 'be\u0007cause\n' };
    await open(ALL, {
      waits: false,
      prepare: (page) => page.route('**/logs?*', (route) => route.fulfill({ status: 400, json })),
    });
    await session.page.getByText('be\\x07cause\\n').waitFor();
    await session.page.getByText('400 No\\u202e').waitFor();
  });

  test('works through the server of logs --web', async () => {
    const web = await startWebServer(openService(new URL(session.service.url)), 0);
    await open(ALL, {
      base: web.url.slice(0, -1),
      prepare: (page) => page.goto(`${web.url}?token=${web.token}`),
    });
    expect(await messages()).toContain(crash.message);
    while ((await session.count()) < 400) await session.page.keyboard.press('G');
    await web.close();
  });
});

/** The order of the service, newest first: the story comes before the many, which keep their order. */
function byStory(a: string, b: string): number {
  const order = [HOSTILE, crash.message, 'Disk space low', 'Started'];
  const rank = (message: string) => (order.includes(message) ? order.indexOf(message) : order.length);
  return rank(a) - rank(b);
}

interface Readability {
  contrasts: { text: string; contrast: number }[];
  /** Luminance of the page's background, 0 to 1. */
  ground: number;
}

/** WCAG 2.2, success criterion 1.4.3. */
const LEAST_CONTRAST = 4.5;

/** Runs in the page: the contrast ratio of each text to the nearest background painted behind it. */
const READABILITY = `(() => {
  const channelsOf = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminanceOf = (color) => {
    const [red, green, blue] = channelsOf(color)
      .map((channel) => channel / 255)
      .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return channelsOf(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
  };
  const texts = [...document.querySelectorAll('h1, button, .count, select, #summary, #scale, .line > *')];
  const contrasts = texts.map((element) => {
    const luminances = [getComputedStyle(element).color, groundOf(element)].map(luminanceOf);
    const [darker, lighter] = luminances.sort((a, b) => a - b);
    return { text: element.textContent, contrast: (lighter + 0.05) / (darker + 0.05) };
  });
  return { contrasts, ground: luminanceOf(getComputedStyle(document.body).backgroundColor) };
})()`;
