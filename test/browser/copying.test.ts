import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { describePage, until } from '../support/page-session.ts';

const long = `${'word '.repeat(200)}\n${'more '.repeat(200)}end`;
const stored = [
  entry({ id: 'last', datetime: '2024-01-01T00:00:01Z', message: 'Started' }),
  entry({
    id: 'crash',
    datetime: '2024-01-01T00:00:02Z',
    severity: 'error',
    message: 'Crashed\r\n\tat a.js:1\n\tat \u001b[31mb.js:2\u001b[0m \u001b[2J',
    attributes: { host: 'a', pid: 7 },
  }),
  entry({ id: 'blank', datetime: '2024-01-01T00:00:03Z', message: '', attributes: { code: 7, host: 'b' } }),
  entry({ id: 'long', datetime: '2024-01-01T00:00:04Z', severity: 'warning', message: long }),
];
const shown = {
  last: '2024-01-01 00:00:01.000Z\tinfo\tStarted\tlast',
  crash: '2024-01-01 00:00:02.000Z\terror\tCrashed\n\tat a.js:1\n\tat b.js:2 \\x1b[2J\tcrash',
  blank: '2024-01-01 00:00:03.000Z\tinfo\t{"code":7,"host":"b"}\tblank',
  long: `2024-01-01 00:00:04.000Z\twarning\t${long}\tlong`,
};

describePage('Copied rows', stored, (session) => {
  const { open } = session;
  const line = (text: string) => session.page.locator('.line', { hasText: text });

  /** Presses the keys that copy, and resolves to what is then on the clipboard. */
  async function copied(): Promise<string> {
    await session.page.evaluate('navigator.clipboard.writeText("nothing")');
    await session.page.keyboard.press('Control+C');
    let text = '';
    await until(async () => {
      text = await session.page.evaluate('navigator.clipboard.readText()');
      return text !== 'nothing';
    });
    return text;
  }
  /** Drags from one place of the page to another. */
  async function drag(from: { x: number; y: number }, to: { x: number; y: number }) {
    await session.page.mouse.move(from.x, from.y);
    await session.page.mouse.down();
    await session.page.mouse.move(to.x, to.y, { steps: 5 });
    await session.page.mouse.up();
  }
  async function boxOf(text: string, field: string) {
    const box = await line(text).locator(field).boundingBox();
    return box ?? { x: 0, y: 0, width: 0, height: 0 };
  }

  test('are a line each, with fields apart by tabs and the line breaks of messages', async () => {
    await open();
    await session.page.keyboard.press('Control+A');
    expect(await copied()).toBe([shown.long, shown.blank, shown.crash, shown.last].join('\n'));
  });

  test('are what was dragged over, from the first field to the last', async () => {
    await open();
    const from = await boxOf('{"code":7', '.message');
    const to = await boxOf('Started', '.severity');
    await drag({ x: from.x + 1, y: from.y + 10 }, { x: to.x + to.width - 2, y: to.y + 10 });
    expect(await copied()).toBe(
      ['{"code":7,"host":"b"}\tblank', shown.crash, '2024-01-01 00:00:01.000Z\tinfo'].join('\n'),
    );
    expect(await session.page.locator('.detail').count()).toBe(0);
  });

  test('are a message with its line breaks if no more than that is selected', async () => {
    await open();
    await line('Crashed').locator('.message').click({ clickCount: 3 });
    expect(await copied()).toBe('Crashed\n\tat a.js:1\n\tat b.js:2 \\x1b[2J');
    const box = await boxOf('Started', '.message');
    await session.page.mouse.dblclick(box.x + 10, box.y + 10);
    expect(await copied()).toBe('Started');
  });

  test('have the attributes of an open row below it, and what is selected there alone is left as it is', async () => {
    await open();
    await line('Crashed').click();
    await session.page.keyboard.press('Control+A');
    expect(await copied()).toBe(
      [shown.long, shown.blank, shown.crash, '{\n  "host": "a",\n  "pid": 7\n}', shown.last].join('\n'),
    );
    const host = await session.page.locator('.json', { hasText: '"host"' }).boundingBox();
    await session.page.mouse.dblclick((host?.x ?? 0) + 30, (host?.y ?? 0) + 10);
    expect(await copied()).toBe('host');
  });

  test('leave a field alone that is being filled in', async () => {
    await open();
    await session.page.keyboard.press('Control+A');
    await session.page.getByRole('combobox', { name: 'Search' }).fill('typed');
    await session.page.getByRole('combobox', { name: 'Search' }).selectText();
    expect(await copied()).toBe('typed');
  });

  test('of dead letters have the whole record', async () => {
    const record = `{"id":"refused","severity":"loud","message":"${'no '.repeat(100)}"}`;
    await post(session.service.url, record);
    await open('?view=dead-letters');
    await session.page.locator('.letter').waitFor();
    await session.page.keyboard.press('Control+A');
    const [time, count, reasons, message] = (await copied()).split('\t');
    expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    expect(count).toBe('×1');
    expect(reasons).toContain('severity');
    expect(message).toBe(record);
  });
});
