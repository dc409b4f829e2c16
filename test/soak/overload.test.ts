import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { get, post } from '../support/http.ts';
import { type LocalProcess, startLocalProcess } from '../support/local-process.ts';

const LARGE_BODIES = 8;
const ENTRIES_OF_LARGE = 126;
const LARGE_MESSAGE = 'x'.repeat(262_000);

let folder: string;
let server: LocalProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-service-'));
  server = await startLocalProcess({ DATA_DIR: folder, TABLE_NAME: `logs-${randomUUID()}` });
});
afterAll(async () => {
  await server.end('SIGKILL');
  await rm(folder, { recursive: true });
});

describe('npm start, under more than it can do at once', () => {
  test('stores eight of the largest bodies that are sent at once, and reads meanwhile', async () => {
    const bodies = Array.from({ length: LARGE_BODIES }, () =>
      Array.from({ length: ENTRIES_OF_LARGE }, () => entry({ message: LARGE_MESSAGE })),
    );
    let areStored = false;
    const reads: number[] = [];
    const reading = (async () => {
      while (!areStored) reads.push((await fetch(`${server.url}/logs?limit=1`)).status);
    })();
    await Promise.all(bodies.map((body) => deliver(gzipSync(JSON.stringify(body)))));
    areStored = true;
    await reading;
    expect(new Set(reads)).toEqual(new Set([200]));
    for (const { id } of bodies.flatMap((body) => body.slice(-1)))
      expect(await get(server.url, `/logs/${id}`)).toHaveLength(1);
    expect(server.output()).not.toContain('started again');
  });
});

/** Sends a body until it is acknowledged. Every 503 has to say when to come back. */
async function deliver(body: Buffer): Promise<void> {
  for (;;) {
    const answer = await post(server.url, body);
    if (answer.status === 200) return;
    expect(answer.status).toBe(503);
    const seconds = Number(answer.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    await delay(seconds * 1_000);
  }
}
