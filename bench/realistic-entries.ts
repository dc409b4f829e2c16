import { randomInt, randomUUID } from 'node:crypto';
import type { StoredEntry } from '../entities/log-entry.ts';
import {
  accessLine,
  applicationLine,
  pinoLine,
  shortAccessLine,
  shortApplicationLine,
  shortError,
  stackTrace,
  stackTraceWithProperties,
} from './realistic-lines.ts';

/** The share of errors, unless stated otherwise. */
const ERRORS = 0.05;

/** How long a shipper collects what it sends together. */
export const BATCH_MS = 5_000;

/** What services write, by the mean size of the JSON of an entry: two kinds of info lines, and errors. */
const LINES = {
  '250 B': { info: [shortAccessLine, shortApplicationLine], error: shortError },
  '365 B': { info: [accessLine, applicationLine], error: () => stackTrace(4 + randomInt(7)) },
  '1 KB': { info: [pinoLine, pinoLine], error: stackTraceWithProperties },
} as const;

export type EntrySize = keyof typeof LINES;

let made = 0;

/**
 * An entry as services write it: an access line, a JSON line of an application, sometimes a stack trace. As much of
 * it repeats as in real logs, because packing depends on that.
 */
export function realisticEntry(datetime: string, errors = ERRORS, size: EntrySize = '365 B'): StoredEntry {
  const isError = ++made % (1 / errors) < 1;
  const lines = LINES[size];
  return {
    id: randomUUID(),
    datetime,
    severity: isError ? 'error' : 'info',
    message: isError ? lines.error() : lines.info[made % 4 < 2 ? 0 : 1](datetime),
  };
}

/** What a shipper has collected: entries of the seconds before a random instant of the last hour, the oldest first. */
export function realisticEntries(count: number, errors = ERRORS, size?: EntrySize): StoredEntry[] {
  const end = Date.now() - randomInt(3_600_000);
  return Array.from({ length: count }, (_, at) =>
    realisticEntry(new Date(end - BATCH_MS + ((at + 1) * BATCH_MS) / count).toISOString(), errors, size),
  );
}
