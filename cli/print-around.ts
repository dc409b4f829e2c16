import type { LogClient } from '../client/log-client.ts';
import { readNewer, readNewest } from '../client/read-entries.ts';
import { millisecondsOf } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { createPrinter } from './print-entries.ts';
import { patienceOf } from './say.ts';
import { UsageError } from './usage-error.ts';

/**
 * Prints the entries before and after a moment, about half of the limit each, and marks those under the id that was
 * looked up.
 * @param found the entries under that id, newest first
 * @throws UsageError where nothing says which moment
 */
export async function printAround(
  client: LogClient,
  { query, limit, lookup, at, ...options }: ReadOptions,
  found: readonly LogEntry[] | undefined,
  terminal: Terminal,
): Promise<void> {
  const middle = found?.find(({ datetime }) => datetime === at)?.datetime ?? at ?? found?.[0]?.datetime;
  if (middle === undefined)
    throw new UsageError(`no entry has the id ${lookup?.id}, and it cannot be read as a time`);
  const patience = patienceOf(client, terminal);
  const after = millisecondsOf(middle) + 1;
  const end = query.to === undefined ? Date.now() : millisecondsOf(query.to);
  const upToIt = { ...query, to: new Date(Math.min(after, end)).toISOString() };

  const older: LogEntry[] = [];
  for await (const { entries } of readNewest(client, upToIt, { limit: Math.ceil(limit / 2), patience }))
    older.push(...entries);
  const start = query.from === undefined ? after : Math.max(after, millisecondsOf(query.from));
  const { entries: newer } = await readNewer(client, query, { after: start, until: end, patience });

  const isText = options.output === 'text';
  const newestFirst = [...newer.slice(Math.max(0, newer.length + older.length - limit)), ...older];
  const printer = createPrinter({ ...options, marked: lookup?.id }, terminal);
  await printer.print(isText ? newestFirst.reverse() : newestFirst);
  if (newestFirst.length === 0) terminal.stderr.write('No entries.\n');
}
