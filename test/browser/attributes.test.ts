import { beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage } from '../support/page-session.ts';

/** Entries with attributes as they are written here. */
const written = [
  ['level-nested', '{"log":{"level":"warn"}}'],
  ['level-both', '{"log":{"level":"error"},"log.level":"warn"}'],
  ['level-dotted', '{"log.level":"error"}'],
  ['time-twice', '{"time":5.2,"url":"/x","time":"12:00:01"}'],
  ['in-lists', '{"errors":["first\\nsecond","one"],"cause":{"stack":"Inner\\n  at c.js:3"}}'],
  [
    'trace',
    '{"exception.stacktrace":"Error: \\"x\\"\\r\\n\\tat \\u001b[31ma.js\\u001b[0m:1\\n\\tat b.js:2\\n","pid":7}',
  ],
] as const;

describePage('Attributes', [], (session) => {
  const { open, messages, reloadedBy } = session;
  const line = (text: string) => session.page.locator('.line', { hasText: text });
  const group = () => session.page.getByRole('group', { name: 'Attributes' });
  const lines = () => group().locator('.json').allTextContents();
  const button = (name: string) => session.page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    for (const [message, attributes] of written)
      await post(
        session.service.url,
        `${JSON.stringify(entry({ message })).slice(0, -1)},"attributes":${attributes}}`,
      );
    const attributes = { code: 7, 'a note': 'x'.repeat(1_000), trace: 'a\nb' };
    for (const message of ['', ' \n ', '\u001b[1m\u001b[0m'])
      await post(session.service.url, entry({ id: `blank ${message.length}`, message, attributes }));
    await post(session.service.url, entry({ id: 'bare', message: '' }));
  });

  test('are dimmed in place of a message that is blank, and below it no box is empty', async () => {
    await open('?attributes[code]=7');
    const colours = await session.page
      .locator('.line > :is(.id, .attributes)')
      .evaluateAll((fields) =>
        fields.map((field) => field.ownerDocument.defaultView?.getComputedStyle(field).color),
      );
    expect(colours).toHaveLength(6);
    expect(new Set(colours).size).toBe(1);
    for (const message of await messages()) expect(message).toMatch(/^\{"code":7,"a note":"x{300}/);
    await line('blank 0').click();
    expect(await session.page.locator('.detail pre').count()).toBe(1);
    expect((await lines())[1]).toBe('  "code": 7,');
  });

  test('are not marked where they are in place of a message that was searched for', async () => {
    await open('?contains=%20&attributes[code]=7');
    expect(await messages()).toEqual([expect.stringContaining('"a note":"x')]);
    expect(await session.page.locator('mark').count()).toBe(0);
  });

  test('that have several lines are shown as lines, with colours and other controls as in a message', async () => {
    await open();
    await line('trace').first().click();
    expect(await lines()).toEqual([
      '{',
      '  "exception.stacktrace": "Error: "x"\n\tat a.js:1\n\tat b.js:2\n",',
      '  "pid": 7',
      '}',
    ]);
    const trace = group().locator('.json').nth(1);
    expect((await trace.boundingBox())?.height).toBeGreaterThanOrEqual(80);
    expect(await trace.locator('.ansi-red').textContent()).toBe('a.js');
    await reloadedBy(() => trace.getByRole('button', { name: 'Show only' }).click());
    expect(await messages()).toEqual(['trace']);
  });

  test('that have several lines are shown as lines in lists and objects too', async () => {
    await open();
    await line('in-lists').click();
    expect(await lines()).toEqual([
      '{',
      '  "errors": [',
      '    "first\nsecond",',
      '    "one"',
      '  ],',
      '  "cause": {',
      '    "stack": "Inner\n  at c.js:3"',
      '  }',
      '}',
    ]);
  });

  test('whose name occurs twice are shown twice, and each leads to the entry', async () => {
    for (const time of ['5.2', '12:00:01']) {
      await open();
      await line('time-twice').click();
      expect(await lines()).toEqual(['{', '  "time": 5.2,', '  "url": "/x",', '  "time": "12:00:01"', '}']);
      await reloadedBy(() => button(`Show only time=${time}`).click());
      expect(await messages()).toEqual(['time-twice']);
      await reloadedBy(() => button(`Remove time=${time}`).click());
    }
  });

  test.each([
    ['error', ['level-dotted', 'level-both']],
    ['warn', ['level-both', 'level-nested']],
  ])('nested and dotted lead to all entries with log.level=%s', async (level, found) => {
    await open();
    await line('level-both').click();
    await reloadedBy(() => button(`Show only log.level=${level}`).click());
    expect(await messages()).toEqual(found);
  });
});
