import { createAttributeTable } from '../client/attribute-table.ts';
import { csv, csvRow } from '../client/csv.ts';
import { jsonOfEntry, type Lines, ndjson } from '../client/entry-text.ts';
import { entriesIn, type LogClient } from '../client/log-client.ts';
import type { Patience } from '../client/patience.ts';
import { readCounts } from '../client/read-counts.ts';
import { readDeadLetters, reasonsOf } from '../client/read-dead-letters.ts';
import { readNewest } from '../client/read-entries.ts';
import { millisecondsOf } from '../client/time.ts';
import type { DeadLetter } from '../entities/dead-letter.ts';
import { type LogEntry, SEVERITIES } from '../entities/entry.ts';
import { fileNameOf } from './file-name.ts';
import { queryOf, type ViewState } from './view-state.ts';

/** What can be saved to a file. */
export interface ExportSource<Item> {
  /** The name of the file, without its ending. */
  name: string;
  /** What one of them is called, and several. */
  words: [string, string];
  /** How many there are, as far as they are counted. The last one is final. */
  count: (patience: Patience) => AsyncIterable<Count>;
  /** All of them, page by page, newest first. */
  pages: (patience: Patience) => AsyncIterable<Item[]>;
  instantOf: (item: Item) => string;
  ndjson: Lines<Item>;
  csv: Lines<Item>;
  /** A table whose columns are known once all of it has been read, where there is one. */
  table?: () => ExportTable<Item>;
}

export interface Count {
  count: number;
  /** Whether there are no more. */
  isWhole: boolean;
}

export interface ExportTable<Item> {
  add(items: readonly Item[]): void;
  lines: Lines<Item>;
  /** Items as text, until the columns are known. */
  pack(items: readonly Item[]): string;
  unpack(text: string): Item[];
}

/** A week: a count of all that was ever stored has few buckets then (docs/http.md, GET /counts). */
const LONG_STEP = 7 * 86_400_000;
const BEGINNING = '1970-01-01T00:00:00Z';

/** The entries of a view whose range is in absolute times. @param total how many they are, where that is known */
export function entriesOf(client: LogClient, state: ViewState, total?: number): ExportSource<LogEntry> {
  const query = queryOf(state, 0);
  return {
    name: fileNameOf(state),
    words: ['entry', 'entries'],
    async *count(patience) {
      if (total !== undefined) yield { count: total, isWhole: true };
      else yield* countOf(client, { ...query, from: query.from ?? BEGINNING }, patience);
    },
    async *pages(patience) {
      for await (const { entries } of readNewest(client, query, { limit: Infinity, patience })) yield entries;
    },
    instantOf: ({ datetime }) => datetime,
    ndjson,
    csv,
    table() {
      const table = createAttributeTable();
      return {
        add: table.add,
        get lines() {
          return table.lines;
        },
        pack: (entries) => `[${entries.map(jsonOfEntry).join()}]`,
        unpack: (text) => entriesIn(text)?.entries ?? [],
      };
    },
  };
}

/** Pages of dead letters that are read to count them: nothing else counts them. */
const MOST_PAGES = 10;

/** The dead letters of a view whose range is in absolute times. */
export function deadLettersOf(client: LogClient, state: ViewState): ExportSource<DeadLetter> {
  const query = queryOf(state, 0);
  return {
    name: fileNameOf({ ...state, severity: [], where: [], whereNot: [] }),
    words: ['dead letter', 'dead letters'],
    async *count(patience) {
      let [count, pages] = [0, 0];
      for await (const { letters, hasOlder } of readDeadLetters(client, query, patience)) {
        count += letters.length;
        pages += 1;
        yield { count, isWhole: !hasOlder };
        if (pages === MOST_PAGES) return;
      }
    },
    async *pages(patience) {
      for await (const { letters } of readDeadLetters(client, query, patience)) yield letters;
    },
    instantOf: ({ refusedAt }) => refusedAt,
    ndjson: { head: '', lineOf: (letter) => `${JSON.stringify(letter)}\n` },
    csv: {
      head: csvRow(['refusedAt', 'reasons', 'sender', 'record']),
      lineOf: (letter) => csvRow([letter.refusedAt, reasonsOf(letter), letter.sender, letter.raw]),
    },
  };
}

async function* countOf(
  client: LogClient,
  query: ReturnType<typeof queryOf> & { from: string },
  patience: Patience,
): AsyncGenerator<Count> {
  const from = millisecondsOf(query.from);
  for await (const { buckets, completeFrom } of readCounts(client, query, LONG_STEP, patience)) {
    let count = 0;
    for (const bucket of buckets.values()) for (const severity of SEVERITIES) count += bucket[severity];
    yield { count, isWhole: completeFrom <= from };
  }
}
