import { csvRow } from '../client/csv.ts';
import type { Lines } from '../client/entry-text.ts';
import type { LogClient } from '../client/log-client.ts';
import { type Counted, readCounts } from '../client/read-counts.ts';
import { millisecondsOf, parsePointInTime, readableSecond } from '../client/time.ts';
import type { Severity } from '../entities/entry.ts';
import { type Bar, barsOf, raiseTo, stepFor } from '../page/time-bars.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { patienceOf } from './say.ts';

/** What is counted unless --since says more or less. */
const SPAN = '24h';
/** Lines that are printed, at most: a screen of them. */
const MOST_LINES = 24;
const WIDTH = 11;
const ORDER: Severity[] = ['error', 'warning', 'info'];

/** Prints how many entries of each severity the service counts, by time. */
export async function printCounts(
  client: LogClient,
  { query, output, local }: ReadOptions,
  terminal: Terminal,
): Promise<void> {
  const { stdout, stderr } = terminal;
  const now = Date.now();
  const range = { ...query, from: query.from ?? parsePointInTime(SPAN, now) };
  const [from, to] = [millisecondsOf(range.from), query.to === undefined ? now : millisecondsOf(query.to)];
  const step = stepFor(to - from, MOST_LINES);
  const patience = patienceOf(client, terminal);
  let counted: Counted = { step, buckets: new Map(), completeFrom: to, complete: [] };
  for await (counted of readCounts(client, range, step, patience));

  const bars = barsOf([], { from, to }, step);
  raiseTo(bars, step, counted);

  const { head, lineOf } = linesFor(output, local);
  stdout.write(head);
  for (const bar of output === 'text' ? bars : bars.toReversed()) stdout.write(lineOf(bar));
  const isWhole = counted.completeFrom <= from;
  const sumOf = (name: Severity) => bars.reduce((sum, bar) => sum + bar[name], 0);
  const sums = ORDER.map((name) => `${grouped(sumOf(name))} ${name}`).join(', ');
  const extent = isWhole
    ? ''
    : `, counted back to ${readableSecond(counted.completeFrom, local)}: name a later --since`;
  stderr.write(`${sums}${extent}.\n`);
}

function linesFor(output: ReadOptions['output'], local: boolean): Lines<Bar> {
  const startOf = (bar: Bar) => new Date(bar.start).toISOString();
  const countsOf = (bar: Bar) => ORDER.map((name) => bar[name]);
  if (output === 'json')
    return { head: '', lineOf: (bar) => `${JSON.stringify({ ...bar, start: startOf(bar) })}\n` };
  if (output === 'csv')
    return {
      head: csvRow(['start', ...ORDER]),
      lineOf: (bar) => csvRow([startOf(bar), ...countsOf(bar).map(String)]),
    };
  const row = (time: string, cells: string[]) =>
    `${time}${cells.map((cell) => cell.padStart(WIDTH)).join('')}\n`;
  const timeOf = (time: number) => readableSecond(time, local);
  return {
    head: row(''.padEnd(timeOf(0).length), ORDER),
    lineOf: (bar) => row(timeOf(bar.start), countsOf(bar).map(grouped)),
  };
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
