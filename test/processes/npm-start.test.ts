import { once } from 'node:events';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
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
