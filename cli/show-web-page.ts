import { once } from 'node:events';
import type { ReadOptions } from './arguments.ts';
import type { LogService } from './log-service.ts';
import type { Terminal } from './terminal.ts';
import { startWebServer } from './web-server.ts';

/** Serves the page for a deployment and says where it is, until the terminal's signal or Ctrl-C. */
export async function showWebPage(
  service: LogService,
  { port, query }: ReadOptions,
  { stdout, signal }: Terminal,
): Promise<void> {
  const server = await startWebServer(service, port);
  const page = new URL(server.url);
  for (const severity of query.severity) page.searchParams.append('severity', severity);
  for (const name of ['from', 'to', 'contains'] as const) {
    if (query[name]) page.searchParams.set(name, query[name]);
  }
  stdout.write(`The logs of ${service.base} are at ${page} (Ctrl-C ends it)\n`);

  if (signal) await once(signal, 'abort');
  else await once(process, 'SIGINT');
  await server.close();
}
