import type { Writable } from 'node:stream';
import { readBound } from '../client/read-moment.ts';
import { parseCommand, type Subject } from './command.ts';
import type { Conditions } from './option-values.ts';
import { readLink } from './read-link.ts';
import { type Asked, readSearch, type SearchOptions } from './read-search.ts';
import { UsageError } from './usage-error.ts';

/** What the command runs in. `signal` ends `--follow` and `--web`, as Ctrl-C does. */
export interface Terminal {
  stdout: Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
  /** Where to look for saved searches; the process's own folder where it is left out. */
  folder?: string;
  signal?: AbortSignal;
}

export interface ReadOptions extends Asked {
  url: URL;
  sign: boolean;
  /** Infinity for all. */
  limit: number;
  /** Columns for people, or one line per entry for programs. */
  output: 'text' | 'json' | 'csv';
  /** The only columns or members that are printed. */
  fields?: string[];
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

/** The options as commander gives them. */
type Given = Omit<ReadOptions, keyof Asked | 'output'> &
  Partial<Omit<Asked['query'], keyof Conditions>> & {
    output?: ReadOptions['output'];
    where?: Conditions;
    json?: boolean;
    all?: boolean;
  };

/** The switches when they are absent. As defaults of commander they would fill the help with `default: false`. */
const SWITCHES = { follow: false, local: false, patterns: false, sign: false, web: false };
/** Entries that are counted unless --limit says how many: ten pages. */
const SAMPLE = 10_000;

/**
 * Reads the command line and LOGS_URL.
 * @throws UsageError
 * @throws CommanderError after commander has written its help or its error to the terminal
 */
export function parseArguments(argv: readonly string[], terminal: Terminal): ReadOptions {
  const { command, subject, words } = parseCommand(argv, terminal);
  const {
    severity = [],
    from,
    to,
    contains,
    excludes,
    word,
    where,
    json,
    all,
    ...given
  } = command.opts<Given>();
  const options = { ...SWITCHES, ...given, output: given.output ?? (json ? 'json' : 'text') };
  const query = { severity, from, to, contains, excludes, word, ...where };

  const asked = askedFor(subject, words, { query, local: options.local, folder: terminal.folder });
  const isSummary = options.top !== undefined || options.patterns;
  const isLimited = command.getOptionValueSource('limit') !== 'default';
  // A program that names a time span means all of it.
  const isSpan = options.output !== 'text' && asked.query.from !== undefined && subject !== 'around';
  if (all || (!isLimited && !isSummary && isSpan)) options.limit = Infinity;
  else if (!isLimited && isSummary) options.limit = SAMPLE;
  const read = { ...options, ...asked };
  check(read);
  return read;
}

function askedFor(subject: Subject, words: string[], options: SearchOptions): Asked & { local?: boolean } {
  const text = words.join(' ');
  if (subject === 'open') return readLink(text, options.query);
  if (subject === 'around') {
    const at = readBound(text, { now: Date.now(), local: options.local });
    return { what: 'around', query: options.query, lookup: { id: text, query: options.query }, at };
  }
  return { what: subject, ...readSearch(words, options) };
}

function check({ what, at, query, output, follow, web, top, patterns, fields }: ReadOptions): void {
  const isSummary = top !== undefined || patterns;
  const isPrinted = what === 'entries' && !isSummary && !web;
  if ((what !== 'entries' || at !== undefined) && (follow || web || isSummary))
    throw new UsageError('--follow, --web, --top and --patterns are for a list of entries: leave them out');
  if (follow && query.to) throw new UsageError('--follow has no end: leave out --to');
  if (follow && web) throw new UsageError('the page of --web follows by itself: leave out --follow');
  if (isSummary && (follow || web || output === 'csv'))
    throw new UsageError('--top and --patterns count entries: leave out --follow, --web and csv');
  if (top !== undefined && patterns) throw new UsageError('--top and --patterns are two questions: ask one');
  if (fields && what !== 'around' && !isPrinted)
    throw new UsageError('--fields is for entries that are printed: leave it out');
  if (what === 'dead-letters' && [query.severity, query.where, query.whereNot].some((list) => list?.length))
    throw new UsageError('what was refused has no severity and no attributes: search for texts');
}
