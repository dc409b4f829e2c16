import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../cli/run.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { openTerminal, runLogs } from '../support/terminal.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
  const at = (second: number) => `2024-01-01T00:00:0${second}Z`;
  await post(service.url, [
    entry({ id: 'a', datetime: at(1), message: 'Started', attributes: { service: { name: 'cart' } } }),
    entry({ id: 'b', datetime: at(2), message: 'payment failed', severity: 'error', attributes: { n: 1 } }),
    entry({ id: 'c', datetime: at(3), message: 'Stopped a', severity: 'warning' }),
  ]);
});
afterAll(() => service.close());

const logs = (...argv: string[]) => runLogs('--url', service.url, ...argv);
const idsOf = async (...argv: string[]) =>
  (await logs('--json', ...argv)).lines.map((line) => JSON.parse(line).id).join('');

describe('logs with a search', () => {
  test.each([
    [['level:error'], 'b'],
    [['-s', 'WARN,Err'], 'cb'],
    [['service.name=cart'], 'a'],
    [['payment -started'], 'b'],
    [['payment', 'failed', 'level:fatal'], 'b'],
    [['stopped'], 'c'],
  ])('%j finds %s', async (argv, ids) => expect(await idsOf(...argv)).toBe(ids));

  test('looks for one word as an id first, and then in the messages', async () => {
    expect(await idsOf('a')).toBe('a');
    expect(await logs('Stopped')).toMatchObject({
      code: 0,
      lines: [expect.stringContaining('Stopped a')],
      err: '',
    });
  });

  test('applies the other options to the entries under an id', async () => {
    expect(await logs('b', '-s', 'info')).toMatchObject({ out: '', err: 'No entries.\n' });
    expect(await idsOf('b', '-s', 'error', '-w', 'n=1', '-c', 'failed')).toBe('b');
    expect(await idsOf('b', '--to', '2024-01-01T00:00:02Z')).toBe('');
  });
});

describe('A limit', () => {
  test('does not cut a time span for programs, unless it is given, and is said when it cuts', async () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      entry({ datetime: new Date(Date.UTC(2021, 0, 1) + index).toISOString() }),
    );
    await post(service.url, many);
    const span = ['--from', '2021-01-01T00:00:00Z', '--to', '2021-01-02T00:00:00Z'];
    for (const form of ['json', 'csv']) {
      const whole = await logs('--output', form, ...span);
      expect([whole.lines.length, whole.err]).toEqual([form === 'csv' ? 121 : 120, '']);
      const cut = await logs('--output', form, ...span, '--limit', '7');
      expect(cut.err).toBe('These are the newest 7; older entries exist: raise --limit, or use --all.\n');
    }
    expect((await logs(...span)).err).toContain('the newest 100');
    expect(await logs(...span, '--all')).toMatchObject({ lines: { length: 120 }, err: '' });
  });
});

describe('logs open', () => {
  test.each([
    ['?severity=error', 'b'],
    ['?contains=stopped&from=2024-01-01T00:00:00Z', 'c'],
    ['?from=2024-01-01T00:00:01Z&to=2024-01-01T00:00:03Z', 'ba'],
  ])('%s prints the entries of the view, from the deployment of --url', async (link, ids) => {
    expect(await idsOf('open', `https://elsewhere.example/${link}`)).toBe(ids);
  });

  test('marks the entry that is open, between those of the range', async () => {
    const view = '?from=2024-01-01T00:00:01Z&to=2024-01-02T00:00:00Z&at=2024-01-01T00:00:02Z&id=b';
    const { lines } = await logs('open', `http://127.0.0.1:3001/${view}`);
    expect(lines.filter((line) => line.includes('2024')).map((line) => line.slice(0, 6))).toEqual([
      '  2024',
      '> 2024',
      '  2024',
    ]);
    expect(await idsOf('open', `http://127.0.0.1:3001/${view}`)).toBe('cba');
  });
});

describe('logs around', () => {
  test('prints what was logged before and after an entry, and marks it', async () => {
    const { lines } = await logs('around', 'b', '--limit', '3', '--fields', 'id,message');
    expect(lines).toEqual(['  a\tStarted', '> b\tpayment failed', '  c\tStopped a']);
  });

  test('takes a time, and says when it is neither a time nor an id', async () => {
    expect(await idsOf('around', '2024-01-01', '00:00:02', '-s', 'warn,error')).toBe('cb');
    expect(await logs('around', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no entry has the id nothing'),
    });
  });
});

test('logs counts prints how many entries of each severity there are, by time', async () => {
  const range = ['--from', '2024-01-01T00:00:00Z', '--to', '2024-01-01T00:00:04Z'];
  expect((await logs('counts', ...range, '--output', 'csv')).out).toMatch(
    /^start,error,warning,info\r\n(?:.*\r\n)*2024-01-01T00:00:03.000Z,0,1,0\r\n/,
  );
  expect(await logs('counts', 'level:error', ...range)).toMatchObject({
    lines: expect.arrayContaining([expect.stringMatching(/^2024-01-01 00:00:02 +1 +0 +0$/)]),
    err: '1 error, 0 warning, 0 info.\n',
  });
});

test('logs dead-letters prints equal refusals once with their count, and each record as JSON', async () => {
  await post(service.url, [{ id: 'bad', text: 'x\u001b' }, { id: 'bad' }, { ...entry(), severity: 'loud' }]);
  const { out, err, code } = await logs('dead-letters');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toMatch(/ {2}2 {2}.*datetime/);
  expect(out).not.toContain('\u001b');
  expect((await logs('dead-letters', '--json')).lines).toHaveLength(3);
  const link = 'http://127.0.0.1:3001/?view=dead-letters&severity=error&contains=loud';
  expect((await logs('open', link, '--json')).lines).toHaveLength(1);
  expect((await logs('dead-letters', 'loud', '--output', 'csv')).out).toMatch(
    /^refusedAt,reasons,sender,record\r\n.*loud/,
  );
  expect((await logs('dead-letters', '--json', '--limit', '1')).err).toContain('older entries exist');
});

test('--fields prints these columns alone, and members with their values', async () => {
  const chosen = ['--fields', 'service.name,n,severity'];
  expect((await logs('level:error', ...chosen)).out).toBe('\t1\terror\n');
  expect((await logs('level:error', ...chosen, '--json')).out).toBe('{"n":1,"severity":"error"}\n');
  expect((await logs('service.name=cart', ...chosen, '--output', 'csv')).out).toBe(
    'service.name,n,severity\r\ncart,,info\r\n',
  );
});

describe('@name', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logs-saved-'));
    await mkdir(join(folder, 'a/b'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function saved(content: string, ...argv: string[]) {
    await writeFile(join(folder, '.logs.json'), content);
    const terminal = { ...openTerminal(), folder: join(folder, 'a/b') };
    const code = await run(['--url', service.url, '--json', ...argv], terminal);
    return { code, out: terminal.out(), err: terminal.err() };
  }

  test('is a search of the next .logs.json above, with further words', async () => {
    const file = '{"searches": {"paid": "payment level:error"}}';
    expect((await saved(file, '@paid', 'timeout')).out).toBe('');
    expect((await saved(file, '@paid', 'failed')).out).toContain('"id":"b"');
  });

  test.each([
    ['{"searches": {"paid": "payment", "lost": "x"}}', 'has no search other; it has paid, lost'],
    ['{"searches": {"other": 1}}', 'must be JSON such as'],
    ['no JSON', 'must be JSON such as'],
  ])('in %s is refused with the reason', async (file, reason) => {
    expect(await saved(file, '@other')).toMatchObject({ code: 2, err: expect.stringContaining(reason) });
  });
});
