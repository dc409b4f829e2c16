import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PACKINGS, type Packing, TABLE } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import type { ReadCost } from './engine.ts';
import { askPackedLogs, type ReadAnswer } from './packing-reads.ts';
import { realisticEntries } from './realistic-entries.ts';
import type { Section } from './report.ts';
import { secondsToPost, startService } from './service.ts';
import { interleave, median, medianRatio } from './statistics.ts';
import { itemBytes } from './stored-bytes.ts';
import { checked } from './typical-entry.ts';
import { startVariant } from './variant-process.ts';

const REQUEST_SIZES = [1, 10, 100, 500];
const ROUNDS = { rounds: 5, warmUp: 1 };

/** Bytes of one write unit, and of the overhead that DynamoDB charges for the storage of an item. */
const WRITE_UNIT_BYTES = 1_024;
const STORAGE_OVERHEAD_BYTES = 100;

/** Entries of a measurement of write units and bytes, of CPU, and of HTTP. */
const ENTRIES = 5_000;
const REQUESTS_IN_FLIGHT = 4;

/** What packing changes: write units, bytes, CPU and speed of ingest, and requests and read units of pages. */
export async function measure(): Promise<Section> {
  const writes = await writeCosts();
  const cpu = await cpuRatios();
  const http = await httpRates();
  const reads = await askPackedLogs();
  const packed100 = writes.find(({ size, packing }) => size === 100 && packing === 'info');
  const httpTimes = http.info / http.off;
  const newestUnits = reads.filter(({ packing }) => packing === 'info').map(({ newest }) => units(newest));
  return {
    title: 'Packing: off and info side by side',
    text: 'Entries as services write them: access lines, JSON lines, stack traces, with UUIDs as ids; one in 20 is an error. Write units and bytes are of the table and its indexes together. Shippers send 100 entries at once, or what they have after 5 seconds, at random phases. Requests, round trips and read units are medians.',
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
          writeUnits.toFixed(2),
          Math.round(bytes),
          packing === 'off' ? '1.00' : (cpu[size] ?? Number.NaN).toFixed(2),
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
        ],
        rows: reads.map(({ rate, shippers, packing, newest, below }) => [
          rate.toLocaleString('en'),
          packing === 'off' ? 'any' : shippers,
          packing,
          costs(newest),
          costs(below),
        ]),
      },
    ],
    ratios: [
      { name: 'CPU, packed / off, 100 per request', value: cpu[100] ?? Number.NaN },
      { name: 'HTTP, packed / off, 100 per request', value: httpTimes },
    ],
    goals: [
      {
        name: 'Packed, 100 per request',
        measured: packed100?.writeUnits ?? Number.NaN,
        unit: 'write units an entry',
        atMost: 0.25,
      },
      {
        name: 'Packed, 100 per request',
        measured: cpu[100] ?? Number.NaN,
        unit: 'times the CPU of off',
        atMost: 0.75,
      },
      {
        name: 'Packed, 100 per request',
        measured: httpTimes,
        unit: 'times the entries / s of off',
        atLeast: 3,
      },
      { name: 'Packed, newest 100', measured: Math.max(...newestUnits), unit: 'read units', atMost: 41 },
    ],
  };
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
async function writeCosts() {
  const results: { size: number; packing: Packing; writeUnits: number; bytes: number }[] = [];
  for (const size of REQUEST_SIZES)
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
        await writer.appendEntries(realisticEntries(size).map(checked), AbortSignal.timeout(10_000));
      results.push({ size, packing, writeUnits: writeUnits / ENTRIES, bytes: bytes / ENTRIES });
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

/** CPU of ingest from event to response, as a ratio of packed to unpacked, by entries per request. */
async function cpuRatios(): Promise<Record<number, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-packing-'));
  const [off, info] = await Promise.all(
    PACKINGS.map(async (packing) => {
      const own = await mkdtemp(join(folder, packing));
      return startVariant(own, 'realistic', 'off', { PACKING: packing });
    }),
  );
  const ratios: Record<number, number> = {};
  for (const perRequest of REQUEST_SIZES) {
    const entries = perRequest === 1 ? 1_000 : ENTRIES;
    const cpuOf = (variant: typeof off) => async () =>
      (await variant?.measure({ entries, perRequest }))?.cpuMilliseconds ?? Number.NaN;
    const samples = await interleave({ off: cpuOf(off), info: cpuOf(info) }, ROUNDS);
    ratios[perRequest] = medianRatio(samples.info, samples.off);
  }
  off?.stop();
  info?.stop();
  await rm(folder, { recursive: true });
  return ratios;
}

/** Entries per second that `npm start` takes. */
async function httpRates(): Promise<Record<Packing, number>> {
  const services = await Promise.all(PACKINGS.map((PACKING) => startService({ PACKING })));
  const [off, info] = services.map((service) => () => {
    const bodies = Array.from({ length: ENTRIES / 100 }, () => JSON.stringify(realisticEntries(100)));
    return secondsToPost(service, bodies, REQUESTS_IN_FLIGHT);
  });
  if (!off || !info) throw new Error('Two services were expected');
  const seconds = await interleave({ off, info }, ROUNDS);
  await Promise.all(services.map(({ stop }) => stop()));
  return { off: ENTRIES / median(seconds.off), info: ENTRIES / median(seconds.info) };
}
