import { escapeLine } from '../client/control-characters.ts';
import { follow } from '../client/follow.ts';
import type { LogClient } from '../client/log-client.ts';
import { forAMoment } from '../client/patience.ts';
import { readNewest } from '../client/read-entries.ts';
import { latestOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { createPrinter } from './print-entries.ts';

/**
 * Prints the newest entries and then every new one, oldest first, until the terminal's signal. A service that
 * is unavailable for a while is asked again until it answers; what came in the meantime is then shown.
 * @param pause resolves after so many milliseconds
 * @throws ServiceError when asking again cannot help
 */
export async function followEntries(
  client: LogClient,
  { query, limit, overlap, ...options }: ReadOptions,
  terminal: Terminal,
  pause?: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const printer = createPrinter(options, terminal);
  const { newestFirst, hasOlder } = await readList(client, { query, limit });
  await printer.print(newestFirst.toReversed());

  let isUnavailable = false;
  const arrivals = follow({
    overlap,
    shown: newestFirst,
    signal: terminal.signal,
    pause,
    read: (from, firstPage) =>
      readNewest(
        client,
        { ...query, from: latestOf(query.from, from) },
        { limit: Infinity, firstPage, patience: { wait: forAMoment, signal: terminal.signal } },
      ),
    onOutage(error) {
      if (error && !isUnavailable)
        terminal.stderr.write(`logs: ${escapeLine(error.message)}; trying again\n`);
      isUnavailable = error !== undefined;
    },
  });
  // The first read reaches further back than a list that --limit cut short, and entries before the list are not new.
  let since = hasOlder ? parseInstant(newestFirst.at(-1)?.datetime ?? '') : '';
  for await (const entries of arrivals) {
    await printer.print(entries.filter(({ datetime }) => parseInstant(datetime) >= since));
    since = '';
  }
}

async function readList(client: LogClient, { query, limit }: Pick<ReadOptions, 'query' | 'limit'>) {
  const newestFirst: LogEntry[] = [];
  let hasOlder = false;
  for await (const page of readNewest(client, query, { limit, patience: { wait: forAMoment } })) {
    newestFirst.push(...page.entries);
    hasOlder = page.hasOlder;
  }
  return { newestFirst, hasOlder };
}
