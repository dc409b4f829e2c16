import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const COMMAND = fileURLToPath(new URL('../../cli/logs.js', import.meta.url));
let service: Service;

beforeAll(async () => {
  service = await startService();
  const message = 'More than a pipe holds. '.repeat(50);
  await post(
    service.url,
    Array.from({ length: 1_000 }, () => entry({ message })),
  );
});
afterAll(() => service.close());

/** Starts the installed command in a folder from which its packages cannot be found. */
function start(...argv: string[]) {
  return startWriting('pipe', ...argv);
}

function startWriting(stdout: 'pipe' | number, ...argv: string[]) {
  const environment = { PATH: process.env.PATH, LOGS_URL: service.url };
  const child = spawn(process.execPath, [COMMAND, ...argv], {
    cwd: tmpdir(),
    env: environment,
    stdio: ['pipe', stdout, 'pipe'],
  });
  const ended = once(child, 'close');
  const written = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    written.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    written.err += chunk;
  });
  return { child, written, ended };
}

describe('The installed command', () => {
  test('writes the entries of LOGS_URL to a pipe without colours, and nothing on standard error', async () => {
    const { written, ended } = start('--limit', '1000');
    expect(await ended).toEqual([0, null]);
    expect(written.out.split('\n')).toHaveLength(1_001);
    expect(written.out).not.toContain('\u001b');
    expect(written.err).toBe('');
  });

  test('exits with 0 when its pipe is closed early', async () => {
    const { child, written, ended } = start('--json', '--limit', '1000');
    await once(child.stdout as Readable, 'data');
    child.stdout?.destroy();
    expect(await ended).toEqual([0, null]);
    expect(written.err).toBe('');
  });

  test('exits with 1 and a reason when its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const { written, ended } = startWriting(full, '--limit', '1000');
    expect(await ended).toEqual([1, null]);
    expect(written.err).toBe('logs: cannot write: ENOSPC: no space left on device, write\n');
    closeSync(full);
  });

  test('--web serves the page until it is interrupted', async () => {
    const { child, written, ended } = start('--web', '--port', '0', '--severity', 'error');
    await once(child.stdout as Readable, 'data');
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+&severity=error/.exec(written.out) ?? [];
    const { headers } = await fetch(url, { redirect: 'manual' });
    const page = new URL(headers.get('location') ?? '', url);
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await (await fetch(page, { headers: { cookie } })).text()).toContain('<title>Logs</title>');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});
