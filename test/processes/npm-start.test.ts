import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, open, readdir, rm, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { get, getAll, post } from '../support/http.ts';
import { failLocalProcess, type LocalProcess, startLocalProcess } from '../support/local-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-service-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('A server of npm start', () => {
  const stored = [entry()];
  let DATA_DIR: string;
  let server: LocalProcess;
  beforeAll(async () => {
    DATA_DIR = join(folder, 'data');
    server = await startLocalProcess({ DATA_DIR });
    await post(server.url, stored);
  });
  afterAll(() => server.end('SIGKILL'));

  test('keeps its data directory to itself: a second server says so, without a stack', async () => {
    const { exitCode, output } = await failLocalProcess({ DATA_DIR, PORT: '0' });
    expect(exitCode).toBe(1);
    expect(output).toContain(`The data in ${DATA_DIR} are in use by another server: stop it`);
    expect(output).not.toMatch(/^ +at /m);
  });

  test('keeps its port to itself: a second server says that it is taken', async () => {
    const { port } = new URL(server.url);
    const { exitCode, output } = await failLocalProcess({ DATA_DIR: join(folder, 'second'), PORT: port });
    expect(exitCode).toBe(1);
    expect(output).toContain(`Port ${port} on 127.0.0.1 is taken`);
  });

  test('ends cleanly on SIGINT, and has its data when it is started again', async () => {
    expect(await server.end('SIGINT')).toBe(0);
    await expect(fetch(server.url)).rejects.toThrow();
    server = await startLocalProcess({ DATA_DIR });
    expect(await get(server.url)).toEqual(stored);
  });

  test('on SIGTERM answers the requests that it has received, and waits for no client that is still sending', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
    );
    await once(socket, 'data');
    const batches = Array.from({ length: 40 }, () => Array.from({ length: 100 }, () => entry()));
    stored.push(...batches.flat());
    const answers = batches.map((batch) => post(server.url, batch));
    await Promise.race(answers);
    const ended = server.end('SIGTERM');
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
    expect((await Promise.all(answers)).at(-1)?.headers.get('Connection')).toBe('close');
    expect(await ended).toBe(0);
    socket.destroy();
  });

  test('has all that it acknowledged before SIGTERM, and acknowledges nothing once its data directory is gone', async () => {
    server = await startLocalProcess({ DATA_DIR });
    const found = await getAll(server.url, '/logs?limit=1000');
    expect(found.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort());
    await rm(DATA_DIR, { recursive: true });
    await server.printed(`The data directory ${DATA_DIR} is gone`);
    const answer = await post(server.url, entry());
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining(`${DATA_DIR} is gone`) });
  });
});

describe('npm start', () => {
  test('warns when it listens on more than this machine, and not otherwise', async () => {
    for (const HOST of ['0.0.0.0', '127.0.0.1']) {
      const server = await startLocalProcess({ DATA_DIR: join(folder, 'open'), HOST });
      const warning = 'Warning: whoever reaches 0.0.0.0 can read and write all entries';
      expect(server.output().includes(warning)).toBe(HOST === '0.0.0.0');
      await server.end('SIGTERM');
    }
  });

  test.each([100, 0])(
    'names the file that is cut off after %i bytes, and says how to keep what can be read',
    async (length) => {
      const DATA_DIR = join(folder, `cut-${length}`);
      // When it is opened again, LevelDB moves what is in its log to a table.
      for (let starts = 0; starts < 2; starts++) await (await startLocalProcess({ DATA_DIR })).end('SIGTERM');
      const table = (await readdir(DATA_DIR)).find((file) => file.endsWith('.ldb')) ?? '';
      await truncate(join(DATA_DIR, table), length);
      const { exitCode, output } = await failLocalProcess({ DATA_DIR, PORT: '0' });
      expect(exitCode).toBe(1);
      expect(output).toMatch(
        new RegExp(`A file in ${DATA_DIR} is damaged .+${table}.+: stop the server, .+repair`),
      );
    },
  );

  test('answers a page through a damaged file with what to do, after which all other entries are there', async () => {
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
  });

  test('names the engine that does not answer, and what to do', async () => {
    const engine = 'http://127.0.0.1:9';
    const { exitCode, output } = await failLocalProcess({ AWS_ENDPOINT_URL_DYNAMODB: engine, PORT: '0' });
    expect(exitCode).toBe(1);
    expect(output).toContain(`The engine at ${engine} cannot be reached (ECONNREFUSED): start it, or unset`);
  });

  test.each([
    [
      { PORT: 'http', ALLOWED_HOSTS: 'http://logs' },
      ['PORT must be a port number', 'ALLOWED_HOSTS must be names'],
    ],
    [{ PORT: '0', SHARDS: 'many' }, ['SHARDS must be a whole number']],
  ])('says what is wrong with %j', async (environment, faults) => {
    const { exitCode, output } = await failLocalProcess({ DATA_DIR: join(folder, 'wrong'), ...environment });
    expect(exitCode).toBe(1);
    for (const fault of faults) expect(output).toContain(fault);
  });
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
