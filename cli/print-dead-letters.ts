import { escapeControls, escapeJson, escapeLine } from '../client/control-characters.ts';
import { csvRow } from '../client/csv.ts';
import type { Lines } from '../client/entry-text.ts';
import type { LogClient } from '../client/log-client.ts';
import { readDeadLetters, reasonsOf } from '../client/read-dead-letters.ts';
import { createRefusalGroups, type RefusalGroup } from '../client/refusal-groups.ts';
import { readableTime } from '../client/time.ts';
import type { DeadLetter } from '../entities/dead-letter.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { patienceOf, sayCut } from './say.ts';

/** A record can have 16 KB. Of each group, people see as much as a few lines. */
const SHOWN_CHARACTERS = 300;

/** Prints what was refused: for people equal refusals once with their count, for programs each record. */
export async function printDeadLetters(
  client: LogClient,
  { query, limit, output, local }: ReadOptions,
  terminal: Terminal,
): Promise<void> {
  const { stdout } = terminal;
  const groups = createRefusalGroups();
  const lines = output === 'text' ? undefined : FORMS[output];
  if (lines) stdout.write(lines.head);
  const patience = patienceOf(client, terminal);
  let count = 0;
  let isCut = false;
  for await (const { letters, hasOlder } of readDeadLetters(client, query, patience)) {
    const wanted = letters.slice(0, limit - count);
    count += wanted.length;
    isCut = hasOlder || wanted.length < letters.length;
    if (lines) for (const letter of wanted) stdout.write(lines.lineOf(letter));
    else groups.add(wanted);
    if (count === limit) break;
  }
  for (const group of groups.all.toReversed()) stdout.write(textOf(group, local));
  sayCut(count, isCut && count === limit, terminal);
}

/** How many, when the first and the last, why, and the last record. */
function textOf(group: RefusalGroup, local: boolean): string {
  const [last, first] = [group[0], group.at(-1)];
  if (!last || !first) return '';
  const times = [first, last].map(({ refusedAt }) => readableTime(refusedAt, local));
  const count = group.length.toLocaleString('en');
  return `${[...new Set(times)].join(' to ')}  ${count}  ${escapeLine(reasonsOf(last))}\n    ${escapeLine(last.raw.slice(0, SHOWN_CHARACTERS))}\n`;
}

const FORMS: Record<'json' | 'csv', Lines<DeadLetter>> = {
  json: { head: '', lineOf: (letter) => `${escapeJson(JSON.stringify(letter))}\n` },
  csv: {
    head: csvRow(['refusedAt', 'reasons', 'sender', 'record']),
    lineOf: (letter) =>
      csvRow(
        [letter.refusedAt, reasonsOf(letter), letter.sender, letter.raw].map(
          (cell) => cell && escapeControls(cell),
        ),
      ),
  },
};
