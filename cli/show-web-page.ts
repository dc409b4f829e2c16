import { once } from 'node:events';
import type { LogClient } from '../client/log-client.ts';
import { parametersOf } from '../client/query.ts';
import type { ReadOptions } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { startWebServer } from './web-server.ts';

/** Serves the page for a deployment, and says where, until the terminal's signal or Ctrl-C. */
export async function showWebPage(
  client: LogClient,
  { port, query }: ReadOptions,
  { stdout, signal }: Terminal,
): Promise<void> {
  const server = await startWebServer(client, port);
  const page = new URL(server.url);
  page.search = String(parametersOf(query));
  stdout.write(`The logs of ${client.base} are at ${page} (Ctrl-C ends it)\n`);

  if (signal) await once(signal, 'abort');
  else await once(process, 'SIGINT');
  await server.close();
}
