import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage } from '../support/page-session.ts';

const ESCAPE = '\u001b';
const shop = '{"level":"warn","order":12345678901234567890,"user":{"id":"u-1","tags":[]},"ok":true}';
const stored = [
  entry({ id: 'plain', datetime: '2024-01-01T00:00:01Z', message: 'disk space runs low' }),
  entry({ id: 'json', datetime: '2024-01-01T00:00:02Z', message: shop }),
  entry({
    id: 'ansi',
    datetime: '2024-01-01T00:00:03Z',
    message: `${ESCAPE}[31mred${ESCAPE}[0m ${ESCAPE}[2Jhidden? \u202eexe.txt`,
  }),
  entry({
    id: 'attributes',
    datetime: '2024-01-01T00:00:03.5Z',
    message: 'payment failed',
    attributes: { 'service.name': 'checkout', order: { total: 5 }, tags: ['a'] },
  }),
  entry({ id: 'long', datetime: '2024-01-01T00:00:04Z', message: `${'before '.repeat(300)}needle after` }),
];

describePage('An entry', stored, (session) => {
  const { open, messages } = session;
  const line = (text: string) => session.page.locator('.line', { hasText: text });
  const selection = () => session.page.evaluate('getSelection().toString().trim()');

  test('lets a double click pick a word, and stays closed', async () => {
    await open();
    const box = await session.page.getByText('disk space runs low').boundingBox();
    await session.page.mouse.dblclick((box?.x ?? 0) + 10, (box?.y ?? 0) + 10);
    expect(await selection()).toBe('disk');
    expect(await session.page.locator('.detail').count()).toBe(0);
  });

  test('lets a part of its line be selected', async () => {
    await open();
    const box = await session.page.getByText('disk space runs low').boundingBox();
    const y = (box?.y ?? 0) + 10;
    await session.page.mouse.move((box?.x ?? 0) + 1, y);
    await session.page.mouse.down();
    await session.page.mouse.move((box?.x ?? 0) + 100, y, { steps: 4 });
    await session.page.mouse.up();
    expect(await selection()).toMatch(/^disk space/);
    expect(await session.page.locator('.detail').count()).toBe(0);
  });

  test('is copied on plain http too', async () => {
    await open('', {
      prepare: (page) =>
        page.addInitScript(
          'Object.defineProperty(window, "isSecureContext", { value: false });' +
            'Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });',
        ),
    });
    await line('disk').click();
    await session.page.getByRole('button', { name: 'Copy message' }).click();
    await session.page.getByText('Message copied').waitFor();
    await session.page.getByRole('combobox', { name: 'Search' }).focus();
    await session.page.keyboard.press('Control+V');
    expect(await session.page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe(
      'disk space runs low',
    );
  });

  test.each([
    ['the clipboard', 'Message copied', ''],
    ['any copying', 'select the text instead', 'document.execCommand = () => false;'],
  ])('says what became of it where the browser refuses %s', async (_what, said, refusal) => {
    await open('', {
      prepare: (page) =>
        page.addInitScript(
          `${refusal} navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));`,
        ),
    });
    await line('disk').click();
    await session.page.getByRole('button', { name: 'Copy message' }).click();
    await session.page.getByText(said).waitFor();
    expect(await session.page.evaluate('document.activeElement.textContent')).toBe('Copy message');
  });

  test('shows its attributes below its message', async () => {
    await open();
    await line('payment failed').click();
    const attributes = session.page.getByRole('group', { name: 'Attributes' });
    expect(await attributes.locator('.json').allTextContents()).toEqual([
      '{',
      '  "service.name": "checkout",',
      '  "order": {',
      '    "total": 5',
      '  },',
      '  "tags": [',
      '    "a"',
      '  ]',
      '}',
    ]);
  });

  test('leads by its attributes to those that share them, and a click removes the filter', async () => {
    await open();
    await line('payment failed').click();
    const attributes = session.page.getByRole('group', { name: 'Attributes' });
    expect(await attributes.getByRole('button').count()).toBe(4);
    await session.reloadedBy(() =>
      attributes.getByRole('button', { name: 'Show only service.name=checkout' }).click(),
    );
    await line('payment failed').click();
    await session.reloadedBy(() =>
      attributes.getByRole('button', { name: 'Show only order.total=5' }).click(),
    );
    expect(await messages()).toEqual(['payment failed']);
    expect(Object.fromEntries(new URL(session.page.url()).searchParams)).toEqual({
      'attributes[service.name]': 'checkout',
      'attributes[order.total]': '5',
    });
    await session.reloadedBy(() => session.page.reload());
    expect(await messages()).toEqual(['payment failed']);
    for (const filter of ['service.name=checkout', 'order.total=5'])
      await session.reloadedBy(() => session.page.getByRole('button', { name: `Remove ${filter}` }).click());
    expect((await messages()).length).toBe(stored.length);
  });

  test('leads by an attribute to those without it, and the filter has a minus sign', async () => {
    await open();
    await line('payment failed').click();
    await session.reloadedBy(() =>
      session.page.getByRole('button', { name: 'Leave out order.total=5' }).click(),
    );
    const others = await messages();
    expect(others).not.toContain('payment failed');
    expect(others.length).toBe(stored.length - 1);
    expect(new URL(session.page.url()).search).toBe('?excludedAttributes%5Border.total%5D=5');
    await session.reloadedBy(() => session.page.reload());
    expect(await messages()).toEqual(others);
    const filter = session.page.getByRole('button', { name: 'Remove -order.total=5' });
    expect(await filter.textContent()).toBe('-order.total=5');
    await session.reloadedBy(() => filter.click());
    expect((await messages()).length).toBe(stored.length);
  });

  test('has its filters within the width of a phone, large enough for a finger', async () => {
    const long = 'a-name-that-is-longer-than-a-phone-is-wide';
    await open(`?attributes[service.name]=checkout&excludedAttributes[${long}]=${long}`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await line('payment failed').tap();
    expect(await session.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const button of await session.page.getByRole('button', { name: /^(Remove|Show|Leave)/ }).all()) {
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      // The row of filters scrolls sideways.
      const right = /^Remove/.test((await button.getAttribute('aria-label')) ?? '') ? 0 : (box?.x ?? 0);
      expect(right + (box?.width ?? 999)).toBeLessThanOrEqual(390);
    }
  });

  test('leads by a member of its message to those without it', async () => {
    await open();
    await line('12345678901234567890').click();
    await session.reloadedBy(() =>
      session.page.getByRole('button', { name: 'Leave out level=warn' }).click(),
    );
    expect(await messages()).not.toContain(shop);
    expect((await messages()).length).toBe(stored.length - 1);
    expect(await session.page.locator('.filter').allTextContents()).toEqual(['-level=warn']);
  });

  test('shows a JSON message a member a line with all digits, and leads to those that share a member', async () => {
    await open();
    await line('12345678901234567890').click();
    expect(await session.page.locator('.json').allTextContents()).toEqual([
      '{',
      '  "level": "warn",',
      '  "order": 12345678901234567890,',
      '  "user": {',
      '    "id": "u-1",',
      '    "tags": []',
      '  },',
      '  "ok": true',
      '}',
    ]);
    await session.reloadedBy(() =>
      session.page.getByRole('button', { name: 'Show only order=12345678901234567890' }).click(),
    );
    expect(await messages()).toEqual([shop]);
    expect(await session.page.locator('.filter').allTextContents()).toEqual(['order=12345678901234567890']);
  });

  test('shows ANSI colours, and escapes what else controls a terminal or turns the text', async () => {
    await open();
    const message = line('red').locator('.message');
    expect(await message.locator('.ansi-red').textContent()).toBe('red');
    expect(await message.textContent()).toBe('red \\x1b[2Jhidden? \\u202eexe.txt');
    expect(await message.locator('.control').allTextContents()).toEqual(['\\x1b', '\\u202e']);
  });

  test('shows the place that was searched for, and marks it', async () => {
    await open('?contains=needle');
    expect(await session.page.locator('.line mark').textContent()).toBe('needle');
    expect(await session.page.locator('.line mark').isVisible()).toBe(true);
    expect((await messages())[0]).toMatch(/^….{12}needle after$/);
    await line('needle').click();
    expect(await session.page.locator('.detail mark').allTextContents()).toEqual(['needle']);
  });

  test('shows a number in its attributes with all digits, and leads to those that share it', async () => {
    const json = JSON.stringify(entry({ datetime: '2023-01-01T00:00:00Z', message: 'exact' })).slice(0, -1);
    const order = '98765432109876543210';
    await post(session.service.url, `${json},"attributes":{"order":${order}}}`);
    await open();
    await line('exact').click();
    expect(await session.page.getByRole('group', { name: 'Attributes' }).textContent()).toContain(order);
    await session.reloadedBy(() =>
      session.page.getByRole('button', { name: `Show only order=${order}` }).click(),
    );
    expect(await messages()).toEqual(['exact']);
    await line('exact').click();
    await session.page.getByRole('button', { name: 'Copy JSON' }).click();
    await session.page.getByText('JSON copied').waitFor();
    expect(await session.page.evaluate('navigator.clipboard.readText()')).toBe(
      `${json},"attributes":{"order":${order}}}`,
    );
  });
});

const hosts = ['a', 'b', 'c'].map((host, index) =>
  entry({
    datetime: `2024-01-01T00:00:0${index}Z`,
    message: `{"on":"${host}","step":${index}}`,
    attributes: { host, zone: 'z' },
  }),
);
const [onA, onB, onC] = hosts.map(({ message }) => message);

describePage('Filters', hosts, (session) => {
  const { open, messages, reloadedBy } = session;
  const button = (name: string) => session.page.getByRole('button', { name, exact: true });
  const filters = () => session.page.locator('.filter').allTextContents();
  const search = () => session.page.getByRole('combobox', { name: 'Search' });

  test('by values of one attribute are shown beside each other, and each is removed alone', async () => {
    await open();
    for (const [host, message] of [
      ['a', onA],
      ['b', onB],
    ]) {
      await session.page.locator('.line', { hasText: message }).click();
      await reloadedBy(() => button(`Leave out host=${host}`).click());
    }
    expect(await messages()).toEqual([onC]);
    expect(await filters()).toEqual(['-host=a', '-host=b']);
    await reloadedBy(() => button('Remove -host=b').click());
    expect([await filters(), await messages()]).toEqual([['-host=a'], [onC, onB]]);
  });

  test('that are there already are not added twice', async () => {
    await open('?attributes[zone]=z&attributes[step]=1');
    await session.page.locator('.line').click();
    await button('Show only zone=z').click();
    await button('Show only step=1').click();
    await reloadedBy(() => button('Show only on=b').click());
    expect(await filters()).toEqual(['zone=z', 'step=1', 'on=b']);
    expect(await messages()).toEqual([onB]);
  });

  test.each(['a click', 'a press that leaves the focus where it is'])(
    'are removed by %s, together with what was typed just before',
    async (press) => {
      await open('?attributes[host]=a');
      await search().pressSequentially('-nothing');
      const filter = button('Remove host=a');
      await (press === 'a click' ? filter.click() : filter.dispatchEvent('click'));
      await session.page.getByText(onC ?? '').waitFor();
      expect([await filters(), await search().inputValue()]).toEqual([['-nothing'], '']);
      expect(new URL(session.page.url()).searchParams.getAll('excludes')).toEqual(['nothing']);
    },
  );
});
