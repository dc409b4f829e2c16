import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packCommand } from '../../cli/pack.ts';
import { hasBrowser, launchBrowser, openWatched } from '../support/browser.ts';
import { entry } from '../support/entries.ts';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const LARGEST_BYTES = 10e6;
const run = promisify(execFile);

let folder: string;
let tarball: string;
let service: Service;
let environment: Record<string, string | undefined>;

/** Packs the command, and installs it without a network where no package is above. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-installed-'));
  tarball = await packCommand(folder);
  service = await startService();
  await post(service.url, [entry({ id: 'boot', message: 'Started' })]);
  environment = { PATH: process.env.PATH, HOME: folder, LOGS_URL: service.url, npm_config_offline: 'true' };
  await mkdir(join(folder, 'empty'));
  await run('npm', ['install', tarball], { cwd: join(folder, 'empty'), env: environment });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

describe('The packed command', () => {
  const inFolder = () => ({ cwd: join(folder, 'empty'), env: environment });

  test('is one package of at most 10 MB', async () => {
    const installed = join(folder, 'empty/node_modules');
    expect((await readdir(installed)).filter((name) => !name.startsWith('.'))).toEqual(['logs']);
    const files = await readdir(installed, { recursive: true });
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(installed, file))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST_BYTES);
  });

  test('carries the licenses of the libraries in it', async () => {
    const licenses = await readFile(join(folder, 'empty/node_modules/logs/LICENSES.txt'), 'utf8');
    for (const part of ['commander', '@smithy/signature-v4', 'Apache License'])
      expect(licenses.includes(part) || part).toBe(true);
  });

  test('has the version of the service, and reads it', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect((await run('npx', ['logs', '--version'], inFolder())).stdout).toBe(`${version}\n`);
    const { stdout, stderr } = await run('npx', ['logs', '--json'], inFolder());
    expect([JSON.parse(stdout), stderr]).toEqual([expect.objectContaining({ id: 'boot' }), '']);
  });

  test('signs for AWS', async () => {
    const signed = run('npx', ['logs', '--sign'], {
      ...inFolder(),
      env: {
        ...environment,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 's',
      },
    });
    expect((await signed).stdout).toContain('Started');
  });

  test('runs from the tarball, without having been installed', async () => {
    const { stdout } = await run('npx', ['--yes', `./${basename(tarball)}`, '--json'], {
      cwd: folder,
      env: environment,
    });
    expect(JSON.parse(stdout)).toMatchObject({ id: 'boot' });
  });

  (hasBrowser ? test : test.skip)('shows the page', async () => {
    const bin = join(folder, 'empty/node_modules/.bin/logs');
    const child = spawn(bin, ['--web', '--port', '0'], inFolder());
    const [printed] = await once(child.stdout, 'data');
    const browser = await launchBrowser();
    const address = /http:\/\/127\S+/.exec(printed)?.[0] ?? '';
    const { page, complaints } = await openWatched(browser, address);
    await page.locator('#entries').getByText('Started').waitFor();
    // The export is in the second script.
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'NDJSON' }).waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
