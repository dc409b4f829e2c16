import { escapeControls } from '../client/control-characters.ts';
import { follow } from '../client/follow.ts';
import { type LogService, readPages } from '../client/log-service.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import type { ReadOptions } from './arguments.ts';
import { createPrinter } from './print-entries.ts';
import type { Terminal } from './terminal.ts';

/**
 * Prints the newest entries and then every new one, oldest first, until the terminal's signal. A service that
 * is away for a while is asked again until it answers; what came meanwhile is then shown.
 * @param pause resolves after so many milliseconds
 * @throws ServiceError when it will not pass
 */
export async function followEntries(
  service: LogService,
  { query, limit, overlap, ...options }: ReadOptions,
  terminal: Terminal,
  pause?: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const printer = createPrinter(options, terminal);
  const { newestFirst, hasOlder } = await readNewest(service, { query, limit });
  await printer.print(newestFirst.toReversed());

  let isAway = false;
  const arrivals = follow({
    overlap,
    shown: newestFirst,
    signal: terminal.signal,
    pause,
    read: (from, firstPage) =>
      readPages(service, { ...query, from: laterOf(query.from, from) }, Infinity, terminal.signal, firstPage),
    onOutage(error) {
      if (error && !isAway) terminal.stderr.write(`logs: ${escapeControls(error.message)}; trying on\n`);
      isAway = error !== undefined;
    },
  });
  // The first read reaches further back than a list that --limit cut short. What lies before the list is not new.
  let since = hasOlder ? parseInstant(newestFirst.at(-1)?.datetime ?? '') : '';
  for await (const entries of arrivals) {
    await printer.print(entries.filter(({ datetime }) => parseInstant(datetime) >= since));
    since = '';
  }
}

async function readNewest(service: LogService, { query, limit }: Pick<ReadOptions, 'query' | 'limit'>) {
  const newestFirst: LogEntry[] = [];
  let hasOlder = false;
  for await (const page of readPages(service, query, limit)) {
    newestFirst.push(...page.entries);
    hasOlder = page.hasOlder;
  }
  return { newestFirst, hasOlder };
}

function laterOf(asked: string | undefined, from: string): string {
  return asked && parseInstant(asked) > parseInstant(from) ? asked : from;
}
