import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { describePage } from '../support/page-session.ts';

const stored = [
  entry({ datetime: '2024-01-01T00:00:01Z', severity: 'error', message: 'first' }),
  entry({ datetime: '2024-01-01T00:00:02Z', severity: 'warning', message: 'second' }),
  entry({ datetime: '2024-01-01T00:00:03Z', message: Array.from({ length: 200 }, () => 'long').join('\n') }),
];

describePage('Whoever uses the keyboard or sees little', stored, (session) => {
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
    // waitForFunction would evaluate a text in the page, which its policy forbids.
    while (!(await session.page.evaluate('document.activeElement.scrollTop > 100')));
  });

  test.each(['light', 'dark'] as const)(
    'tells borders and bars from the ground in %s',
    async (colorScheme) => {
      await open('', { colorScheme });
      const contrasts = (await session.page.evaluate(CONTRASTS)) as Record<string, number>;
      expect(Object.keys(contrasts)).toHaveLength(6);
      expect(Object.entries(contrasts).filter(([, contrast]) => contrast < 3)).toEqual([]);
    },
  );

  test('finds no fault with the help over an open entry', async () => {
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
    field: contrast(style('#contains').borderTopColor),
    axis: contrast(style('#chart .axis').stroke),
    error: contrast(style('#chart rect.error').fill),
    warning: contrast(style('#chart rect.warning').fill),
    info: contrast(style('#chart rect.info').fill),
  };
})()`;
