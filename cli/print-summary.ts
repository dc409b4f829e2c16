import { escapeJson, escapeLine } from '../client/control-characters.ts';
import { createFieldCounts } from '../client/field-counts.ts';
import type { LogClient } from '../client/log-client.ts';
import { forAMoment } from '../client/patience.ts';
import { createPatternCounts } from '../client/pattern-counts.ts';
import { readNewest } from '../client/read-entries.ts';
import { readableTime } from '../client/time.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { ReadOptions, Terminal } from './arguments.ts';

/** Lines that are printed, at most: a screen of them for people. */
const MOST_LINES = { text: 20, json: 1_000 };

/** What entries are counted by. `lines` gives the most frequent ones first. */
interface Summary {
  add(entries: readonly LogEntry[]): void;
  lines(most: number): { count: number; text: string; json: object }[];
  /** How many kinds there are, in words. */
  kinds(): string;
}

/**
 * Prints what the newest entries have in common, in place of them: the values of an attribute (`--top`), or the
 * patterns of their messages (`--patterns`), with how many entries have each.
 */
export async function printSummary(
  client: LogClient,
  { query, limit, output, local, top }: ReadOptions,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const summary = top === undefined ? patternSummary(local) : valueSummary(top);
  let total = 0;
  let hasOlder = false;
  for await (const page of readNewest(client, query, { limit, patience: { wait: forAMoment } })) {
    summary.add(page.entries);
    total += page.entries.length;
    hasOlder = page.hasOlder;
  }
  const isText = output === 'text';
  for (const { count, text, json } of summary.lines(isText ? MOST_LINES.text : MOST_LINES.json)) {
    const share = count / total;
    const columns = `${count.toLocaleString('en').padStart(9)}  ${(share * 100).toFixed(1).padStart(5)} %  ${text}`;
    stdout.write(isText ? `${columns}\n` : `${escapeJson(JSON.stringify({ count, share, ...json }))}\n`);
  }
  const entries = `${total.toLocaleString('en')} ${total === 1 ? 'entry' : 'entries'}`;
  const of = hasOlder ? `the newest ${entries}; older entries exist: raise --limit` : entries;
  stderr.write(`${summary.kinds()} in ${of}.\n`);
}

function patternSummary(local: boolean): Summary {
  const counts = createPatternCounts();
  return {
    add: counts.add,
    lines: (most) =>
      counts.groups.slice(0, most).map(({ pattern, severity, count, first, last, example }) => ({
        count,
        text: `${readableTime(first, local)}  ${readableTime(last, local)}  ${severity.toUpperCase().padEnd(7)}  ${escapeLine(pattern)}`,
        json: { severity, first, last, pattern, example },
      })),
    kinds: () => kindsOf(counts.groups.length, 'pattern'),
  };
}

function valueSummary(name: string): Summary {
  const counts = createFieldCounts();
  const field = (most: number) => counts.fields(most).find((one) => one.name === name);
  return {
    add: counts.add,
    lines: (most) =>
      (field(most)?.top ?? []).map(({ text, count }) => ({
        count,
        text: escapeLine(text),
        json: { value: text },
      })),
    kinds: () => `${kindsOf(field(0)?.distinct ?? 0, 'value')} of ${escapeLine(name)}`,
  };
}

function kindsOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
