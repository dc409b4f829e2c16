import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ServiceProcess {
  /** Where the API is served, without a slash at the end. */
  url: string;
  pid: number;
  /** Where its data are. */
  folder: string;
  stop(): Promise<void>;
}

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Starts the service as `npm start` does, on a free port, its data in a temporary folder. */
export async function startServiceProcess(): Promise<ServiceProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-service-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], {
    cwd: repository,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstUrl(child.stdout);
  return {
    url,
    pid: Number(child.pid),
    folder,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

async function firstUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error('The service ended before it said where it serves');
}
