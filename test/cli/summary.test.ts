import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { runLogs } from '../support/terminal.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
  const at = (second: number) => `2024-01-01T00:00:0${second}Z`;
  const failed = (second: number, host: string) =>
    entry({
      datetime: at(second),
      severity: 'error',
      message: `order ${second} failed`,
      attributes: { service: { name: 'cart' }, host },
    });
  await post(service.url, [
    failed(1, 'a'),
    failed(2, 'a\u001b[2J'),
    failed(3, 'a'),
    entry({ datetime: at(4), message: 'Started', attributes: { 'service.name': 'auth' } }),
  ]);
});
afterAll(() => service.close());

const logs = (...argv: string[]) => runLogs('--url', service.url, ...argv);

test('--patterns counts alike messages, with share, first and last', async () => {
  expect(await logs('--patterns')).toMatchObject({
    code: 0,
    lines: [
      '        3   75.0 %  2024-01-01 00:00:01.000Z  2024-01-01 00:00:03.000Z  ERROR    order * failed',
      '        1   25.0 %  2024-01-01 00:00:04.000Z  2024-01-01 00:00:04.000Z  INFO     Started',
    ],
    err: '2 patterns in 4 entries.\n',
  });
});

test('--top counts the values of an attribute, among the entries that the other options choose', async () => {
  expect(await logs('--top', 'service.name')).toMatchObject({
    lines: ['        3   75.0 %  cart', '        1   25.0 %  auth'],
    err: '2 values of service.name in 4 entries.\n',
  });
  expect(await logs('--top', 'host', '--severity', 'error')).toMatchObject({
    lines: ['        2   66.7 %  a', '        1   33.3 %  a\\x1b[2J'],
    err: '2 values of host in 3 entries.\n',
  });
  expect(await logs('--top', 'none')).toMatchObject({ out: '', err: '0 values of none in 4 entries.\n' });
});

test('--json prints the same as one object a line', async () => {
  const { lines } = await logs('--patterns', '--json', '-s', 'error');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      count: 3,
      share: 1,
      severity: 'error',
      first: '2024-01-01T00:00:01.000000000Z',
      last: '2024-01-01T00:00:03.000000000Z',
      pattern: 'order * failed',
      example: 'order 3 failed',
    },
  ]);
  expect((await logs('--top', 'service.name', '--json')).lines[0]).toBe(
    '{"count":3,"share":0.75,"value":"cart"}',
  );
});

test('A limit is said, and that there are older entries', async () => {
  expect(await logs('--patterns', '--limit', '2')).toMatchObject({
    err: '2 patterns in the newest 2 entries; older entries exist: raise --limit.\n',
  });
});

test.each([['--follow'], ['--web'], ['counts'], ['--output', 'csv'], ['--top', 'a']])(
  '--patterns with %s is refused',
  async (...options) => {
    expect(await logs('--patterns', ...options)).toMatchObject({ code: 2, out: '' });
  },
);
