import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { startLocalProcess } from '../support/local-process.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'log-service-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('npm start says where it serves, serves, and ends with npm when SIGTERM is sent to npm alone', async () => {
  const npm = await startLocalProcess({ DATA_DIR: directory }, ['npm', 'start']);
  expect(npm.output()).toContain(`curl ${npm.url}/logs`);
  const sent = entry();
  expect((await post(npm.url, sent)).status).toBe(200);
  expect(await get(npm.url)).toEqual([sent]);
  expect(await npm.end('SIGTERM')).toBe(0);
  await expect(fetch(npm.url)).rejects.toThrow();
});
