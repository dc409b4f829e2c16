import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { whereInstalled } from '../support/programs.ts';
import { expectEachLineOnce, SHIPPED_LINES } from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const run = promisify(execFile);

const POST_FILE = join(import.meta.dirname, '../../examples/curl/post-file');

/** Puts a program into the PATH of the scripts, in place of the real one. */
async function standIn(name: string, script: string): Promise<void> {
  await writeFile(join(shipping.folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(shipping.folder, name), 0o755);
}

/** Posts a file and returns the exit code and what was printed. */
async function postFile(file: string, url = shipping.api.url) {
  const PATH = `${shipping.folder}:${process.env.PATH}`;
  const env = { ...process.env, PATH, LOGS_URL: `${url}/logs`, LOGS_API_KEY: 'key' };
  const outcome = await run(POST_FILE, [file], { env, cwd: shipping.folder }).catch((error) => error);
  return { code: outcome.code ?? 0, stdout: String(outcome.stdout), stderr: String(outcome.stderr) };
}

/** Answers every request with a status and a body. */
const answering = (status: number, body: string) =>
  startFaultProxy(shipping.service.url, async () => ({ status, headers: {}, body: Buffer.from(body) }));

describe('post-file', () => {
  whereInstalled('curl')('stores each line once, through faults', async () => {
    shipping.faults = [...TRYING_TIMES];
    await standIn('sleep', 'exit 0');
    const entries = SHIPPED_LINES.map(({ number, isPoison, level, datetime }) =>
      entry({
        severity: level === 'warn' ? 'warning' : level,
        message: `curl: ${number}`,
        datetime: isPoison ? 'yesterday' : datetime,
      }),
    );
    const lines = entries.map((one) => JSON.stringify(one)).join('\n');
    await writeFile(join(shipping.folder, 'entries'), lines);

    const { code, stdout } = await postFile('entries');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{"accepted":100,"rejected":\[.*\]\}\n$/);
    expect(shipping.api.answers).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, 'curl:');
  });

  whereInstalled('curl').each([
    ['0 for a line that is stored', 0, JSON.stringify(entry())],
    ['0 for an empty file', 0, ''],
    ['2 for a file without an entry', 2, 'no entry'],
    ['3 for a file that is too large', 3, 'x\n'.repeat(50_000)],
  ])('exits with %s', async (_, code, content) => {
    await writeFile(join(shipping.folder, '-a file'), content);
    expect(await postFile('-a file')).toMatchObject({ code });
  });

  whereInstalled('curl').each([
    ['without rejected', 400, '{"status":400}', 1],
    ['of a key that is not known', 403, '{"message":"Forbidden"}', 1],
    ['after a redirect', 302, '', 1],
  ])('exits with 1 after an answer %s', async (_, status, body, code) => {
    const gateway = await answering(status, body);
    await writeFile(join(shipping.folder, 'entries'), JSON.stringify(entry()));
    expect(await postFile('entries', gateway.url)).toMatchObject({ code });
    await gateway.close();
  });

  whereInstalled('curl')('exits with 1 for a folder and a file that cannot be read', async () => {
    await mkdir(join(shipping.folder, 'folder'));
    expect(await postFile('folder')).toMatchObject({ code: 1, stderr: expect.stringContaining('"folder"') });
    expect(await postFile('missing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"missing"'),
    });
  });

  whereInstalled('curl')('sends nothing and exits with 1 if gzip fails', async () => {
    await standIn('gzip', 'exit 1');
    await writeFile(join(shipping.folder, 'entries'), JSON.stringify(entry()));
    expect(await postFile('entries')).toMatchObject({ code: 1, stderr: expect.stringContaining('gzip') });
    expect(shipping.api.answers).toEqual([]);
  });

  whereInstalled('curl')('waits 150 seconds in all without a connection, and never over 30', async () => {
    await standIn('sleep', 'echo "$1" >> waits');
    await writeFile(join(shipping.folder, 'entries'), JSON.stringify(entry()));
    const { code } = await postFile('entries', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    const waits = (await readFile(join(shipping.folder, 'waits'), 'utf8')).trim().split('\n').map(Number);
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(150);
    expect(Math.max(...waits)).toBe(30);
  });

  whereInstalled('curl')('leaves nothing in the folder for temporary files', async () => {
    await writeFile(join(shipping.folder, 'entries'), 'no entry');
    await mkdir(join(shipping.folder, 'tmp'));
    const env = {
      ...process.env,
      TMPDIR: join(shipping.folder, 'tmp'),
      LOGS_URL: `${shipping.api.url}/logs`,
    };
    await run(POST_FILE, ['entries'], { env, cwd: shipping.folder }).catch(() => {});
    const { stdout } = await run('ls', [join(shipping.folder, 'tmp')]);
    expect(stdout).toBe('');
  });
});
