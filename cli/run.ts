import { CommanderError } from 'commander';
import { escapeLine } from '../client/control-characters.ts';
import { ServiceError } from '../client/service-error.ts';
import { adviceFor } from './advice.ts';
import { parseArguments, type Terminal } from './arguments.ts';
import { followEntries } from './follow-entries.ts';
import { openService } from './open-service.ts';
import { printCounts } from './print-counts.ts';
import { printDeadLetters } from './print-dead-letters.ts';
import { printList } from './print-list.ts';
import { printSummary } from './print-summary.ts';
import { signerFor } from './sign-request.ts';
import { UsageError } from './usage-error.ts';
import { showWebPage } from './web-server.ts';

/** The exit codes that scripts may rely on. */
const EXIT = { ok: 0, serviceError: 1, usage: 2 } as const;

/** Runs the `logs` command and returns its exit code: 0 done, 1 the service failed, 2 wrong usage. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseArguments(argv, terminal);
    const client = openService(options.url, signerFor(options, terminal.env));
    if (options.what === 'dead-letters') await printDeadLetters(client, options, terminal);
    else if (options.what === 'counts') await printCounts(client, options, terminal);
    else if (options.web) await showWebPage(client, options, terminal);
    else if (options.follow) await followEntries(client, options, terminal);
    else if (options.patterns || options.top !== undefined) await printSummary(client, options, terminal);
    else await printList(client, options, terminal);
    return EXIT.ok;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, { stderr }: Terminal): number {
  // Commander has already written its help or its error to the terminal.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    stderr.write(`logs: ${escapeLine(error.message)}\n`);
    return EXIT.usage;
  }
  if (error instanceof ServiceError) {
    stderr.write(`logs: ${escapeLine(error.message)}\n${adviceFor(error)}\n`);
    return EXIT.serviceError;
  }
  throw error;
}
