import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { describePage, hurry } from '../support/page-session.ts';

const stored = Array.from({ length: 150 }, (_, index) =>
  entry({ datetime: new Date(Date.UTC(2024, 0, 1) + index).toISOString(), message: `row ${index}` }),
);

describePage('The start of the page', stored, (session) => {
  const { open } = session;

  test('says when its script does not load', async () => {
    session.provokes(/Failed to load resource/);
    await open('', { waits: false, prepare: (page) => page.route(/app\.js$/, (route) => route.abort()) });
    await session.page.getByText('its script did not load').waitFor();
  });

  test('says when the service does not answer, and shows the entries once it does', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await open('', {
      waits: false,
      prepare: async (page) => {
        await hurry(page);
        await page.route(/\/logs\?/, async (route) => {
          await held;
          await route.continue();
        });
      },
    });
    await session.page.getByText('The service has not answered for 10 s').waitFor();
    expect(await session.page.getByText('its script did not load').count()).toBe(0);
    expect(await session.page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false);
    answer();
    await session.page.getByText('row 149').waitFor();
    expect(await session.page.locator('#problem').isVisible()).toBe(false);
  });

  test('prints all rows that are loaded', async () => {
    await open('?to=2024-02-01T00:00:00Z');
    await session.page.emulateMedia({ media: 'print' });
    await session.page.evaluate('dispatchEvent(new Event("beforeprint"))');
    const { height, rows } = (await session.page.evaluate(
      '({ height: document.documentElement.scrollHeight, rows: document.querySelectorAll("#entries > li").length })',
    )) as { height: number; rows: number };
    expect(rows).toBe(150);
    expect(height).toBeGreaterThan(150 * 20);
    await session.page.emulateMedia({ media: 'screen' });
  });
});
