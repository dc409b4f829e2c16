import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../cli/run.ts';
import { openTerminal } from '../support/terminal.ts';

const COMMAND = fileURLToPath(new URL('../../cli/logs.js', import.meta.url));
/** Calls what bash calls when Tab is pressed at the end of each line. */
const COMPLETE = `
logs() { "$NODE" "$COMMAND" "$@"; }
eval "$(logs completion bash)"
for COMP_LINE in "$@"; do
  COMP_POINT=\${#COMP_LINE} COMPREPLY=()
  _logs logs
  echo "\${COMPREPLY[*]}"
done`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-completion-'));
  await mkdir(join(folder, 'below'));
  const searches = { 'failed-orders': 'level:error', slow: 'timeout', '$(touch hit)': 'x', 'two words': 'x' };
  await writeFile(join(folder, '.logs.json'), JSON.stringify({ searches }));
});
afterAll(() => rm(folder, { recursive: true }));

async function completion(shell: string) {
  const terminal = { ...openTerminal(), folder: join(folder, 'below') };
  return { code: await run(['completion', shell], terminal), out: terminal.out(), err: terminal.err() };
}

describe('logs completion', () => {
  test('makes bash complete subcommands, options, their values and saved searches', async () => {
    const expected = {
      'logs cou': 'counts',
      'logs --web dead': 'dead-letters',
      'logs counts dead': '',
      'logs --fol': '--follow',
      'logs counts --fr': '--from',
      'logs -s ': 'info warning error',
      'logs --severity w': 'warning',
      'logs -o ': 'text json csv',
      'logs --since ': '',
      'logs completion z': 'zsh',
      'logs @': '@failed-orders @slow',
      'logs counts @fa': '@failed-orders',
    };
    const { stdout } = await promisify(execFile)(
      'bash',
      ['--norc', '-c', COMPLETE, 'bash', ...Object.keys(expected)],
      { cwd: join(folder, 'below'), env: { ...process.env, NODE: process.execPath, COMMAND } },
    );
    const completed = stdout.split('\n').slice(0, -1);
    expect(Object.fromEntries(Object.keys(expected).map((line, at) => [line, completed[at]]))).toEqual(
      expected,
    );
  });

  test('offers only the saved searches that the command takes', async () => {
    expect(await completion('searches')).toEqual({ code: 0, out: '@failed-orders\n@slow\n', err: '' });
  });

  test.each(['bash', 'zsh', 'fish'])('prints a script that %s can read, with every option', async (shell) => {
    const [script, help] = [await completion(shell), openTerminal()];
    await run(['--help'], help);
    const options = [...help.out().matchAll(/^ {2}(?:-\w, )?--([a-z]+)/gm)].map(([, name = '']) => name);
    expect(options.length).toBeGreaterThan(20);
    expect(options.filter((name) => !script.out.includes(name))).toEqual([]);
    const { error, status, stderr } = spawnSync(shell, ['-n'], { input: script.out, encoding: 'utf8' });
    // Not every machine has every shell.
    if (!error) expect([status, stderr]).toEqual([0, '']);
  });

  test('names the shells that it knows', async () => {
    expect(await completion('tcsh')).toMatchObject({
      code: 2,
      err: expect.stringContaining('bash, zsh, fish'),
    });
  });
});
