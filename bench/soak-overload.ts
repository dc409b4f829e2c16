import { setTimeout as delay } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { deliver, read, type Service, startService, usageOf } from './service.ts';
import { percentile } from './statistics.ts';
import { typicalEntries } from './typical-entry.ts';

// npx tsx bench/soak-overload.ts bulk 8 32 64   clients that each post 19,990 entries at once
// npx tsx bench/soak-overload.ts mixed 4 32 256   clients that post 500 entries and read, over and over
// npx tsx bench/soak-overload.ts mixed-gzip 32    the same, compressed; also mixed-deflate
// All clients must be acknowledged, all reads answered 200 meanwhile, and memory must stay bounded. Small writes must
// not take longer because the others are compressed.

const BULK_ENTRIES = 19_990;
const MIXED_ENTRIES = 500;
const MIXED_MS = 60_000;
const LOOK_MS = 250;

interface Load {
  posts: number;
  tries: number;
  /** Times of reads, in milliseconds. */
  reads: number[];
  /** Times of posts of one entry, in milliseconds. */
  smallPosts: number[];
  readsRefused: number;
  memoryMib: number;
  seconds: number;
}

const [mode, ...counts] = process.argv.slice(2);
const run = {
  bulk,
  mixed: mixed((json) => Buffer.from(json), {}),
  'mixed-gzip': mixed(gzipSync, { 'Content-Encoding': 'gzip' }),
  'mixed-deflate': mixed(deflateSync, { 'Content-Encoding': 'deflate' }),
}[String(mode)];
if (!run) {
  console.error('Usage: npx tsx bench/soak-overload.ts bulk|mixed|mixed-gzip|mixed-deflate <clients> ...');
  process.exit(2);
}
console.log(
  '| clients | posts acknowledged | tries | seconds | reads | not 200 | p50 ms | p95 ms | most ms | small posts | p50 ms | p99 ms | memory MiB |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const clients of counts.map(Number)) {
  const service = await startService();
  const load: Load = {
    posts: 0,
    tries: 0,
    reads: [],
    smallPosts: [],
    readsRefused: 0,
    memoryMib: 0,
    seconds: 0,
  };
  const start = performance.now();
  const watching = new AbortController();
  const watched = watch(service, load, watching.signal);
  await run(service, clients, load);
  load.seconds = (performance.now() - start) / 1_000;
  watching.abort();
  await watched;
  print(clients, load);
  await service.stop();
}

async function bulk(service: Service, clients: number, load: Load): Promise<void> {
  // Made first, because this process cannot read while it makes them.
  const bodies = Array.from({ length: clients }, () =>
    JSON.stringify(typicalEntries(BULK_ENTRIES).map(shortened)),
  );
  let isOver = false;
  const reader = (async () => {
    while (!isOver) {
      await readOnce(service, load);
      await delay(100);
    }
  })();
  await Promise.all(bodies.map((body) => post(service, body, load)));
  isOver = true;
  await reader;
}

function mixed(compress: (json: string) => Buffer<ArrayBuffer>, headers: Record<string, string>) {
  return async (service: Service, clients: number, load: Load): Promise<void> => {
    const end = performance.now() + MIXED_MS;
    const client = async () => {
      while (performance.now() < end) {
        await post(service, compress(JSON.stringify(typicalEntries(MIXED_ENTRIES))), load, headers);
        await readOnce(service, load);
      }
    };
    // Reads and small posts continue while others have to wait.
    const others = async () => {
      while (performance.now() < end) {
        await readOnce(service, load);
        const start = performance.now();
        await deliver(service, JSON.stringify(typicalEntries(1)));
        load.smallPosts.push(performance.now() - start);
        await delay(100);
      }
    };
    await Promise.all(Array.from({ length: clients }, () => Promise.all([client(), others()])));
  };
}

async function post(
  service: Service,
  body: string | Buffer<ArrayBuffer>,
  load: Load,
  headers: Record<string, string> = {},
): Promise<void> {
  const tries = await deliver(service, body, headers);
  load.tries += tries;
  load.posts++;
}

async function readOnce(service: Service, load: Load): Promise<void> {
  const { status, milliseconds } = await read(service);
  load.reads.push(milliseconds);
  if (status !== 200) load.readsRefused++;
}

async function watch(service: Service, load: Load, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    load.memoryMib = Math.max(load.memoryMib, (await usageOf(service)).memoryMib);
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Shortened, BULK_ENTRIES fit into the 4.4 MB that a body may have. */
function shortened<Entry extends { message: string }>(entry: Entry): Entry {
  return { ...entry, message: entry.message.slice(0, 80) };
}

function print(clients: number, load: Load): void {
  const { posts, tries, seconds, reads, readsRefused, smallPosts, memoryMib } = load;
  const times = [0.5, 0.95, 1].map((part) => Math.round(percentile(reads, part)));
  const small = [0.5, 0.99].map((part) =>
    smallPosts.length > 0 ? Math.round(percentile(smallPosts, part)) : '-',
  );
  const row = [clients, posts, tries, seconds.toFixed(0), reads.length, readsRefused, ...times];
  console.log(`| ${[...row, smallPosts.length, ...small, memoryMib].join(' | ')} |`);
}
