import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { failLocalProcess, startLocalProcess } from '../support/local-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-service-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm start', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it serves, and ends cleanly on %s',
    async (signal) => {
      const DATA_DIR = join(folder, signal);
      const environment = { DATA_DIR, TABLE_NAME: `logs-${randomUUID()}` };
      const first = await startLocalProcess(environment);
      expect(first.output()).toContain(`curl ${first.url}/logs`);
      const sent = entry();
      await post(first.url, sent);
      expect(await first.end(signal)).toBe(0);
      await expect(fetch(first.url)).rejects.toThrow();

      const second = await startLocalProcess(environment);
      expect(await get(second.url)).toEqual([sent]);
      await second.end('SIGKILL');
    },
  );

  test('ends on SIGTERM although a client is amid a request', async () => {
    const server = await startLocalProcess({
      DATA_DIR: join(folder, 'busy'),
      TABLE_NAME: `logs-${randomUUID()}`,
    });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
    );
    await once(socket, 'data');
    expect(await server.end('SIGTERM')).toBe(0);
    socket.destroy();
  });

  test('answers on SIGTERM what it was sent before, and ends cleanly', async () => {
    const server = await startLocalProcess({
      DATA_DIR: join(folder, 'loaded'),
      TABLE_NAME: `logs-${randomUUID()}`,
    });
    const batches = Array.from({ length: 40 }, () => Array.from({ length: 100 }, () => entry()));
    const answers = batches.map((batch) => post(server.url, batch));
    await Promise.race(answers);
    const ended = server.end('SIGTERM');
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
    expect((await Promise.all(answers)).at(-1)?.headers.get('Connection')).toBe('close');
    expect(await ended).toBe(0);
  });

  test('ends with npm, when SIGTERM is sent to npm alone', async () => {
    const environment = { DATA_DIR: join(folder, 'npm'), TABLE_NAME: `logs-${randomUUID()}` };
    const npm = await startLocalProcess(environment, ['npm', 'start']);
    expect(await npm.end('SIGTERM')).toBe(0);
    await expect(fetch(npm.url)).rejects.toThrow();
  });

  test('says that the data are used by another server, without a stack', async () => {
    const DATA_DIR = join(folder, 'shared');
    const first = await startLocalProcess({ DATA_DIR });
    const { exitCode, output } = await failLocalProcess({ DATA_DIR, PORT: '0' });
    expect(exitCode).toBe(1);
    expect(output).toContain(`The data in ${DATA_DIR} are in use by another server: stop it`);
    expect(output).not.toMatch(/^ +at /m);
    await first.end('SIGKILL');
  });

  test('acknowledges nothing more once its data directory is gone, and says so', async () => {
    const DATA_DIR = join(folder, 'gone');
    const server = await startLocalProcess({ DATA_DIR });
    await rm(DATA_DIR, { recursive: true });
    await server.printed(`The data directory ${DATA_DIR} is gone`);
    const answer = await post(server.url, entry());
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining(`${DATA_DIR} is gone`) });
    await server.end('SIGKILL');
  });

  test('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, output } = await failLocalProcess({
      DATA_DIR: join(folder, 'taken'),
      PORT: String(port),
    });
    expect(exitCode).toBe(1);
    expect(output).toContain(`Port ${port} on 127.0.0.1 is taken`);
    other.close();
  });

  test.each([
    [{ PORT: 'http' }, 'PORT must be a port number'],
    [{ SHARDS: 'many', PORT: '0' }, 'SHARDS must be a whole number'],
    [{ ALLOWED_HOSTS: 'http://logs' }, 'ALLOWED_HOSTS must be names of hosts'],
  ])('says what is wrong with %j', async (environment, message) => {
    const { exitCode, output } = await failLocalProcess({ DATA_DIR: join(folder, 'wrong'), ...environment });
    expect(exitCode).toBe(1);
    expect(output).toContain(message);
  });
});
