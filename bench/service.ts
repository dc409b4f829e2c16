import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { secondsOf } from './statistics.ts';

/** A running `npm start`. */
export interface Service {
  url: string;
  pid: number;
  dataFolder: string;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts the service as `npm start` does, on a free port, with its data in a temporary folder. */
export async function startService(environment: Record<string, string> = {}): Promise<Service> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'bench-service-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataFolder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    url: await greetedUrl(child),
    pid: Number(child.pid),
    dataFolder,
    async stop() {
      child.kill();
      await once(child, 'exit');
      await rm(dataFolder, { recursive: true });
    },
  };
}

async function greetedUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout)
    for await (const line of createInterface(stdout)) {
      const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
      if (url) return url;
    }
  throw new Error('The service ended before it printed its URL');
}

/** Seconds to post all bodies, at most `inFlight` at once. Throws unless each is answered 200. */
export function secondsToPost({ url }: Service, bodies: string[], inFlight: number): Promise<number> {
  return secondsOf(bodies, inFlight, async (body) => {
    const response = await fetch(`${url}/logs`, { method: 'POST', body });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(answer);
  });
}

/** Posts a body until it is acknowledged, and waits as long as the server says. Returns the number of requests. */
export async function deliver(
  { url }: Service,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<number> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(`${url}/logs`, { method: 'POST', body, headers }).catch(() => undefined);
    const text = await answer?.text();
    if (answer?.status === 200) return tries;
    if (answer && answer.status !== 503) throw new Error(`POST /logs answered ${answer.status}: ${text}`);
    await delay(Number(answer?.headers.get('Retry-After') ?? 1) * 1_000);
  }
}

/** Reads a path once. */
export async function read(
  { url }: Service,
  path = '/logs',
): Promise<{ status: number; milliseconds: number }> {
  const start = performance.now();
  const answer = await fetch(url + path);
  await answer.text();
  return { status: answer.status, milliseconds: performance.now() - start };
}

/** What a service uses of the machine, which must be Linux. */
export interface Usage {
  /** Without pages of mapped data files, which the kernel takes back when it needs memory. */
  memoryMib: number;
  openFiles: number;
  dataMib: number;
  dataFiles: number;
}

export async function usageOf({ pid, dataFolder }: Service): Promise<Usage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const files = await readdir(dataFolder);
  const sizes = await Promise.all(
    files.map(async (file) => {
      // A file may be deleted while the files are counted.
      const found = await stat(join(dataFolder, file)).catch(() => undefined);
      return found?.size ?? 0;
    }),
  );
  return {
    memoryMib: Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1_024),
    openFiles: (await readdir(`/proc/${pid}/fd`)).length,
    dataMib: Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1_024 / 1_024),
    dataFiles: files.length,
  };
}
