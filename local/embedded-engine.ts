import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

export interface EmbeddedEngine {
  endpoint: string;
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB engine on a free port of the loopback interface, in a thread of its own: it takes a whole
 * core when it is busy, which the service beside it needs too.
 * @param dataDirectory where its data outlive it; absent, they are kept in memory
 * @throws whatever keeps the engine from opening its data
 */
export async function startEmbeddedEngine(dataDirectory?: string): Promise<EmbeddedEngine> {
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true });
  const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
    workerData: { dataDirectory },
    execArgv: [],
  });
  const [port] = await once(worker, 'message');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      worker.postMessage('close');
      await once(worker, 'exit');
    },
  };
}
