import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage, hurry } from '../support/page-session.ts';

const stored = Array.from({ length: 2_300 }, (_, index) =>
  entry({ datetime: new Date(Date.UTC(2024, 0, 1) + index).toISOString(), message: `=row ${index}` }),
);

describePage('Saving and refusals', stored, (session) => {
  const { open } = session;
  async function save(form: string) {
    await session.page.getByRole('button', { name: 'Export' }).click();
    return saved(form);
  }

  /** What the open dialog saves. */
  async function saved(form: string) {
    const [download] = await Promise.all([
      session.page.waitForEvent('download'),
      session.page.getByRole('button', { name: form }).click(),
    ]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  test('all entries of a view are saved as NDJSON, also those that are not loaded', async () => {
    await open('?contains=row');
    await session.page.getByRole('button', { name: 'Export' }).click();
    await session.page.locator('#export-count', { hasText: /^2,300 entries$/ }).waitFor();
    await session.page.getByRole('button', { name: 'Close' }).click();
    const { name, text } = await save('NDJSON');
    expect(name).toMatch(/^logs-row-to-\d{8}T\d{6}Z\.ndjson$/);
    const lines = text.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line))).toEqual(stored.toReversed());
    await session.page.getByText('2,300 entries saved').waitFor();
  });

  test('they are saved as CSV, and no cell begins as a formula', async () => {
    await open('?contains=row 1');
    const { name, text } = await save('CSV');
    const lines = text.split('\r\n');
    expect(name).toMatch(/^logs-row-1-to-.*\.csv$/);
    expect([lines[0], lines.length]).toEqual(['datetime,severity,id,message,attributes', 1_113]);
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/,'=row 1\d*,$/);
  });

  test('they are saved with a column for each attribute and a mark for Excel where that is chosen', async () => {
    await post(session.service.url, [
      entry({ message: 'column', attributes: { pod: { name: 'a' }, zone: 'z' } }),
    ]);
    await open('?contains=column');
    await session.page.getByRole('button', { name: 'Export' }).click();
    await session.page.getByLabel('a column for each attribute').check();
    await session.page.getByLabel('for Excel').check();
    const [head, line] = (await saved('CSV')).text.split('\r\n');
    expect(head).toBe('\ufeffdatetime,severity,id,message,pod.name,zone');
    expect(line).toMatch(/,column,a,z$/);
  });

  test('a link and a file have what is on screen, however late they are asked for', async () => {
    const about = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
    await post(session.service.url, [
      entry({ id: 'early', datetime: about(600), message: 'seen' }),
      entry({ id: 'late', datetime: about(10), message: 'seen' }),
    ]);
    await open('?contains=seen&last=15m');
    expect(await session.messages()).toEqual(['seen', 'seen']);
    await post(session.service.url, [entry({ datetime: new Date().toISOString(), message: 'seen' })]);
    await session.page.evaluate('{ const now = Date.now() + 60_000; Date.now = () => now; }');
    const { text } = await save('NDJSON');
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).id),
    ).toEqual(['late', 'early']);

    await session.page.getByRole('button', { name: 'Close' }).click();
    await session.page.locator('.line').last().click();
    await session.page.keyboard.press('l');
    await session.page.getByText('Link to this view copied').waitFor();
    const link = new URL(await session.page.evaluate('navigator.clipboard.readText()'));
    await session.reloadedBy(() => session.page.goto(link.href));
    await session.page.locator('.detail').waitFor();
    expect([link.searchParams.get('id'), await session.messages()]).toEqual(['early', ['seen', 'seen']]);
  });

  test('the lines around an entry are saved as far as they are shown', async () => {
    const middle = stored[1_000];
    await open(`?at=${middle?.datetime}&id=${middle?.id}`);
    const { text } = await save('NDJSON');
    const shown = text.split('\n').slice(0, -1);
    expect(shown.length).toBeLessThan(stored.length);
    expect(shown.map((line) => JSON.parse(line).message)).toContain(middle?.message);
    const count = `${shown.length.toLocaleString('en')} entries`;
    expect(await session.page.locator('#export-count').textContent()).toBe(count);
    expect(await session.page.locator('#export-progress').textContent()).toBe(`${count} saved`);
  });

  test('saving can be stopped, and says so', async () => {
    await open('?contains=row', {
      prepare: (page) => page.route(/cursor=/, () => {}),
    });
    await session.page.getByRole('button', { name: 'Export' }).click();
    await session.page.getByRole('button', { name: 'CSV' }).click();
    await session.page.getByText('1,000 entries, back to 2024-01-01 00:00:01').waitFor();
    await session.page.getByRole('button', { name: 'Stop' }).click();
    await session.page.getByText('1,000 entries saved: stopped before the end').waitFor();
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('saving ends without a file when its dialog is closed', async () => {
    await open('?contains=row', { prepare: (page) => page.route(/cursor=/, () => {}) });
    const given: string[] = [];
    session.page.on('download', (download) => given.push(download.suggestedFilename()));
    await session.page.getByRole('button', { name: 'Export' }).click();
    await session.page.getByRole('button', { name: 'CSV' }).click();
    await session.page.getByText('1,000 entries, back to').waitFor();
    await Promise.all([
      session.page.waitForEvent('requestfailed'),
      session.page.getByRole('button', { name: 'Close' }).click(),
    ]);
    await session.page.unrouteAll({ behavior: 'ignoreErrors' });
    expect((await save('NDJSON')).text.split('\n')).toHaveLength(2_301);
    expect(given).toEqual([expect.stringMatching(/^logs-row-.*\.ndjson$/)]);
  });

  test('saving waits while the service is unavailable, and says so when it is refused', async () => {
    session.provokes(/status of 503|status of 400/);
    let status = 503;
    await open('?contains=row', {
      prepare: async (page) => {
        await hurry(page);
        await page.route(/cursor=/, (route) => route.fulfill({ status, json: { title: 'Not now' } }));
      },
    });
    await session.page.getByRole('button', { name: 'Export' }).click();
    await session.page.getByRole('button', { name: 'CSV' }).click();
    await session.page.getByText(/503.*Trying again…/).waitFor();
    status = 400;
    await session.page.getByText(/^Nothing saved: .*400/).waitFor();
    expect(await session.page.getByRole('button', { name: 'CSV' }).isEnabled()).toBe(true);
  });

  test('dead letters say when there are none', async () => {
    await open('?view=dead-letters');
    await session.page.getByText('Nothing was refused.').waitFor();
  });

  test('dead letters say which API key sent them, and older ones are read with a click', async () => {
    const letter = { refusedAt: '2024-01-01T00:00:00Z', errors: [{ path: 'id', message: 'is missing' }] };
    await open('?view=dead-letters', {
      prepare: (page) =>
        page.route(/\/dead-letters\?/, (route) => {
          const url = new URL(route.request().url());
          if (url.searchParams.has('cursor')) return route.fulfill({ json: [{ ...letter, raw: 'older' }] });
          return route.fulfill({
            json: [{ ...letter, raw: 'newer', sender: 'key-of-checkout' }],
            headers: { Link: `<${url}&cursor=1>; rel="next"` },
          });
        }),
    });
    await session.page.locator('#letters summary').click();
    await session.page.getByText('sent with the API key key-of-checkout').waitFor();
    await session.page.getByRole('button', { name: 'Older ones' }).click();
    await session.page.locator('pre', { hasText: 'older' }).waitFor();
    expect(await session.page.locator('summary .severity').allTextContents()).toEqual(['×2']);
    expect(await session.page.locator('.faults').allTextContents()).toEqual(['id is missing']);
    expect(await session.page.getByRole('button', { name: 'Older ones' }).isVisible()).toBe(false);
  });

  test('equal refusals are one row, are searched and saved, and keys of the entries do nothing there', async () => {
    const refusals = ['noon', 'night'].map((message) => ({
      refusedAt: '2024-01-01T00:00:00Z',
      errors: [{ path: 'datetime', message: 'must be RFC 3339' }],
      raw: JSON.stringify({ message }),
    }));
    const other = { ...refusals[0], errors: [{ path: 'id', message: 'is missing' }], raw: 'other' };
    await open('?view=dead-letters', {
      prepare: (page) =>
        page.route(/\/dead-letters\?/, (route) => route.fulfill({ json: [...refusals, other] })),
    });
    const rows = session.page.locator('#letters summary');
    const texts = () => rows.locator('.severity, .reasons').allTextContents();
    expect(await texts()).toEqual(['×2', 'datetime must be RFC 3339', '×1', 'id is missing']);

    for (const key of ['j', '1', 'f', 'b', 'c']) await session.page.keyboard.press(key);
    expect(new URL(session.page.url()).search).toBe('?view=dead-letters');
    await session.page.keyboard.press('Enter');
    await session.page.locator('#letters pre').nth(1).waitFor();

    await session.page.locator('#search').fill('night');
    await session.page.getByText('×2').waitFor({ state: 'hidden' });
    expect(await texts()).toEqual(['×1', 'datetime must be RFC 3339']);
    const { name, text } = await save('CSV');
    expect(name).toMatch(/^dead-letters-night-to-.*\.csv$/);
    expect(text).toBe(
      `refusedAt,reasons,sender,record\r\n2024-01-01T00:00:00Z,datetime must be RFC 3339,,"{""message"":""night""}"\r\n`,
    );
    await session.page.getByText('1 dead letter saved').waitFor();
  });

  test('dead letters show what was refused, why, and the raw text, never as markup', async () => {
    await post(session.service.url, [
      entry(),
      { id: 'bad', datetime: 'noon', severity: 'info', message: '<b>bold</b>\u202e' },
    ] as never);
    await open();
    await session.page.getByRole('button', { name: 'Dead letters' }).click();
    await session.page.getByText('datetime must be').first().waitFor();
    await session.page.locator('#letters summary').click();
    expect(await session.page.locator('#letters pre').textContent()).toContain('<b>bold</b>\\u202e');
    expect(await session.page.locator('#letters b').count()).toBe(0);
    expect(new URL(session.page.url()).search).toBe('?view=dead-letters');
    await session.page.goBack();
    await session.page.locator('.line').first().waitFor();
  });
});
