import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface EngineProcess {
  endpoint: string;
  stop(): Promise<void>;
}

const ENGINE = fileURLToPath(new URL('./engine.ts', import.meta.url));

/** Starts the embedded engine in a process of its own, its data in a temporary folder as `npm start` has them on disk. */
export async function startEngineProcess(): Promise<EngineProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  const child = fork(ENGINE, [folder], { execArgv: ['--import', 'tsx'] });
  const [endpoint] = await once(child, 'message');
  return {
    endpoint: String(endpoint),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}
