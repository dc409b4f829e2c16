import { CommanderError } from 'commander';
import { escapeLine } from '../client/control-characters.ts';
import { entriesIn, type LogClient } from '../client/log-client.ts';
import { forAMoment } from '../client/patience.ts';
import { readNewest } from '../client/read-entries.ts';
import { ServiceError } from '../client/service-error.ts';
import { adviceFor } from './advice.ts';
import { parseArguments, type ReadOptions, type Terminal, UsageError } from './arguments.ts';
import { followEntries } from './follow-entries.ts';
import { openService } from './open-service.ts';
import { createPrinter } from './print-entries.ts';
import { printSummary } from './print-summary.ts';
import { signerFor } from './sign-request.ts';
import { showWebPage } from './web-server.ts';

/** The exit codes that scripts may rely on. */
const EXIT = { ok: 0, serviceError: 1, usage: 2 } as const;

/** Runs the `logs` command and returns its exit code: 0 done, 1 the service failed, 2 wrong usage. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseArguments(argv, terminal);
    const client = openService(options.url, signerFor(options, terminal.env));
    if (options.web) await showWebPage(client, options, terminal);
    else if (options.follow) await followEntries(client, options, terminal);
    else if (options.patterns || options.top !== undefined) await printSummary(client, options, terminal);
    else await printNewest(client, options, terminal);
    return EXIT.ok;
  } catch (error) {
    return report(error, terminal);
  }
}

async function printNewest(client: LogClient, options: ReadOptions, terminal: Terminal): Promise<void> {
  const printer = createPrinter(options, terminal);
  const patience = {
    wait: forAMoment,
    onSlow: () => terminal.stderr.write(`logs: ${client.base.host} has not answered yet; waiting\n`),
  };
  if (options.id !== undefined) {
    const url = client.urlOf(`/logs/${encodeURIComponent(options.id)}`);
    for await (const { entries } of client.pages(url, entriesIn, patience)) {
      await printer.print(options.output === 'text' ? entries.reverse() : entries);
      break;
    }
    return;
  }

  let hasOlder = false;
  const newestFirst = [];
  for await (const page of readNewest(client, options.query, { limit: options.limit, patience })) {
    hasOlder = page.hasOlder;
    // Output for programs is written page by page, so that any number of entries takes little memory.
    if (options.output !== 'text') await printer.print(page.entries);
    else newestFirst.push(...page.entries);
  }
  if (options.output !== 'text') return;

  await printer.print(newestFirst.reverse());
  if (newestFirst.length === 0) terminal.stderr.write('No entries.\n');
  else if (hasOlder && terminal.stdout.isTTY) terminal.stderr.write('Older entries exist: raise --limit.\n');
}

function report(error: unknown, { stderr }: Terminal): number {
  // Commander has already written its help or its error to the terminal.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    stderr.write(`logs: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof ServiceError) {
    stderr.write(`logs: ${escapeLine(error.message)}\n${adviceFor(error)}\n`);
    return EXIT.serviceError;
  }
  throw error;
}
