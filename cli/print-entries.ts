import { once } from 'node:events';
import type { Entry } from '../page/follow.js';
import { createEntryFormatter, type FormatEntry } from './format-entry.ts';
import type { Terminal } from './terminal.ts';
import { escapeJson } from './terminal-text.ts';

export interface Printer {
  /** Writes the entries in the order given, a line or more each, and waits for a slow pipe. */
  print(entries: readonly Entry[]): Promise<void>;
}

/** Prints entries on the terminal: as NDJSON, exactly as the service gave them, or in columns for people. */
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

/** A terminal tells by itself what NO_COLOR and TERM ask for; FORCE_COLOR colours a pipe, as for `less -R`. */
function wantsColour({ stdout, env }: Terminal): boolean {
  if (env.NO_COLOR) return false;
  return stdout.hasColors?.() ?? Boolean(env.FORCE_COLOR);
}
