import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { entry } from '../support/entries.ts';
import { describePage } from '../support/page-session.ts';

const stored = ['b', 'c', 'a'].map((id) =>
  entry({ id, datetime: '2024-01-01T00:00:00Z', message: `found ${id}` }),
);
const PATIENCE = 10;

describePage('A search that finds nothing for long', stored, (session) => {
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

  test('pauses by itself, and goes on from there when told to', async () => {
    await open('?contains=nowhere', { prepare: (page) => searchWithoutEnd(page, PATIENCE + 2) });
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
