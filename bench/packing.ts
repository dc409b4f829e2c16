import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKINGS, type Packing } from '../entities/table.ts';
import type { ReadCost } from './engine.ts';
import { askPackedLogs, type ReadAnswer } from './packing-reads.ts';
import { tableOfWrites, writeCosts } from './packing-writes.ts';
import { BATCH_MS, realisticEntries } from './realistic-entries.ts';
import type { Section } from './report.ts';
import { secondsToPost, startService } from './service.ts';
import { interleave, median, medianRatio } from './statistics.ts';
import { startVariant } from './variant-process.ts';

const REQUEST_SIZES = [1, 10, 100, 500];
const ROUNDS = { rounds: 5, warmUp: 1 };

/** Entries of a measurement of CPU, and of HTTP. */
const ENTRIES = 5_000;
const REQUESTS_IN_FLIGHT = 4;

/** What packing changes: write units, bytes, CPU and speed of ingest, and requests and read units of pages. */
export async function measure(): Promise<Section> {
  const writes = [];
  for (const perRequest of REQUEST_SIZES) writes.push(...(await writeCosts(perRequest)));
  const sizes = await tableOfWrites();
  const cpu = await cpuRatios();
  const http = await httpRates();
  const reads = await askPackedLogs();
  const packed100 = writes.find(({ perRequest, packing }) => perRequest === 100 && packing === 'all');
  const httpTimes = http.all / http.off;
  const packedReads = reads.filter(({ packing }) => packing === 'all');
  return {
    title: 'Packing: off, info and all side by side',
    text: `Entries as services write them: access lines, JSON lines, stack traces, with UUIDs as ids; 365 bytes of JSON and one error in 20, unless stated otherwise. A request has the entries of ${BATCH_MS / 1_000} seconds at a random phase. Write units and bytes are of the table and its indexes together. Where pages are read, shippers send 100 entries at once, or what they have after 5 seconds, at random phases. Requests, round trips and read units are medians.`,
    tables: [
      {
        columns: [
          'entries per request',
          'packing',
          'write units / entry',
          'bytes stored / entry',
          'CPU / off',
        ],
        rows: writes.map(({ perRequest, packing, writeUnits, bytes }) => [
          perRequest,
          packing,
          writeUnits.toFixed(3),
          Math.round(bytes),
          (cpu[packing][perRequest] ?? Number.NaN).toFixed(2),
        ]),
      },
      sizes,
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

function units(read: ReadAnswer['newest']): number {
  return median(read.map(({ readUnits }) => readUnits));
}

function costs(read: ReadCost[]): string {
  return (['requests', 'roundTrips', 'readUnits'] as const)
    .map((count) => median(read.map((cost) => cost[count])))
    .join(', ');
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
