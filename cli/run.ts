import { CommanderError } from 'commander';
import { parseArguments, type ReadOptions } from './arguments.ts';
import { followEntries } from './follow-entries.ts';
import { createLogService, type LogService } from './log-service.ts';
import { createPrinter } from './print-entries.ts';
import { ServiceError } from './service-error.ts';
import { showWebPage } from './show-web-page.ts';
import { signerFor } from './sign-request.ts';
import type { Terminal } from './terminal.ts';
import { escapeControls } from './terminal-text.ts';
import { UsageError } from './usage-error.ts';

/** The exit codes that scripts may build on. */
const EXIT = { ok: 0, serviceError: 1, usage: 2 } as const;

/** Runs the `logs` command and returns its exit code: 0 done, 1 the service failed, 2 wrong usage. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseArguments(argv, terminal);
    const service = createLogService(options.url, signerFor(options, terminal.env));
    if (options.web) await showWebPage(service, options, terminal);
    else if (options.follow) await followEntries(service, options, terminal);
    else await printNewest(service, options, terminal);
    return EXIT.ok;
  } catch (error) {
    return report(error, terminal);
  }
}

async function printNewest(service: LogService, options: ReadOptions, terminal: Terminal): Promise<void> {
  const printer = createPrinter(options, terminal);
  if (options.id !== undefined) return printer.print(await service.byId(options.id));

  let older = false;
  const newestFirst = [];
  for await (const page of service.pages(options.query, options.limit)) {
    older = page.hasNext;
    // JSON goes out as it comes in, so that a pipe of any length takes no memory.
    if (options.json) await printer.print(page.entries);
    else newestFirst.push(...page.entries);
  }
  if (options.json) return;

  await printer.print(newestFirst.reverse());
  if (newestFirst.length === 0) terminal.stderr.write('No entries.\n');
  else if (older && terminal.stdout.isTTY) terminal.stderr.write('Older entries exist: raise --limit.\n');
}

function report(error: unknown, { stderr }: Terminal): number {
  // Commander has already written its help or its complaint.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    stderr.write(`logs: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof ServiceError) {
    stderr.write(`logs: ${escapeControls(error.message)}\n${error.advice}\n`);
    return EXIT.serviceError;
  }
  throw error;
}
