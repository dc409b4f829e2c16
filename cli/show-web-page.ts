import { once } from 'node:events';
import type { LogService } from '../client/log-service.ts';
import { parametersOf } from '../client/query.ts';
import type { ReadOptions } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { startWebServer } from './web-server.ts';

/** Serves the page for a deployment, and says where, until the terminal's signal or Ctrl-C. */
export async function showWebPage(
  service: LogService,
  { port, query }: ReadOptions,
  { stdout, signal }: Terminal,
): Promise<void> {
  const server = await startWebServer(service, port);
  const page = new URL(server.url);
  page.search = String(parametersOf(query));
  stdout.write(`The logs of ${service.base} are at ${page} (Ctrl-C ends it)\n`);

  if (signal) await once(signal, 'abort');
  else await once(process, 'SIGINT');
  await server.close();
}
