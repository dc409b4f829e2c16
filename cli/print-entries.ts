import { once } from 'node:events';
import type { LogEntry } from '../entities/entry.ts';
import { createEntryFormatter, type FormatEntry } from './format-entry.ts';
import { escapeJson, type Terminal } from './terminal.ts';

export interface Printer {
  /** Writes the entries in the order given, one or more lines each, and waits for a slow pipe. */
  print(entries: readonly LogEntry[]): Promise<void>;
}

/** Prints entries on the terminal: as NDJSON with the service's own values, or in columns for people. */
export function createPrinter(options: { json: boolean; local: boolean }, terminal: Terminal): Printer {
  const { stdout } = terminal;
  const format: FormatEntry = options.json
    ? (entry) => escapeJson(JSON.stringify(entry))
    : createEntryFormatter({ colour: wantsColour(terminal), local: options.local });

  return {
    async print(entries) {
      for (const entry of entries) {
        if (!stdout.write(`${format(entry)}\n`)) await once(stdout, 'drain');
      }
    },
  };
}

/** `hasColors` considers TERM. FORCE_COLOR colours a pipe, such as one to `less -R`. */
function wantsColour({ stdout, env }: Terminal): boolean {
  if (env.NO_COLOR) return false;
  return stdout.hasColors?.() ?? Boolean(env.FORCE_COLOR);
}
