import { entriesUnderId } from '../client/entries-under-id.ts';
import type { LogClient } from '../client/log-client.ts';
import type { Patience } from '../client/patience.ts';
import { readNewest } from '../client/read-entries.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { printAround } from './print-around.ts';
import { createPrinter } from './print-entries.ts';
import { patienceOf, sayCut } from './say.ts';

/**
 * Prints the entries under what may be an id. Where there is none, or no id is given, prints the entries around the
 * moment that is asked for, or else the newest that match.
 */
export async function printList(client: LogClient, options: ReadOptions, terminal: Terminal): Promise<void> {
  const { what, lookup, at, limit } = options;
  const patience = patienceOf(client, terminal);
  const found = lookup && (await entriesUnderId(client, lookup.id, lookup.query, patience));
  const isAround = what === 'around' || (at !== undefined && !found);
  if (isAround && limit !== Infinity) await printAround(client, options, found, terminal);
  else if (!isAround && found) await printFound(found, options, terminal);
  else await printNewest(client, options, terminal, patience);
}

async function printFound(newestFirst: LogEntry[], options: ReadOptions, terminal: Terminal): Promise<void> {
  const printed = newestFirst.slice(0, options.limit);
  await createPrinter(options, terminal).print(options.output === 'text' ? printed.reverse() : printed);
  sayCut(printed.length, newestFirst.length > printed.length, terminal);
}

async function printNewest(
  client: LogClient,
  { query, limit, ...options }: ReadOptions,
  terminal: Terminal,
  patience: Patience,
): Promise<void> {
  const isText = options.output === 'text';
  const marked = options.what === 'around' ? options.lookup?.id : undefined;
  const printer = createPrinter({ ...options, marked }, terminal);
  const newestFirst: LogEntry[] = [];
  let hasOlder = false;
  let count = 0;
  for await (const page of readNewest(client, query, { limit, patience })) {
    hasOlder = page.hasOlder;
    count += page.entries.length;
    // Output for programs is written page by page, so that any number of entries takes little memory.
    if (isText) newestFirst.push(...page.entries);
    else await printer.print(page.entries);
  }
  if (isText) await printer.print(newestFirst.reverse());
  sayCut(count, hasOlder, terminal);
}
