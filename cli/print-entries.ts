import { once } from 'node:events';
import { escapeControls, escapeJson } from '../client/control-characters.ts';
import { csv } from '../client/csv.ts';
import { type EntryLines, ndjson } from '../client/entry-text.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { linesOfFields } from './entry-fields.ts';
import { createEntryFormatter } from './format-entry.ts';

export interface Printer {
  /** Writes the entries in the order given, one or more lines each, and waits for a slow pipe. */
  print(entries: readonly LogEntry[]): Promise<void>;
}

export interface PrintOptions extends Pick<ReadOptions, 'output' | 'local' | 'fields'> {
  /** Entries under this id are marked for people. */
  marked?: string;
}

/** Prints entries in columns for people, or in a format for other programs with the service's own values. */
export function createPrinter(options: PrintOptions, terminal: Terminal): Printer {
  const { stdout } = terminal;
  const { head, lineOf } = linesFor(options, terminal);
  let isBegun = false;

  const write = async (text: string) => {
    if (!stdout.write(text)) await once(stdout, 'drain');
  };

  return {
    async print(entries) {
      if (!isBegun) await write(head);
      isBegun = true;
      for (const entry of entries) await write(lineOf(entry));
    },
  };
}

function linesFor({ output, local, fields, marked }: PrintOptions, terminal: Terminal): EntryLines {
  const chosen = fields && linesOfFields(fields, output, local);
  const json = chosen ?? ndjson;
  if (output === 'json') return { ...json, lineOf: (entry) => escapeJson(json.lineOf(entry)) };
  const table = chosen ?? csv;
  if (output === 'csv')
    return { head: escapeCsv(table.head), lineOf: (entry) => escapeCsv(table.lineOf(entry)) };
  const mark = (entry: LogEntry, lines: string) =>
    marked === undefined ? lines : withMark(lines, entry.id === marked);
  if (chosen) return { head: '', lineOf: (entry) => mark(entry, chosen.lineOf(entry)) };
  const format = createEntryFormatter({
    colour: wantsColour(terminal),
    local,
    columns: terminal.stdout.columns,
  });
  return { head: '', lineOf: (entry) => mark(entry, `${format(entry)}\n`) };
}

/** The first line of a marked entry begins with an angle bracket, all others are indented as much. */
function withMark(lines: string, isMarked: boolean): string {
  const indented = lines.replace(/^(?=.)/gms, '  ');
  return isMarked ? `> ${indented.slice(2)}` : indented;
}

/** RFC 4180 section 2. */
const LINE_END = '\r\n';

/** A pipe may end in a terminal too, so a line is escaped wherever it goes. Its own end stays. */
function escapeCsv(line: string): string {
  return `${escapeControls(line.slice(0, -LINE_END.length))}${LINE_END}`;
}

/** `hasColors` considers TERM. FORCE_COLOR colours a pipe, such as one to `less -R`, unless it is 0 or false. */
function wantsColour({ stdout, env }: Terminal): boolean {
  if (env.NO_COLOR || env.FORCE_COLOR === '0' || env.FORCE_COLOR === 'false') return false;
  return stdout.hasColors?.() ?? Boolean(env.FORCE_COLOR);
}
