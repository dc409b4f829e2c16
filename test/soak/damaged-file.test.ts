import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { getAll, post } from '../support/http.ts';
import { startLocalProcess } from '../support/local-process.ts';

test('A server of npm start answers a page through a damaged file with what to do, after which all other entries are there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-service-'));
  const DATA_DIR = join(folder, 'damaged');
  let server = await startLocalProcess({ DATA_DIR });
  const entries = Array.from({ length: 4_000 }, () => entry({ message: randomBytes(500).toString('hex') }));
  for (let at = 0; at < entries.length; at += 1_000)
    expect((await post(server.url, entries.slice(at, at + 1_000))).status).toBe(200);
  await server.end('SIGTERM');
  // When it is opened again, LevelDB moves what is in its log to a table.
  await (await startLocalProcess({ DATA_DIR })).end('SIGTERM');
  const damaged = await damageFirstTable(DATA_DIR);

  server = await startLocalProcess({ DATA_DIR });
  const { detail, command } = await readDamaged(server.url);
  expect(detail).toContain(`A file in ${DATA_DIR} is damaged (${damaged}: `);
  expect((await post(server.url, entry())).status).toBe(200);
  await server.end('SIGTERM');
  const copy = join(folder, 'damaged-copy');
  await cp(DATA_DIR, copy, { recursive: true });

  expect(spawnSync(command, { shell: true }).status).toBe(0);
  server = await startLocalProcess({ DATA_DIR });
  const found = new Set((await getAll(server.url, '/logs?limit=1000')).map(({ id }) => id));
  const lost = entries.filter(({ id }) => !found.has(id));
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.length).toBeLessThanOrEqual(DAMAGED_ENTRIES);
  await server.end('SIGTERM');

  server = await startLocalProcess({ DATA_DIR: copy });
  const times = lost.map(({ datetime }) => Date.parse(datetime));
  const after = `from=${new Date(Math.max(...times) + 20).toISOString()}`;
  const before = `to=${new Date(Math.min(...times) - 20).toISOString()}`;
  for (const part of [after, before])
    expect((await getAll(server.url, `/logs?limit=100&${part}`)).length).toBeGreaterThan(100);
  await server.end('SIGTERM');
  await rm(folder, { recursive: true });
});

/** Entries that two blocks of LevelDB have, each of which ends at the first entry beyond 4 KiB. */
const DAMAGED_ENTRIES = 10;

/** Overwrites 4 KiB in the middle of the first table, which has a part of the index. Returns its name. */
async function damageFirstTable(directory: string): Promise<string> {
  const tables = (await readdir(directory)).filter((file) => file.endsWith('.ldb')).sort();
  expect(tables.length).toBeGreaterThan(2);
  const name = tables[0] ?? '';
  const file = await open(join(directory, name), 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(4_096, 0xff), 0, undefined, Math.floor(size / 4));
  await file.close();
  return name;
}

/** Reads page by page as far as possible. Returns what the last answer says, and the command in it. */
async function readDamaged(url: string) {
  const failure = await getAll(url, '/logs?limit=1000').catch(({ message }: Error) => message);
  const [, json = '{}'] = /answered 503: (.+)$/.exec(String(failure)) ?? [];
  const { detail = '' } = JSON.parse(json) as { detail?: string };
  const [, command = ''] = /keep what can be read with: (.+?)\. Until then/.exec(detail) ?? [];
  return { detail, command };
}
