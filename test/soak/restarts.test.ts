import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { get, getAll, post } from '../support/http.ts';
import { type LocalProcess, startLocalProcess } from '../support/local-process.ts';
import { newestFirst } from '../support/oracle.ts';

let folder: string;
let environment: Record<string, string>;
let running: LocalProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-service-'));
  environment = { DATA_DIR: join(folder, 'data'), TABLE_NAME: `logs-${randomUUID()}` };
});
afterEach(async () => {
  await running?.end('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Starts the server over the same data as before. */
async function start(overrides: Record<string, string> = {}): Promise<string> {
  running = await startLocalProcess({ ...environment, ...overrides });
  return running.url;
}

describe('After a restart', () => {
  test('with more shards, and back to fewer, all entries are there in order', async () => {
    const sent: LogEntry[] = [];
    for (const SHARDS of ['2', '8', '2']) {
      const url = await start({ SHARDS });
      const batch = Array.from({ length: 120 }, () => entry());
      // Days that an earlier process spread differently, and entries that are sent again.
      const past = batch.map((one) => ({
        ...one,
        datetime: '2023-11-15T12:05:00Z',
        severity: 'error' as const,
      }));
      sent.push(...batch, ...past);
      expect((await post(url, [...batch, ...past, ...sent.slice(0, 60)])).status).toBe(200);
      expect(await get(url)).toEqual(newestFirst(sent).slice(0, 100));
      const all = await getAll(url, '/logs?limit=1000');
      expect(all.toSorted(byId)).toEqual(newestFirst(sent).toSorted(byId));
      const errors = await getAll(url, '/logs?severity=error');
      expect(errors.toSorted(byId)).toEqual(newestFirst(sent, { severities: ['error'] }).toSorted(byId));
      expect(await running?.end('SIGTERM')).toBe(0);
    }
  });

  test('by kill -9 during ingest, every acknowledged entry is there', async () => {
    const url = await start();
    const acknowledged: LogEntry[] = [];
    let isOver = false;
    const ship = async () => {
      while (!isOver) {
        const batch = Array.from({ length: 50 }, () => entry());
        const answer = await post(url, batch).catch(() => undefined);
        if (answer?.status === 200) acknowledged.push(...batch);
        if (acknowledged.length >= 2_000 && !isOver) {
          isOver = true;
          await running?.end('SIGKILL');
        }
      }
    };
    await Promise.all([ship(), ship(), ship(), ship()]);

    const found = new Set((await getAll(await start(), '/logs?limit=1000')).map(({ id }) => id));
    expect(acknowledged.filter(({ id }) => !found.has(id))).toEqual([]);
  });
});

function byId(a: LogEntry, b: LogEntry): number {
  return `${a.id} ${a.severity}` < `${b.id} ${b.severity}` ? -1 : 1;
}
