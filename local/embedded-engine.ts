import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import dynalite from 'dynalite';

export interface EmbeddedEngine {
  endpoint: string;
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB engine inside this process, on a free port of the loopback interface.
 * @param dataDirectory where its data outlive it; absent, they are kept in memory
 */
export async function startEmbeddedEngine(dataDirectory?: string): Promise<EmbeddedEngine> {
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true });
  const server = dynalite({ path: dataDirectory, createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}
