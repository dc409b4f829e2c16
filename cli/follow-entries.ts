import { follow } from '../client/follow.ts';
import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes, forAMoment, type Patience, pauseUntil } from '../client/patience.ts';
import { readNewest } from '../client/read-entries.ts';
import { latestOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import { parseInstant } from '../entities/instant.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { createPrinter } from './print-entries.ts';
import { sayCut, sayWaiting } from './say.ts';

/**
 * Prints the newest entries and then every new one, oldest first, until the terminal's signal. A service that
 * is unavailable, be it from the beginning, is asked again until it answers; what came in the meantime is then shown.
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
  const { signal } = terminal;
  const waiting = sayWaiting(client, terminal);
  const patience: Patience = {
    // The list is printed even if the signal has been given by then.
    wait: (error, failures) => (signal?.aborted ? undefined : asLongAsItTakes(error, failures)),
    pause: pause ?? ((milliseconds) => pauseUntil(milliseconds, signal)),
    ...waiting,
  };
  const newestFirst: LogEntry[] = [];
  let hasOlder = false;
  for await (const page of readNewest(client, query, { limit, patience })) {
    newestFirst.push(...page.entries);
    hasOlder = page.hasOlder;
  }
  await printer.print(newestFirst.toReversed());
  if (hasOlder && query.from !== undefined) sayCut(newestFirst.length, hasOlder, terminal);

  const arrivals = follow({
    overlap,
    shown: newestFirst,
    signal,
    pause,
    ...waiting,
    read: (from, firstPage) =>
      readNewest(
        client,
        { ...query, from: latestOf(query.from, from) },
        { limit: Infinity, firstPage, patience: { wait: forAMoment, signal } },
      ),
  });
  // The first read reaches further back than a list that --limit cut short, and entries before the list are not new.
  let since = hasOlder ? parseInstant(newestFirst.at(-1)?.datetime ?? '') : '';
  for await (const entries of arrivals) {
    await printer.print(entries.filter(({ datetime }) => parseInstant(datetime) >= since));
    since = '';
  }
}
