import { setTimeout as delay } from 'node:timers/promises';
import { deliver, read, startService, usageOf } from './service.ts';
import { percentile } from './statistics.ts';
import { typicalEntries } from './typical-entry.ts';

// npx tsx bench/soak-steady.ts [minutes]
// Reads and writes at a steady load and prints what the server uses, minute by minute. After the first minute, memory
// and open files must stay level, and the data must grow only by what is stored.

const MINUTES = Number(process.argv[2] ?? 10);
const WRITERS = 2;
const READERS = 4;
const ENTRIES_PER_REQUEST = 100;
/** The pause of a writer between requests. It keeps the data small. */
const WRITE_EVERY_MS = 200;

const service = await startService();
const end = performance.now() + MINUTES * 60_000;
const isOn = () => performance.now() < end;
let stored = 0;
let refused = 0;
let latencies: number[] = [];

async function write(): Promise<void> {
  while (isOn()) {
    await deliver(service, JSON.stringify(typicalEntries(ENTRIES_PER_REQUEST)));
    stored += ENTRIES_PER_REQUEST;
    await delay(WRITE_EVERY_MS);
  }
}

async function readOn(): Promise<void> {
  const paths = ['/logs', '/logs?severity=error', '/logs?contains=orders&limit=10', '/logs?limit=1000'];
  for (let at = 0; isOn(); at++) {
    const { status, milliseconds } = await read(service, paths[at % paths.length]);
    if (status !== 200) refused++;
    latencies.push(milliseconds);
  }
}

async function report(): Promise<void> {
  console.log(
    '| minute | entries | reads | not 200 | p95 ms | memory MiB | open files | data MiB | data files |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (let minute = 1; minute <= MINUTES; minute++) {
    await delay(60_000);
    const { memoryMib, openFiles, dataMib, dataFiles } = await usageOf(service);
    const row = [minute, stored, latencies.length, refused, Math.round(percentile(latencies, 0.95))];
    console.log(`| ${[...row, memoryMib, openFiles, dataMib, dataFiles].join(' | ')} |`);
    latencies = [];
  }
}

await Promise.all([
  report(),
  ...Array.from({ length: WRITERS }, write),
  ...Array.from({ length: READERS }, readOn),
]);
await service.stop();
