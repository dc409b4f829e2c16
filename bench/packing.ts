import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PACKINGS, type Packing, TABLE } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import type { ReadCost } from './engine.ts';
import { askPackedLogs, type ReadAnswer } from './packing-reads.ts';
import { BATCH_MS, realisticEntries } from './realistic-entries.ts';
import type { Section } from './report.ts';
import { secondsToPost, startService } from './service.ts';
import { interleave, median, medianRatio } from './statistics.ts';
import { itemBytes } from './stored-bytes.ts';
import { checked } from './typical-entry.ts';
import { startVariant } from './variant-process.ts';

const REQUEST_SIZES = [1, 10, 100, 500];
const ERROR_SHARES = [0.01, 0.05, 0.15, 0.5];
const ROUNDS = { rounds: 5, warmUp: 1 };

/** Bytes of one write unit, and of the overhead that DynamoDB charges for the storage of an item. */
const WRITE_UNIT_BYTES = 1_024;
const STORAGE_OVERHEAD_BYTES = 100;

/** Entries of a measurement of write units and bytes, of CPU, and of HTTP. */
const ENTRIES = 5_000;
const REQUESTS_IN_FLIGHT = 4;

/** What packing changes: write units, bytes, CPU and speed of ingest, and requests and read units of pages. */
export async function measure(): Promise<Section> {
  const writes = await writeCosts(REQUEST_SIZES, [0.05]);
  const shares = await writeCosts([100, 500], ERROR_SHARES);
  const cpu = await cpuRatios();
  const http = await httpRates();
  const reads = await askPackedLogs();
  const packed100 = writes.find(({ size, packing }) => size === 100 && packing === 'all');
  const httpTimes = http.all / http.off;
  const packedReads = reads.filter(({ packing }) => packing === 'all');
  return {
    title: 'Packing: off, info and all side by side',
    text: `Entries as services write them: access lines, JSON lines, stack traces, with UUIDs as ids; one in 20 is an error, unless stated otherwise. A request has the entries of ${BATCH_MS / 1_000} seconds at a random phase. Write units and bytes are of the table and its indexes together. Where pages are read, shippers send 100 entries at once, or what they have after 5 seconds, at random phases. Requests, round trips and read units are medians.`,
    tables: [
      {
        columns: [
          'entries per request',
          'packing',
          'write units / entry',
          'bytes stored / entry',
          'CPU / off',
        ],
        rows: writes.map(({ size, packing, writeUnits, bytes }) => [
          size,
          packing,
          writeUnits.toFixed(3),
          Math.round(bytes),
          (cpu[packing][size] ?? Number.NaN).toFixed(2),
        ]),
      },
      {
        columns: [
          'entries per request',
          'errors',
          'packing',
          'write units / entry',
          'bytes stored / entry',
          '$ a million, 30 days kept',
        ],
        rows: shares.map(({ size, errors, packing, writeUnits, bytes }) => [
          size,
          `${errors * 100} %`,
          packing,
          writeUnits.toFixed(3),
          Math.round(bytes),
          dollarsOfMillion(writeUnits, bytes).toFixed(2),
        ]),
      },
      {
        columns: ['packing', 'entries / s over HTTP, 100 per request'],
        rows: PACKINGS.map((packing) => [packing, Math.round(http[packing]).toLocaleString('en')]),
      },
      {
        columns: [
          'entries / s',
          'shippers',
          'packing',
          'newest 100: requests, rounds, read units',
          '100 below an instant',
          'one id',
        ],
        rows: reads.map(({ rate, shippers, packing, newest, below, byId }) => [
          rate.toLocaleString('en'),
          packing === 'off' ? 'any' : shippers,
          packing,
          costs(newest),
          costs(below),
          costs(byId),
        ]),
      },
    ],
    ratios: [
      { name: 'CPU, packed / off, 100 per request', value: cpu.all[100] ?? Number.NaN },
      { name: 'HTTP, packed / off, 100 per request', value: httpTimes },
    ],
    goals: [
      {
        name: 'Packed, 100 per request',
        measured: packed100?.writeUnits ?? Number.NaN,
        unit: 'write units an entry',
        atMost: 0.12,
      },
      {
        name: 'Packed, 100 per request',
        measured: packed100?.bytes ?? Number.NaN,
        unit: 'bytes an entry',
        atMost: 100,
      },
      {
        name: 'Packed, 100 per request',
        measured: cpu.all[100] ?? Number.NaN,
        unit: 'times the CPU of off',
        atMost: 0.75,
      },
      {
        name: 'Packed, 100 per request',
        measured: httpTimes,
        unit: 'times the entries / s of off',
        atLeast: 3,
      },
      {
        name: 'Packed, newest 100',
        measured: Math.max(...packedReads.map(({ newest }) => units(newest))),
        unit: 'read units',
        atMost: 41,
      },
      {
        name: 'Packed, 100 below an instant',
        measured: Math.max(...packedReads.map(({ below }) => units(below))),
        unit: 'read units',
        atMost: 80,
      },
    ],
  };
}

/** List prices of us-east-1: a million write units on demand, and a GB for a month, stored and recoverable. */
const WRITE_DOLLARS = 0.625;
const STORAGE_DOLLARS = 0.25 + 0.2;

/** What it costs to write a million entries and to keep them for a month. */
function dollarsOfMillion(writeUnits: number, bytes: number): number {
  return writeUnits * WRITE_DOLLARS + (bytes / 1_000) * STORAGE_DOLLARS;
}

function units(read: ReadAnswer['newest']): number {
  return median(read.map(({ readUnits }) => readUnits));
}

function costs(read: ReadCost[]): string {
  return (['requests', 'roundTrips', 'readUnits'] as const)
    .map((count) => median(read.map((cost) => cost[count])))
    .join(', ');
}

/** Write units and stored bytes of an entry, counted on the items that the writer sends. */
async function writeCosts(sizes: number[], shares: number[]) {
  const results: { size: number; errors: number; packing: Packing; writeUnits: number; bytes: number }[] = [];
  for (const size of sizes)
    for (const errors of shares)
      for (const packing of PACKINGS) {
        let writeUnits = 0;
        let bytes = 0;
        const client = countingClient((item) => {
          const copies = [TABLE, ...Object.values(TABLE.indexes)].filter(
            ({ partitionKey }) => partitionKey in item,
          );
          const itemSize = itemBytes(item);
          writeUnits += copies.length * Math.ceil(itemSize / WRITE_UNIT_BYTES);
          bytes += copies.length * (itemSize + STORAGE_OVERHEAD_BYTES);
        });
        const writer = createLogWriter({ client, table: 'logs', shards: 1, retentionDays: 30, packing });
        for (let sent = 0; sent < ENTRIES; sent += size)
          await writer.appendEntries(
            realisticEntries(size, errors).map(checked),
            AbortSignal.timeout(10_000),
          );
        results.push({ size, errors, packing, writeUnits: writeUnits / ENTRIES, bytes: bytes / ENTRIES });
      }
  return results;
}

/** A client that stores nothing. */
function countingClient(count: (item: Record<string, AttributeValue>) => void): DynamoDBClient {
  const send = async ({ input }: BatchWriteItemCommand) => {
    for (const { PutRequest } of Object.values(input.RequestItems ?? {}).flat())
      count(PutRequest?.Item ?? {});
    return {};
  };
  return { send } as unknown as DynamoDBClient;
}

/** CPU of ingest from event to response, as ratios to unpacked, by packing and entries per request. */
async function cpuRatios(): Promise<Record<Packing, Record<number, number>>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-packing-'));
  const variants = await mapPackings(async (packing) => {
    const own = await mkdtemp(join(folder, packing));
    return startVariant(own, 'realistic', 'off', { PACKING: packing });
  });
  const ratios: Record<Packing, Record<number, number>> = { off: {}, info: {}, all: {} };
  for (const perRequest of REQUEST_SIZES) {
    const entries = perRequest === 1 ? 1_000 : ENTRIES;
    const cpuOf = (packing: Packing) => async () =>
      (await variants[packing].measure({ entries, perRequest })).cpuMilliseconds;
    const samples = await interleave({ off: cpuOf('off'), info: cpuOf('info'), all: cpuOf('all') }, ROUNDS);
    for (const packing of PACKINGS) ratios[packing][perRequest] = medianRatio(samples[packing], samples.off);
  }
  for (const packing of PACKINGS) variants[packing].stop();
  await rm(folder, { recursive: true });
  return ratios;
}

/** Entries per second that `npm start` takes. */
async function httpRates(): Promise<Record<Packing, number>> {
  const services = await mapPackings((PACKING) => startService({ PACKING }));
  const post = (packing: Packing) => () => {
    const bodies = Array.from({ length: ENTRIES / 100 }, () => JSON.stringify(realisticEntries(100)));
    return secondsToPost(services[packing], bodies, REQUESTS_IN_FLIGHT);
  };
  const seconds = await interleave({ off: post('off'), info: post('info'), all: post('all') }, ROUNDS);
  for (const packing of PACKINGS) await services[packing].stop();
  return mapPackings(async (packing) => ENTRIES / median(seconds[packing]));
}

async function mapPackings<Value>(
  make: (packing: Packing) => Promise<Value>,
): Promise<Record<Packing, Value>> {
  const [off, info, all] = await Promise.all([make('off'), make('info'), make('all')]);
  return { off, info, all };
}
