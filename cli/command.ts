import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import { Argument, Command, CommanderError, Option } from 'commander';
import { SEVERITIES } from '../entities/entry.ts';
import { completionScript, SHELLS } from './completion-script.ts';
import { EXAMPLES } from './examples.ts';
import {
  conditions,
  duration,
  names,
  pointInTime,
  serviceUrl,
  severities,
  texts,
  wholeNumber,
} from './option-values.ts';
import { savedWords } from './saved-searches.ts';

/** What is read: entries, unless a subcommand says otherwise. */
export type Subject = 'entries' | 'open' | 'around' | 'counts' | 'dead-letters';

const { version: VERSION }: { version: string } = createRequire(import.meta.url)('../package.json');
const LOCAL_SERVICE = 'http://127.0.0.1:3000';

/**
 * Reads the command line of `logs` and its subcommands, which share their options.
 * @throws CommanderError after its help, its completion or its error has been written to the terminal
 */
export function parseCommand(
  argv: readonly string[],
  { stdout, stderr, folder }: { stdout: Writable; stderr: Writable; folder?: string },
): { subject: Subject; words: string[]; command: Command } {
  const read: { subject: Subject; words: string[] } = { subject: 'entries', words: [] };
  const onRead = (subject: Subject, words: string[]) => {
    Object.assign(read, { subject, words });
  };
  const command = new Command('logs')
    .description('Reads a log service: the newest entries, in columns for people or as JSON for programs.')
    .argument('[search...]', 'show only what this search finds, or the entries under this id')
    .action((words: string[]) => onRead('entries', words))
    // Added to the subcommands too.
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  command
    .command('open <link>')
    .description('show what a link of the page shows, from the deployment of --url')
    .action((link: string) => onRead('open', [link]));
  command
    .command('around <moment...>')
    .description('show what was logged before and after an entry, by its id, or a time')
    .action((words: string[]) => onRead('around', words));
  command
    .command('counts [search...]')
    .description('count entries by time and severity; the last 24 hours, or since --since')
    .action((words: string[]) => onRead('counts', words));
  command
    .command('dead-letters [text...]')
    .description('show what was refused, and why; equal refusals once, with their count')
    .action((words: string[]) => onRead('dead-letters', words));
  command
    .command('completion')
    .description('print what makes a shell complete this command, or the saved searches that it offers')
    .addArgument(new Argument('<shell>').choices([...SHELLS, 'searches']))
    .action((shell: (typeof SHELLS)[number] | 'searches') => {
      const words = () => savedWords(folder).map((word) => `${word}\n`);
      stdout.write(shell === 'searches' ? words().join('') : completionScript(command, shell));
      throw new CommanderError(0, 'logs.completion', 'It is written.');
    });
  addOptions(command).helpCommand(false).parse(argv, { from: 'user' });
  return { ...read, command };
}

function addOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-s, --severity <severity>', 'can be repeated or separated by commas')
        .choices(SEVERITIES)
        .argParser(severities),
    )
    .option(
      '--since, --from <time>',
      'how long ago (90s, 15m, 2h, 3d, 1w), or an RFC 3339 instant; inclusive',
      pointInTime,
    )
    .option('--to <time>', 'the same; exclusive', pointInTime)
    .option(
      '-c, --contains <text>',
      'only entries whose message contains this text; an upper-case letter makes it case-sensitive; can be repeated, all texts must match',
      texts,
    )
    .option(
      '-x, --excludes <text>',
      'only entries whose message does not contain this text; can be repeated',
      texts,
    )
    .option(
      '--word <word>',
      'only entries with this whole word in the message or the attributes, such as an order number or a trace id; can be repeated, all must be there',
      texts,
    )
    .option(
      '-w, --where <name=value>',
      'only entries with this attribute, such as service.name=checkout, or without it: service.name!=checkout, so no name ends in !; can be repeated, all must match',
      conditions,
    )
    .option(
      '-n, --limit <count>',
      'how many entries; unless it is given, json and csv have all since --since',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      100,
    )
    .addOption(new Option('--all', 'no limit').conflicts('limit'))
    .option('-f, --follow', 'continue to show new entries as they arrive')
    .addOption(
      new Option('--overlap <duration>', 'with --follow: how late an entry may arrive and still be shown')
        .default(120_000, '2m')
        .argParser(duration),
    )
    .addOption(
      new Option(
        '-o, --output <form>',
        'text for people; json or csv for programs, one line per entry',
      ).choices(['text', 'json', 'csv']),
    )
    .option('--json', 'same as --output json: each entry exactly as the service returns it')
    .option(
      '--fields <names>',
      'only these columns, or members of JSON, separated by commas: datetime, severity, id, message, or names of attributes',
      names,
    )
    .option('--top <name>', 'count the values of this attribute in the newest 10,000 entries, or --limit')
    .option('--patterns', 'count alike messages in them: numbers, ids and quoted texts are masked')
    .option('--local', 'local time instead of UTC')
    .addOption(
      new Option('--url <url>', 'the deployment, with its stage')
        .env('LOGS_URL')
        .default(new URL(LOCAL_SERVICE), LOCAL_SERVICE)
        .argParser(serviceUrl),
    )
    .option(
      '--sign',
      'sign for AWS (AWS_REGION) even if the host is not one of API Gateway, such as a domain of your own',
    )
    .option('--web', 'show the logs in a browser instead, at an address that only this machine can reach')
    .option('--port <port>', 'with --web: the port; 0 means any free port', wholeNumber(0, 65_535), 3001)
    .version(VERSION, '-V, --version', 'the version of this command')
    .addHelpText('after', EXAMPLES);
}
