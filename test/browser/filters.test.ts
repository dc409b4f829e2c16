import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { describePage } from '../support/page-session.ts';

const stored = ['a', 'b', 'c'].map((host, index) =>
  entry({
    datetime: `2024-01-01T00:00:0${index}Z`,
    message: `{"on":"${host}","step":${index}}`,
    attributes: { host, zone: 'z' },
  }),
);
const [onA, onB, onC] = stored.map(({ message }) => message);

describePage('Filters', stored, (session) => {
  const { open, messages, reloadedBy } = session;
  const button = (name: string) => session.page.getByRole('button', { name, exact: true });
  const filters = () => session.page.locator('.filter').allTextContents();
  const search = () => session.page.getByRole('searchbox');

  test('by values of one attribute stand side by side, and each goes alone', async () => {
    await open();
    for (const [host, message] of [
      ['a', onA],
      ['b', onB],
    ]) {
      await session.page.locator('.line', { hasText: message }).click();
      await reloadedBy(() => button(`Leave out host=${host}`).click());
    }
    expect(await messages()).toEqual([onC]);
    expect(await filters()).toEqual(['not host=a', 'not host=b']);
    await reloadedBy(() => button('Remove not host=b').click());
    expect([await filters(), await messages()]).toEqual([['not host=a'], [onC, onB]]);
  });

  test('that are there already are not added twice', async () => {
    await open('?attributes[zone]=z&contains="step":1');
    await session.page.locator('.line').click();
    await button('Show only zone=z').click();
    await button('Search for "step":1').click();
    await reloadedBy(() => button('Search for "on":"b"').click());
    expect([await filters(), await search().inputValue()]).toEqual([['zone=z'], '"step":1 "on":"b"']);
    expect(await messages()).toEqual([onB]);
  });

  test.each(['a click', 'a press that leaves the focus where it is'])(
    'go with %s, together with what was typed just before',
    async (press) => {
      await open('?attributes[host]=a');
      await search().pressSequentially('-nothing');
      const filter = button('Remove host=a');
      await (press === 'a click' ? filter.click() : filter.dispatchEvent('click'));
      await session.page.getByText(onC ?? '').waitFor();
      expect(await filters()).toEqual([]);
      expect(await search().inputValue()).toBe('-nothing');
      expect(new URL(session.page.url()).searchParams.getAll('excludes')).toEqual(['nothing']);
    },
  );
});
