import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import type { Query } from '../client/query.ts';
import { SEVERITIES } from '../entities/entry.ts';
import {
  type Conditions,
  conditions,
  duration,
  pointInTime,
  serviceUrl,
  severities,
  texts,
  wholeNumber,
} from './option-values.ts';

/** What the command runs in. `signal` ends `--follow` and `--web`, as Ctrl-C does. */
export interface Terminal {
  stdout: Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
}

export interface ReadOptions {
  url: URL;
  sign: boolean;
  /** With an id, only entries under it are read, and the query and the limit do not apply. */
  id?: string;
  query: Query;
  limit: number;
  /** Columns for people, or one line per entry for programs. */
  output: 'text' | 'json' | 'csv';
  local: boolean;
  follow: boolean;
  /** How late an entry may arrive while following, in milliseconds. */
  overlap: number;
  web: boolean;
  port: number;
  /** Count the values of this attribute, or the patterns of messages, in place of printing entries. */
  top?: string;
  patterns: boolean;
}

/** The switches when they are absent. As defaults of commander they would fill the help with `default: false`. */
const SWITCHES = { follow: false, local: false, patterns: false, sign: false, web: false };
const { version: VERSION }: { version: string } = createRequire(import.meta.url)('../package.json');
/** Entries that are counted unless --limit says how many: ten pages. */
const SAMPLE = 10_000;
const LOCAL_SERVICE = 'http://127.0.0.1:3000';
const EXAMPLES = `
Entries are printed newest last, next to the prompt. For programs, --json and --output print them newest first, as
the service does.
Exit codes: 0 done, 1 the service failed, 2 wrong usage.

Examples:
  logs                                        the newest 100 entries of the service on this machine
  logs --severity error --since 2h            errors of the last two hours
  logs --contains timeout --local             entries that contain a text, in local time
  logs -c "disk full" -c sda -x debug         entries that contain two texts and not a third
  logs --where service.name=checkout          entries with an attribute
  logs -w service.name!=checkout              entries without it, also those without a service.name
  logs --follow --severity warning,error      what goes wrong, as it happens
  logs --from 2026-03-01T02:50:00Z --to 2026-03-01T03:10:00Z --limit 5000
  logs order-4711                             the entries under one id
  logs --word 4bf92f3577b34da6a3ce929d0e0e4736   whatever names this trace, over the whole retention
  logs --top service.name --severity error    which services have errors, and how many
  logs --patterns --severity error --since 1d   what these errors are
  logs --json --limit 10000 | jq .message     NDJSON for other programs (npm run: add --silent)
  logs --output csv --since 1d > day.csv      a table for a spreadsheet
  logs --url https://abc.execute-api.us-east-1.amazonaws.com/dev      a deployment, signed
  logs --web --url https://abc.execute-api.us-east-1.amazonaws.com/dev    the same in a browser`;

/**
 * Reads the command line and LOGS_URL.
 * @throws UsageError
 * @throws CommanderError after commander has written its help or its error to the terminal
 */
export function parseArguments(argv: readonly string[], terminal: Terminal): ReadOptions {
  const command = createCommand(terminal).parse(argv, { from: 'user' });
  const {
    severity = [],
    from,
    to,
    contains,
    excludes,
    word,
    where,
    json,
    output = json ? 'json' : 'text',
    ...options
  } = command.opts<
    Omit<ReadOptions, 'query'> & Omit<Query, keyof Conditions> & { where?: Conditions; json?: boolean }
  >();
  const [id] = command.args;

  if (options.follow && (to || id)) throw new UsageError('--follow has no end: leave out --to and the id');
  if (options.web && id) throw new UsageError('--web shows a list: leave out the id');
  if (options.follow && options.web)
    throw new UsageError('the page of --web follows by itself: leave out --follow');
  const isSummary = options.top !== undefined || options.patterns;
  if (isSummary && (options.follow || options.web || id !== undefined || output === 'csv'))
    throw new UsageError('--top and --patterns count entries: leave out the id, --follow, --web and csv');
  if (options.top !== undefined && options.patterns)
    throw new UsageError('--top and --patterns are two questions: ask one');
  if (isSummary && command.getOptionValueSource('limit') === 'default') options.limit = SAMPLE;
  return {
    ...SWITCHES,
    ...options,
    id,
    output,
    query: { severity, from, to, contains, excludes, word, ...where },
  };
}

/** The command was called with options that make no sense. The message says how to correct them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function createCommand({ stdout, stderr }: Terminal): Command {
  return new Command('logs')
    .description('Reads a log service: the newest entries, in columns for people or as JSON for programs.')
    .argument('[id]', 'show only the entries under this id')
    .option(
      '-s, --severity <severity>',
      `${SEVERITIES.join(', ')}; can be repeated or separated by commas`,
      severities,
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
    .option('-n, --limit <count>', 'how many entries', wholeNumber(1, Number.MAX_SAFE_INTEGER), 100)
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
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
}
