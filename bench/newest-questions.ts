import { hash } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Severity } from '../entities/entry.ts';
import { instantAt } from '../entities/instant.ts';
import { createLogReader, type LogReader } from '../entities/read/log-reader.ts';
import type { ReadCost } from './engine.ts';
import { createLogTable, queryUnsharded, SHARDS, spreadFully } from './log-table.ts';
import { typicalEntry } from './typical-entry.ts';

/** Entries of a page. */
const LIMIT = 100;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One entry in this many of the long log is an error. */
const ERROR_EVERY = 10_000;
const LONG_LOG_DAYS = 400;

/** What a question cost each time it was asked, and what the same page costs in one partition. */
export interface Answer {
  question: string;
  log: string;
  costs: ReadCost[];
  floor?: ReadCost[];
}

export interface Bench {
  client: DynamoDBClient;
  measure(read: () => Promise<unknown>): Promise<ReadCost>;
}

/** Midnight (UTC) of yesterday. A log that ends on that day lies in the past. */
const yesterday = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;

/** An entry per second on one shard. Every question is the first of its process. */
export async function askQuietLog({ client, measure }: Bench): Promise<Answer> {
  const table = 'quiet';
  const append = await createLogTable(client, table);
  const noon = yesterday + DAY_MS / 2;
  await append(range(1_200).map((at) => infoEntry(noon - at * SECOND_MS)));
  const instants = range(100).map((at) => noon - at * 5 * SECOND_MS);
  return {
    question: `newest ${LIMIT}, new process`,
    log: 'an entry per second, one shard',
    costs: await each(instants, (at) => measure(() => newest(readerOf(client, table), at))),
    floor: await each(instants, (at) => measure(() => unsharded(client, table, at))),
  };
}

/** Two entries per day over 60 days. Every question is the first of its process. */
export async function askSparseLog({ client, measure }: Bench): Promise<Answer> {
  const table = 'sparse';
  const append = await createLogTable(client, table);
  const days = range(60).map((at) => yesterday - at * DAY_MS);
  await append(days.flatMap((day) => [infoEntry(day + 8 * HOUR_MS), infoEntry(day + 20 * HOUR_MS)]));
  const instants = range(24).map((hour) => yesterday + hour * HOUR_MS + 30 * MINUTE_MS);
  return {
    question: `newest ${LIMIT}, new process`,
    log: 'two entries per day over 60 days',
    costs: await each(instants, (at) => measure(() => newest(readerOf(client, table), at))),
    floor: await each(instants, (at) => measure(() => unsharded(client, table, at))),
  };
}

/** An entry per second over all shards of a day. The process has read once before. */
export async function askSpreadLog({ client, measure }: Bench): Promise<Answer> {
  const table = 'spread';
  const append = await createLogTable(client, table);
  const noon = yesterday + DAY_MS / 2;
  await spreadFully(client, append, new Date(yesterday).toISOString());
  await append(range(10_000).map((at) => infoEntry(noon - at * SECOND_MS)));
  const instants = range(300).map((at) => noon - at * 30 * SECOND_MS);
  const reader = readerOf(client, table);
  await newest(reader, noon);
  return {
    question: `newest ${LIMIT}, warm process`,
    log: `an entry per second, ${SHARDS} shards`,
    costs: await each(instants, (at) => measure(() => newest(reader, at))),
    floor: await each(instants, (at) => measure(() => unsharded(client, table, at))),
  };
}

/** A log over 400 days that grows from 10,000 to 1,000,000 entries. `errors` is the answer of the larger log. */
export async function askLongLog({ client, measure }: Bench) {
  const table = 'long';
  const append = await createLogTable(client, table);
  const end = yesterday + DAY_MS;
  const aYearAgo = end - 365 * DAY_MS;
  const tenMinutes = { from: instantAt(aYearAgo), below: instantAt(aYearAgo + 10 * MINUTE_MS), limit: LIMIT };
  let held = 0;
  function* entriesUpTo(size: number) {
    for (; held < size; held++) {
      const severity = held % ERROR_EVERY === ERROR_EVERY / 2 ? 'error' : 'info';
      yield { ...infoEntry(end - evenly(held) * LONG_LOG_DAYS * DAY_MS, String(held)), severity } as const;
    }
  }

  async function askAt(size: number) {
    await append(entriesUpTo(size));
    const log = `${size.toLocaleString('en')} entries over ${LONG_LOG_DAYS} days`;
    const instants = range(300).map((at) => end - evenly(at) * (LONG_LOG_DAYS / 2) * DAY_MS);
    const reader = readerOf(client, table);
    const all: Answer = {
      question: `newest ${LIMIT}, warm process`,
      log,
      costs: await each(instants, (at) => measure(() => newest(reader, at))),
      floor: await each(instants, (at) => measure(() => unsharded(client, table, at))),
    };
    const errors: Answer = {
      question: `newest ${LIMIT} errors, one in ${ERROR_EVERY.toLocaleString('en')}, new process`,
      log,
      costs: await each(range(5), () => measure(() => newest(readerOf(client, table), end, ['error']))),
    };
    const window: Answer = {
      question: '10 minutes a year ago, new process',
      log,
      costs: await each(range(5), () =>
        measure(() => readerOf(client, table).newest(tenMinutes, () => true)),
      ),
    };
    return { log, all, errors, window };
  }

  const small = await askAt(10_000);
  const scan: Answer = {
    question: `newest ${LIMIT}, scan and sort`,
    log: small.log,
    costs: await each(range(5), () => measure(() => scanAndSort(client, table))),
  };
  const large = await askAt(1_000_000);
  const answers = [small.all, large.all, scan, small.errors, large.errors, small.window, large.window];
  return { answers, errors: large.errors };
}

function readerOf(client: DynamoDBClient, table: string): LogReader {
  return createLogReader({ client, table });
}

function newest(reader: LogReader, at: number, severities?: Severity[]): Promise<unknown> {
  return reader.newest({ below: instantAt(at), limit: LIMIT, severities }, () => true);
}

function unsharded(client: DynamoDBClient, table: string, at: number): Promise<unknown> {
  return queryUnsharded(client, table, LIMIT, instantAt(at));
}

/** What the newest entries cost without an index by time. */
async function scanAndSort(client: DynamoDBClient, table: string): Promise<void> {
  const positions: string[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: from }));
    for (const { sk } of page.Items ?? []) positions.push(sk?.S ?? '');
    from = page.LastEvaluatedKey;
  } while (from);
  positions.sort().reverse().slice(0, LIMIT);
}

/** An id that depends on `key` alone puts the entry into the same shard in every run. */
function infoEntry(at: number, key = String(at)) {
  const id = hash('sha256', key).slice(0, 36);
  return typicalEntry({ id, datetime: new Date(at).toISOString(), severity: 'info' });
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** A sequence whose first numbers are spread evenly over 0 to 1, in no order, however many are used. */
function evenly(at: number): number {
  return (at * GOLDEN_RATIO) % 1;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

/** One after the other, so that questions do not disturb each other. */
async function each(items: number[], ask: (item: number) => Promise<ReadCost>): Promise<ReadCost[]> {
  const costs: ReadCost[] = [];
  for (const item of items) costs.push(await ask(item));
  return costs;
}
