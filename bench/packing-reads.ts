import { randomInt } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { instantAt } from '../entities/instant.ts';
import { createLogReader } from '../entities/read/log-reader.ts';
import { PACKINGS, type Packing } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { meter, type ReadCost, startEngine } from './engine.ts';
import { BATCH_MS, realisticEntry } from './realistic-entries.ts';
import { checked } from './typical-entry.ts';

const LIMIT = 100;
const RATES = [20, 200, 2_000];
const SHIPPERS = [1, 10, 100];

/** A shipper sends after this many entries or BATCH_MS, whichever comes first. */
const ENTRIES_OF_BATCH = 100;

/** Long enough for a page of the newest entries and for a page below an instant in the middle. */
const LOG_MS = 30_000;

const QUESTIONS = 5;

/** The end of the log: the middle of yesterday, so that it stays within a day. */
const NOON = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;

export interface ReadAnswer {
  rate: number;
  shippers: number;
  packing: Packing;
  newest: ReadCost[];
  below: ReadCost[];
  /** Of an entry by its id, wherever it is in the log. */
  byId: ReadCost[];
}

/** What a page costs, by the rate of the log and the number of shippers that write it. */
export async function askPackedLogs(): Promise<ReadAnswer[]> {
  const { client, stop } = await startEngine();
  const measure = meter(client);
  const answers: ReadAnswer[] = [];
  for (const rate of RATES)
    for (const shippers of SHIPPERS)
      for (const packing of PACKINGS) {
        // Without packing, rows do not depend on who sent them.
        if (packing === 'off' && shippers > 1) continue;
        const table = `packing-${packing}-${rate}-${shippers}`;
        const ids = await writeLog(client, { table, rate, shippers, packing });
        answers.push({ rate, shippers, packing, ...(await askLog(client, table, ids, measure)) });
      }
  await stop();
  return answers;
}

/** Each question is asked by a reader that has read once before. */
async function askLog(
  client: DynamoDBClient,
  table: string,
  ids: string[],
  measure: ReturnType<typeof meter>,
) {
  const reader = createLogReader({ client, table });
  const newest = () => reader.newest({ limit: LIMIT, below: instantAt(NOON) }, () => true);
  const newestCosts = await repeat(newest, measure);
  const belowReader = createLogReader({ client, table });
  let at = 0;
  const below = () =>
    belowReader.newest({ limit: LIMIT, below: instantAt(NOON - 15_000 - 777 * at++) }, () => true);
  const byId = () => reader.withId(ids[randomInt(ids.length)] ?? '', { limit: LIMIT }, () => true);
  return { newest: newestCosts, below: await repeat(below, measure), byId: await repeat(byId, measure) };
}

async function repeat(ask: () => Promise<unknown>, measure: ReturnType<typeof meter>): Promise<ReadCost[]> {
  await ask();
  const costs: ReadCost[] = [];
  for (let at = 0; at < QUESTIONS; at++) costs.push(await measure(ask));
  return costs;
}

interface Log {
  table: string;
  rate: number;
  shippers: number;
  packing: Packing;
}

/**
 * Shippers take turns at random phases. A batch that is not complete at the end of the log is not sent yet.
 * @returns the ids of the log
 */
async function writeLog(client: DynamoDBClient, { table, rate, shippers, packing }: Log): Promise<string[]> {
  const ids: string[] = [];
  await createTableIfAbsent(client, table);
  const writer = createLogWriter({ client, table, shards: 1, retentionDays: 3_650, packing });
  const gap = (1_000 * shippers) / rate;
  const batchMs = Math.min(ENTRIES_OF_BATCH * gap, Math.max(BATCH_MS, gap));
  for (let shipper = 0; shipper < shippers; shipper++) {
    const firstEnd = NOON - (batchMs * shipper) / shippers;
    for (let end = firstEnd; end > NOON - LOG_MS; end -= batchMs) {
      const entries = [];
      for (let at = end - gap; at > end - batchMs - gap / 2 && at > NOON - LOG_MS; at -= gap)
        entries.push(checked(realisticEntry(new Date(at).toISOString())));
      ids.push(...entries.map(({ id }) => id));
      const { unstored, cause } = await writer.appendEntries(entries, AbortSignal.timeout(60_000));
      if (unstored.length > 0) throw new Error('The log could not be written', { cause });
    }
  }
  return ids;
}
