import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage, hurry } from '../support/page-session.ts';

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

describePage('Following', [], (session) => {
  const { open, messages } = session;
  const send = (messages: string[], seconds: number) =>
    post(
      session.service.url,
      messages.map((message) => entry({ message, datetime: ago(seconds) })),
    );

  test('keeps an entry that is open where it is', async () => {
    await send(['held 1'], 60);
    await send(
      Array.from({ length: 60 }, (_, index) => `held before ${index}`),
      100,
    );
    await open('?contains=held&follow=1', { prepare: hurry });
    const line = session.page.locator('.line', { hasText: 'held 1' });
    await line.click();
    const before = await line.boundingBox();
    await send(['held 2', 'held 3', 'held 4'], 1);
    await session.page.getByText('held 4').waitFor({ state: 'attached' });
    expect(await line.boundingBox()).toEqual(before);
    expect(await session.page.getByRole('button', { name: '↑ 3 new' }).isVisible()).toBe(true);
  });

  test('moves no row while the list is pointed at or a row has the focus, and then shows what came', async () => {
    await send(['aimed 1', 'aimed 2'], 60);
    await open('?contains=aimed&follow=1', { prepare: hurry });
    const line = session.page.locator('.line', { hasText: 'aimed 1' });
    const newest = () => session.page.locator('.line .message').first();
    for (const [message, hold, release] of [
      ['aimed 3', () => line.hover(), () => session.page.mouse.move(5, 5)],
      ['aimed 4', () => line.focus(), () => session.page.keyboard.press('Escape')],
    ] as const) {
      await hold();
      const before = await line.boundingBox();
      await send([message], 1);
      await session.page.getByRole('button', { name: '↑ 1 new' }).waitFor();
      expect(await line.boundingBox()).toEqual(before);
      await release();
      await session.page.getByRole('button', { name: '↑ 1 new' }).waitFor({ state: 'hidden' });
      expect(await newest().textContent()).toBe(message);
      expect(await session.page.locator('#scroller').evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    }
  });

  test('keeps what is in sight of a scrolled list where it is, and counts what comes above it', async () => {
    await send(
      Array.from({ length: 60 }, (_, index) => `scrolled ${index}`),
      100,
    );
    await open('?contains=scrolled&follow=1', { prepare: hurry });
    await session.page.locator('#scroller').evaluate((scroller) => scroller.scrollTo({ top: 300 }));
    const text = (await session.page.locator('.line .message').nth(20).textContent()) ?? '';
    const line = session.page.getByText(text, { exact: true });
    const before = await line.boundingBox();
    for (const [sent, shown] of [
      [['scrolled a', 'scrolled b'], '↑ 2 new'],
      [['scrolled c'], '↑ 3 new'],
    ] as const) {
      await send([...sent], 1);
      await session.page.getByRole('button', { name: shown }).waitFor();
    }
    expect(await line.boundingBox()).toEqual(before);
  });

  test('shows an entry that comes 90 s late', async () => {
    await send(['tardy now'], 1);
    await open('?contains=tardy&follow=1', { prepare: hurry });
    await send(['tardy late'], 90);
    await session.page.getByText('tardy late').waitFor();
    expect(await messages()).toEqual(['tardy now', 'tardy late']);
  });

  test('says that it reconnects while the service is unavailable, and then shows what came in the meantime', async () => {
    await send(['gone 1'], 60);
    session.provokes(/net::ERR_FAILED/);
    await open('?contains=gone&follow=1', { prepare: hurry });
    await session.page.route(/\/logs\?/, (route) => route.abort());
    await session.page.getByRole('button', { name: 'Reconnecting…' }).waitFor();
    expect(await session.page.getByRole('alert').isVisible()).toBe(true);
    await send(['gone 2'], 1);
    await session.page.unroute(/\/logs\?/);
    await session.page.getByText('gone 2').waitFor();
    expect(await session.page.getByRole('alert').isVisible()).toBe(false);
    expect(await session.page.getByRole('button', { name: 'Follow' }).isVisible()).toBe(true);
  });

  test('shows each of thousands that come at 500 a second, newest first', async () => {
    const sent: string[] = [];
    await open('?contains=flood&follow=1');
    for (let batch = 0; batch < 20; batch += 1) {
      const numbers = Array.from({ length: 250 }, (_, index) => String(batch * 250 + index).padStart(5, '0'));
      await send(
        numbers.map((number) => `flood ${number}`),
        0,
      );
      sent.push(...numbers);
    }
    const info = session.page.locator('button[value=info]');
    await info.getByText('5,000').waitFor();
    expect(await session.count()).toBe(sent.length);
    const times = await session.page
      .locator('.line time')
      .evaluateAll((all) => all.map((time) => time.getAttribute('datetime') ?? ''));
    expect(times).toEqual(times.toSorted().reverse());
  });
});
