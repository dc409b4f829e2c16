import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLocalProcess } from '../test/support/local-process.ts';

/** What a service uses of the machine, which must be Linux. */
export interface Usage {
  /** Without the pages of the store's files that are mapped: the kernel takes these back when it needs room. */
  memoryMib: number;
  openFiles: number;
  dataMib: number;
  dataFiles: number;
}

export interface ServiceUnderLoad {
  /** Posts a body until it is acknowledged, and waits as long as the server says. Gives the number of requests. */
  deliver(body: string): Promise<number>;
  /** Reads a path once. */
  read(path?: string): Promise<{ status: number; milliseconds: number }>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts the service as `npm start` does, on a free port, its data in a temporary folder. */
export async function startServiceUnderLoad(): Promise<ServiceUnderLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const { url, pid, end } = await startLocalProcess({ DATA_DIR: folder });
  return {
    async deliver(body) {
      for (let tries = 1; ; tries++) {
        const answer = await fetch(`${url}/logs`, { method: 'POST', body }).catch(() => undefined);
        const text = await answer?.text();
        if (answer?.status === 200) return tries;
        if (answer && answer.status !== 503) throw new Error(`POST /logs answered ${answer.status}: ${text}`);
        await delay(Number(answer?.headers.get('Retry-After') ?? 1) * 1_000);
      }
    },
    async read(path = '/logs') {
      const start = performance.now();
      const answer = await fetch(url + path);
      await answer.text();
      return { status: answer.status, milliseconds: performance.now() - start };
    },
    async usage() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const files = await readdir(folder);
      // A file may be deleted while they are counted.
      const sizes = await Promise.all(
        files.map((file) =>
          stat(join(folder, file)).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
      return {
        memoryMib: Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1_024),
        openFiles: (await readdir(`/proc/${pid}/fd`)).length,
        dataMib: Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1_024 / 1_024),
        dataFiles: files.length,
      };
    },
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}
