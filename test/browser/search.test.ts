import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openService } from '../../cli/open-service.ts';
import { startWebServer } from '../../cli/web-server.ts';
import { entry } from '../support/entries.ts';
import { describePage, until } from '../support/page-session.ts';

const START = Date.UTC(2024, 2, 1);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
const stored = [
  ...Array.from({ length: 300 }, (_, minute) => entry({ datetime: at(minute), message: `minute ${minute}` })),
  ...['failed', 'failed after a timeout', 'done'].map((message, second) =>
    entry({
      datetime: at(300 + second),
      severity: second < 2 ? 'error' : 'info',
      message: `payment ${message}`,
      attributes: { 'service.name': second === 0 ? 'web shop' : 'checkout', trace_id: TRACE },
    }),
  ),
];

describePage('The search box', stored, (session) => {
  const { open, messages, reloadedBy } = session;
  const box = () => session.page.getByRole('combobox', { name: 'Search' });
  const chips = () => session.page.locator('.filter').allTextContents();
  const address = () => [...new URL(session.page.url()).searchParams];
  const search = (text: string) =>
    reloadedBy(async () => {
      await box().fill(text);
      await box().press('Enter');
    });
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => session.page.keyboard.press(key)), Promise.resolve());

  test('makes a chip of each part, and the address holds them all', async () => {
    await open();
    await search('payment -timeout "service.name"="web shop" level:error');
    expect(await messages()).toEqual(['payment failed']);
    expect([await chips(), await box().inputValue()]).toEqual([
      ['payment', '-timeout', 'service.name="web shop"'],
      '',
    ]);
    expect(address()).toEqual([
      ['severity', 'error'],
      ['contains', 'payment'],
      ['excludes', 'timeout'],
      ['attributes[service.name]', 'web shop'],
    ]);
    await reloadedBy(() => session.page.reload());
    expect(await messages()).toEqual(['payment failed']);
    // The last chip is edited, and another is removed by the keyboard.
    await box().focus();
    await reloadedBy(() => press('Backspace'));
    expect(await box().inputValue()).toBe('service.name="web shop"');
    await press('Control+A');
    await session.page.keyboard.insertText('service.name=checkout');
    await reloadedBy(() => press('Enter'));
    expect(await messages()).toEqual([]);
    await session.page.getByRole('button', { name: 'Remove -timeout' }).focus();
    await reloadedBy(() => press('Enter'));
    expect([await chips(), await messages()]).toEqual([
      ['payment', 'service.name=checkout'],
      ['payment failed after a timeout'],
    ]);
  });

  test('completes names and values of attributes by the keyboard', async () => {
    await open();
    await box().pressSequentially('-ser');
    await press('ArrowDown');
    const option = session.page.locator('#completions').locator('[aria-selected=true]');
    expect(await option.textContent()).toBe('service.name=3');
    expect(await box().getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await press('Enter');
    expect(await box().inputValue()).toBe('-service.name=');
    await press('ArrowDown', 'ArrowDown', 'Escape');
    expect(await session.page.locator('#completions > *').count()).toBe(0);
    await session.page.keyboard.type('web');
    await press('ArrowDown', 'Tab');
    expect(await box().inputValue()).toBe('-service.name="web shop" ');
    await reloadedBy(() => press('Enter'));
    expect((await messages()).slice(0, 3)).toEqual([
      'payment done',
      'payment failed after a timeout',
      'minute 299',
    ]);
    // axe checks the open list.
    await session.page.keyboard.type('ser');
    await session.page.getByRole('option', { name: /^service.name/ }).waitFor();
  });

  test('replaces @name by a search that is saved where the page is served', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'logs-page-'));
    const searches = { 'web-failures': 'level:error service.name="web shop"' };
    await writeFile(join(folder, '.logs.json'), JSON.stringify({ searches }));
    const web = await startWebServer(openService(new URL(session.service.url)), 0, folder);
    await open(`?token=${web.token}`, { base: web.url.slice(0, -1) });
    await box().pressSequentially('@we');
    await session.page.getByRole('option', { name: '@web-failures' }).waitFor();
    await press('ArrowDown', 'Enter');
    expect(await box().inputValue()).toBe('level:error service.name="web shop" ');
    await reloadedBy(() => press('Enter'));
    expect([await messages(), await chips()]).toEqual([['payment failed'], ['service.name="web shop"']]);
    await web.close();
    await rm(folder, { recursive: true });
  });

  test('finds a pasted id wherever an entry names it, whatever the range was', async () => {
    await open('?last=15m');
    expect(await session.page.locator('#end-text').textContent()).toBe(
      'No entries match. Widen the time range.',
    );
    await search(TRACE);
    expect(await messages()).toHaveLength(3);
    expect(address()).toEqual([['contains', TRACE]]);
  });

  test('goes to a pasted moment, which comes to the middle of the list', async () => {
    await open('?last=15m');
    await search('[01/Mar/2024:02:30:30 +0000]');
    const row = session.page.locator('.line', { hasText: 'minute 150' });
    await until(() => row.evaluate((line) => line === line.ownerDocument.activeElement));
    const box = await row.boundingBox();
    expect(box?.y).toBeGreaterThan(250);
    expect(box?.y).toBeLessThan(550);
    expect([await chips(), address()]).toEqual([
      ['at:2024-03-01T02:30:30+00:00'],
      [['at', '2024-03-01T02:30:30+00:00']],
    ]);
  });

  test('has a time range that takes a pasted moment too, and says its zone', async () => {
    await open('?to=2024-03-02T00:00:00Z');
    expect(await session.page.locator('#zone').textContent()).toBe('UTC');
    await session.page.evaluate('navigator.clipboard.writeText("Mar 1 2024 04:58")');
    await session.page.getByLabel('From', { exact: true }).focus();
    await reloadedBy(() => press('Control+V'));
    expect(address()[0]).toEqual(['from', '2024-03-01T04:58:00Z']);
    expect((await messages()).at(-1)).toBe('minute 298');
  });
});
