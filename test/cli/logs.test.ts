import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../cli/run.ts';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { getAll, post } from '../support/http.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { type Service, startService } from '../support/service.ts';
import { openTerminal, runLogs } from '../support/terminal.ts';

let service: Service;
const story: LogEntry[] = [
  entry({ id: 'boot', datetime: '2023-11-15T12:05:00Z', message: 'Started' }),
  entry({
    id: 'disk',
    datetime: '2023-11-15T13:05:01+01:00',
    severity: 'warning',
    message: 'Disk space low',
  }),
  entry({
    id: 'crash',
    datetime: '2023-11-15T12:05:02.5Z',
    severity: 'error',
    message: 'Crashed\n  at a.js:1',
  }),
];
const many = Array.from({ length: 1_200 }, (_, index) =>
  entry({ datetime: new Date(Date.UTC(2020, 0, 1) + index).toISOString(), message: `step ${index} of many` }),
);

beforeAll(async () => {
  service = await startService();
  await post(service.url, [...story, ...many]);
});
afterAll(() => service.close());

const logs = (...argv: string[]) => runLogs('--url', service.url, ...argv);

describe('logs', () => {
  test('shows the newest entries in columns, newest last, and indents further lines of a message', async () => {
    const { code, out, err } = await logs('--limit', '3');
    expect(out).toBe(
      [
        '2023-11-15 12:05:00.000Z  INFO     Started  [boot]',
        '2023-11-15 12:05:01.000Z  WARNING  Disk space low  [disk]',
        '2023-11-15 12:05:02.500Z  ERROR    Crashed  [crash]',
        '                                     at a.js:1',
        '',
      ].join('\n'),
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: 'These are the newest 3; older entries exist: raise --limit, or use --all.\n',
    });
  });

  test.each([
    [['--severity', 'error'], ['crash']],
    [
      ['--severity', 'error', '-s', 'warning'],
      ['crash', 'disk'],
    ],
    [['--severity', 'error,warning', '--limit', '1'], ['crash']],
    [['--contains', 'space', '--from', '2023-01-01T00:00:00Z'], ['disk']],
    [['-c', 'SPACE', '--from', '2023-01-01T00:00:00Z'], []],
    [['-c', 'disk', '-c', 'LOW', '-c', 'low'], []],
    [['-c', 'disk', '-c', 'low'], ['disk']],
    [
      ['-c', 's', '-x', 'SPACE', '-x', 'many', '-x', 'at a.js'],
      ['disk', 'boot'],
    ],
    [['-c', 's', '-x', 'space', '-x', 'many', '-x', 'at a.js'], ['boot']],
    [
      ['--from', '2023-11-15T12:05:00Z', '--to', '2023-11-15T12:05:02.5Z'],
      ['disk', 'boot'],
    ],
    [['--from', '2h'], []],
    [['disk'], ['disk']],
  ])('%j finds %j', async (options, ids) => {
    const { lines } = await logs('--json', ...options);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(ids);
  });

  test('--json prints what the service returns, newest first, over as many pages as needed', async () => {
    const all = await getAll(service.url, '/logs?limit=1000');
    const { lines, code } = await logs('--json', '--limit', '1100');
    expect(lines.map((line) => JSON.parse(line))).toEqual(all.slice(0, 1100));
    expect(code).toBe(0);
  });

  test('reads past pages without a match', async () => {
    const { lines } = await logs('--contains', 'step 3 of', '--limit', '5000');
    expect(lines).toEqual([expect.stringMatching(/ {2}step 3 of many {2}\[/)]);
  });

  test('exits with 0 and says so on standard error when there are no entries', async () => {
    expect(await logs('--contains', 'nowhere', '--from', '1h')).toMatchObject({
      code: 0,
      out: '',
      err: 'No entries.\n',
    });
  });

  test('colours severities on a terminal with colours, unless NO_COLOR is set', async () => {
    const [coloured, plain] = [{}, { NO_COLOR: '1' }].map((env) => openTerminal({ colours: true, env }));
    for (const terminal of [coloured, plain])
      if (terminal) await run(['--url', service.url, 'crash'], terminal);
    expect(coloured?.out()).toContain('\u001b[1;31mERROR  \u001b[0m');
    expect(plain?.out()).not.toContain('\u001b');
  });

  test('does not colour a pipe with FORCE_COLOR=0', async () => {
    const outputs = [];
    for (const FORCE_COLOR of ['0', 'false', '1']) {
      const terminal = openTerminal({ env: { FORCE_COLOR } });
      await run(['--url', service.url, 'crash'], terminal);
      outputs.push(terminal.out().includes('\u001b'));
    }
    expect(outputs).toEqual([false, false, true]);
  });

  test.each([
    [60, '      at a.js:1'],
    [200, '                                     at a.js:1'],
  ])('on %i columns a stack trace is indented by as much as there is room for', async (columns, line) => {
    const terminal = openTerminal({ columns });
    await run(['--url', service.url, 'crash'], terminal);
    expect(terminal.out().split('\n')[1]).toBe(line);
  });

  test('shows the entries under one id newest last too', async () => {
    const [older, newer] = ['Started', 'Started again'].map((message, index) =>
      entry({ id: 'twice', datetime: `2021-01-01T00:00:0${index}Z`, message }),
    );
    await post(service.url, [older, newer]);
    expect((await logs('twice')).lines).toEqual([
      '2021-01-01 00:00:00.000Z  INFO     Started  [twice]',
      '2021-01-01 00:00:01.000Z  INFO     Started again  [twice]',
    ]);
    expect((await logs('twice', '--json')).lines.map((line) => JSON.parse(line))).toEqual([newer, older]);
  });

  test('--since is another name of --from', async () => {
    const { lines } = await logs('--json', '--since', '2023-11-15T12:05:02Z', '--to', '2023-11-16T00:00:00Z');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['crash']);
  });

  test('--where shows entries with an attribute, in columns with their attributes below, in JSON whole', async () => {
    const paid = entry({
      id: 'paid',
      datetime: '2019-01-01T00:00:00Z',
      message: 'Paid',
      attributes: { 'service.name': 'checkout', order: { total: 5 } },
    });
    const other = entry({
      id: 'other',
      datetime: '2019-01-01T00:00:00Z',
      attributes: { 'service.name': 'cart' },
    });
    await post(service.url, [paid, other]);
    expect((await logs('--where', 'service.name=checkout', '-w', 'order.total=5')).out).toBe(
      [
        '2019-01-01 00:00:00.000Z  INFO     Paid  [paid]',
        '                                   {"service.name":"checkout","order":{"total":5}}',
        '',
      ].join('\n'),
    );
    const { lines } = await logs('--json', '--where', 'service.name=checkout');
    expect(lines.map((line) => JSON.parse(line))).toEqual([paid]);
    expect(await logs('--where', 'service.name')).toMatchObject({ code: 2 });
  });

  test.each([
    [[], '      {"order":12345678901234567890,"price":1.50}'],
    [['--json'], '"attributes":{"order":12345678901234567890,"price":1.50}}'],
    [['--output', 'csv'], '"{""order"":12345678901234567890,""price"":1.50}"'],
  ])('with %j shows the numbers in attributes with all their digits', async (options, shown) => {
    const json = JSON.stringify(entry({ id: 'digits', datetime: '2017-01-01T00:00:00Z' })).slice(0, -1);
    await post(service.url, `${json},"attributes":{"order":12345678901234567890,"price":1.50}}`);
    const { out } = await logs(...options, '-w', 'order=12345678901234567890');
    expect(out.trimEnd().endsWith(shown)).toBe(true);
  });

  test('shows a text of several lines in attributes as lines, and a name that occurs twice both times', async () => {
    const json = JSON.stringify(entry({ id: 'trace', datetime: '2016-01-01T00:00:00Z', message: 'Failed' }));
    const attributes =
      '{"time":5.2,"exception.stacktrace":"Error: \\"x\\"\\n\\tat a.js:1\\u001b[2J","time":"12:00:01"}';
    await post(service.url, `${json.slice(0, -1)},"attributes":${attributes}}`);
    const indent = ' '.repeat(35);
    const shown = [
      '2016-01-01 00:00:00.000Z  INFO     Failed  [trace]',
      `${indent}{"time":5.2,"exception.stacktrace":"Error: "x"`,
      `${indent}\tat a.js:1\\x1b[2J",`,
      `${indent}"time":"12:00:01"}`,
    ];
    expect((await logs('trace')).lines).toEqual(shown);
    for (const time of ['5.2', '12:00:01']) expect((await logs('-w', `time=${time}`)).lines).toEqual(shown);
    expect((await logs('trace', '--json')).out).toBe(`${json.slice(0, -1)},"attributes":${attributes}}\n`);

    const terminal = openTerminal({ colours: true });
    await run(['--url', service.url, 'trace'], terminal);
    expect(terminal.out()).toContain('    \u001b[2m\tat a.js:1\\x1b[2J",\u001b[0m\n');
  });

  test('shows a stack trace as lines that a logger has written as one, and one in a JSON message', async () => {
    const stack = 'Error: C:\\new\n\tat a.js:1';
    const attributes = { stack: JSON.stringify(stack).slice(1, -1), path: 'C:\\new\\temp' };
    const message = JSON.stringify({ msg: 'Failed', stack });
    await post(service.url, entry({ id: 'stacks', datetime: '2013-01-01T00:00:00Z', message, attributes }));
    const indent = ' '.repeat(35);
    expect((await logs('stacks')).lines).toEqual([
      '2013-01-01 00:00:00.000Z  INFO     {"msg":"Failed","stack":"Error: C:\\new  [stacks]',
      `${indent}\tat a.js:1"}`,
      `${indent}{"stack":"Error: C:\\\\new`,
      `${indent}\tat a.js:1",`,
      `${indent}"path":"C:\\\\new\\\\temp"}`,
    ]);
  });

  test('passes the colours of a message on to a terminal with colours, line by line, and nothing else', async () => {
    const message =
      'a \u001b[1;31mred\nand\u001b[39m bold\u001b[0m \u001b[8;40mhidden\u001b[2J \u001b[90mgrey';
    await post(service.url, entry({ id: 'colours', datetime: '2012-01-01T00:00:00Z', message }));
    const terminal = openTerminal({ colours: true });
    await run(['--url', service.url, 'colours'], terminal);
    expect(terminal.out()).toContain('  a \u001b[1;31mred\u001b[0m  \u001b[2m[colours]\u001b[0m\n');
    expect(terminal.out()).toContain(
      ' \u001b[1;31mand\u001b[0m\u001b[1m bold\u001b[0m hidden\\x1b[2J \u001b[2mgrey\u001b[0m\n',
    );
    expect((await logs('colours')).out).toMatch(
      / {2}a red {2}\[colours\]\n +and bold hidden\\x1b\[2J grey\n$/,
    );
  });

  test.each(['', ' \n\t', '\u001b[31m\u001b[0m'])(
    'shows the attributes of an entry in place of the message %j',
    async (message) => {
      const attributes = { code: 7, trace: 'a\nb' };
      await post(service.url, entry({ id: 'blank', datetime: '2015-01-01T00:00:00Z', message, attributes }));
      await post(service.url, entry({ id: 'bare', datetime: '2014-01-01T00:00:00Z', message }));
      const { lines } = await logs('blank');
      expect(lines.slice(0, 2)).toEqual([
        '2015-01-01 00:00:00.000Z  INFO     {"code":7,"trace":"a  [blank]',
        '                                   b"}',
      ]);
      const terminal = openTerminal({ colours: true });
      await run(['--url', service.url, 'blank'], terminal);
      expect(terminal.out()).toContain('\u001b[2m{"code":7,"trace":"a\u001b[0m');
      expect((await logs('bare')).code).toBe(0);
    },
  );

  test('--where with != leaves out entries with an attribute, and keeps those that have no attributes', async () => {
    const datetime = '2018-01-01T00:00:00Z';
    const range = ['--json', '--from', datetime, '--to', '2018-01-02T00:00:00Z'];
    const stored = [
      entry({ id: 'a', datetime, attributes: { host: 'web', 'odd!': '=1' } }),
      entry({ id: 'b', datetime, attributes: { host: '!=web' } }),
      entry({ id: 'c', datetime }),
    ];
    await post(service.url, stored);
    const found = async (...conditions: string[]) => {
      const { lines } = await logs(...range, ...conditions.flatMap((one) => ['-w', one]));
      return lines.map((line) => JSON.parse(line).id);
    };
    expect(await found('host!=web')).toEqual(['c', 'b']);
    expect(await found('host!=web', 'host!=!=web')).toEqual(['c']);
    expect(await found('host=!=web', 'host!=web')).toEqual(['b']);
    expect(await found('odd!!==1')).toEqual(['c', 'b']);
    expect(await found('host!=')).toEqual(['c', 'b', 'a']);
    expect(await logs('-w', '!=web')).toMatchObject({
      code: 2,
      err: expect.stringContaining('name=value or name!=value'),
    });
  });

  test('--version prints the version of the package', async () => {
    expect(await runLogs('--version')).toMatchObject({ code: 0, out: '1.0.0\n' });
  });

  test('--output csv prints a table, and --output json the same as --json', async () => {
    const range = ['--from', '2023-11-15T12:05:02Z', '--to', '2023-11-16T00:00:00Z'];
    expect((await logs('--output', 'csv', ...range)).out).toBe(
      'datetime,severity,id,message,attributes\r\n2023-11-15T12:05:02.5Z,error,crash,"Crashed\n  at a.js:1",\r\n',
    );
    expect((await logs('--output', 'json', ...range)).out).toBe((await logs('--json', ...range)).out);
  });

  test('escapes control characters in the texts of an entry', async () => {
    const message = '\u001b[2J\u009b2J\u0007\u202ecod.exe\rover\ttab';
    await post(service.url, entry({ id: 'h\u001bo\nstile', message }));
    const text = await logs('h\u001bo\nstile');
    expect(text.out).toContain('\\x1b[2J\\x9b2J\\x07\\u202ecod.exe\\rover\ttab  [h\\x1bo\\nstile]\n');
    const json = await logs('h\u001bo\nstile', '--json');
    expect(json.lines[0]).not.toMatch(/\p{Cc}|\u202e/u);
    expect(JSON.parse(json.out).message).toBe(message);
  });
});

describe('The exit code', () => {
  test.each([
    ['--help', 0],
    ['--severity debug', 2],
    ['--from yesterday', 2],
    ['--from 2023-11-15T12:05:00', 2],
    ['--limit 0', 2],
    ['--limit 1e3', 2],
    ['--overlap 5', 2],
    ['--url localhost:3000', 2],
    ['--url http://user:pass@127.0.0.1', 2],
    ['--follow --to 1h', 2],
    ['--follow --web', 2],
    ['--web counts', 2],
    ['--follow around some-id', 2],
    ['--limit 5 --all', 2],
    ['--fields severity, --json', 2],
    ['--fields severity counts', 2],
    ['open not-a-link', 2],
    ['open http://127.0.0.1/?last=soon', 2],
    ['dead-letters -s error', 2],
    ['@no-such-search', 2],
    ['--unknown', 2],
    ['open one two', 2],
    ['--sign', 2],
    ['--url http://abc.execute-api.us-east-1.amazonaws.com/dev', 2],
  ])('of logs %s is %i, with a reason', async (line, expected) => {
    const { code, out, err } = await runLogs(...line.split(' '));
    expect(code).toBe(expected);
    expect(expected === 0 ? out : err).toMatch(/Examples:|error: |logs: /);
  });

  test('is 1 when the service refuses, with the reason it gives', async () => {
    const { code, err } = await logs('--from', '1h', '--to', '2h');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('from lies after to') });
    expect(await runLogs('--url', `${service.url}/no-stage`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('404'),
    });
  });

  test('is 1 without an answer, with an answer of something else, and with one that breaks off', async () => {
    const server = await startRecordingServer((request, response) => {
      if (request.url?.startsWith('/page/')) response.end('<html></html>');
      else if (request.url?.startsWith('/other/')) response.end('[{"id": 1}]');
      else response.writeHead(200, { 'content-length': '1000' }).write('[', () => response.destroy());
    });
    const results = [];
    for (const stage of ['page', 'other', 'broken'])
      results.push(await runLogs('--url', `${server.url}/${stage}`));
    await server.close();
    results.push(await runLogs('--url', server.url));

    expect(results.map(({ code, err }) => `${code} ${err}`)).toEqual([
      expect.stringMatching(/^1 logs: .*other than log entries/),
      expect.stringMatching(/^1 logs: .*other than log entries/),
      expect.stringMatching(/^1 logs: cannot reach/),
      expect.stringMatching(/^1 logs: cannot reach .*ECONNREFUSED/),
    ]);
  });
});

describe('A service that answers 503 once', () => {
  test('is asked again', async () => {
    const server = await startRecordingServer((_request, response) => {
      if (server.requests.length === 1) response.writeHead(503).end();
      else response.end('[]');
    });
    expect(await runLogs('--url', server.url)).toMatchObject({ code: 0, err: 'No entries.\n' });
    expect(server.requests).toHaveLength(2);
    await server.close();
  });
});
