import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Section } from './report.ts';
import { interleave, median, medianRatio } from './statistics.ts';
import { MESSAGE_BYTES } from './typical-entry.ts';
import { startVariant, type VariantProcess } from './variant-process.ts';

/** Entries per request, unless stated otherwise. */
const PER_REQUEST = 500;

const ROUNDS = { rounds: 25, warmUp: 4 };

const REQUEST_SIZES = [1, 25, 100, 500, 5_000];

/** Each variant, and how many entries take about 100 ms, which is one sample. */
const VARIANTS = {
  floor: { title: 'SDK, BatchWriteItem of items built by hand (the floor)', entries: 5_000 },
  ours: { title: '**POST /logs, from event to response**', entries: 5_000 },
  watched: { title: 'POST /logs with ten watches', entries: 5_000 },
  sampled: { title: 'the same in a request that X-Ray samples', entries: 5_000 },
  attributes: { title: 'POST /logs of entries with attributes, a line each', entries: 5_000 },
  loggers: { title: '**POST /v1/json of the same entries, as pino writes them**', entries: 5_000 },
  electroBatchPut: { title: 'ElectroDB, batch put, no HTTP', entries: 4_000 },
  conditionalPuts: { title: 'SDK, a conditional put per entry, no HTTP', entries: 1_000 },
};

/** Seven watches of what goes wrong, as most are, and three of all severities. */
const WATCHES = JSON.stringify(
  Object.fromEntries(
    [
      ...['refused', 'timed out', 'no space left', 'out of memory', 'declined', 'denied', 'rolled back'].map(
        (text) => ({ severities: ['warning', 'error'], contains: [text], textCase: 'smart' }),
      ),
      { contains: ['card declined'] },
      { contains: ['retrying in'], excludes: ['attempt 1'] },
      { attributes: [{ name: 'service.name', text: 'checkout' }] },
    ].map((filter, at) => [`watch-${at}`, filter]),
  ),
);

type Name = keyof typeof VARIANTS;
const NAMES = Object.keys(VARIANTS) as Name[];

/** The CPU time that an entry takes, from the event of API Gateway to the response. */
export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-cpu-'));
  const processes: Record<Name, VariantProcess> = {
    floor: await startVariant(folder, 'batchWrite'),
    ours: await startVariant(folder, 'json'),
    watched: await startVariant(folder, 'json', 'off', { WATCHES }),
    sampled: await startVariant(folder, 'json', 'sampled'),
    attributes: await startVariant(folder, 'attributes'),
    loggers: await startVariant(folder, 'pino'),
    electroBatchPut: await startVariant(folder, 'electroBatchPut'),
    conditionalPuts: await startVariant(folder, 'conditionalPuts'),
  };
  const per1000 = (name: Name, entries: number, perRequest: number) => async () =>
    (await processes[name].measure({ entries, perRequest })).cpuMilliseconds / (entries / 1_000);
  try {
    const samples = await interleave(
      mapNames((name) => per1000(name, VARIANTS[name].entries, PER_REQUEST)),
      ROUNDS,
    );
    const sizes = await interleave(
      Object.fromEntries(
        REQUEST_SIZES.map((size) => [String(size), per1000('ours', size === 1 ? 1_000 : 5_000, size)]),
      ),
      { rounds: 7, warmUp: 1 },
    );
    return toSection(samples, sizes);
  } finally {
    for (const name of NAMES) processes[name].stop();
    await rm(folder, { recursive: true });
  }
}

function mapNames<Value>(map: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(NAMES.map((name) => [name, map(name)])) as Record<Name, Value>;
}

function toSection(samples: Record<Name, number[]>, sizes: Record<string, number[]>): Section {
  const times = mapNames((name) => medianRatio(samples[name], samples.floor));
  const loggersTimes = medianRatio(samples.loggers, samples.attributes);
  const watchedTimes = medianRatio(samples.watched, samples.ours);
  return {
    title: 'Ingest: CPU',
    text: `Milliseconds of CPU for 1,000 entries with a message of ${MESSAGE_BYTES} bytes, in requests of ${PER_REQUEST}. The network is stubbed in the SDK's HTTP handler. Each variant is bundled as the functions are and runs in its own process. The second table shows how the size of a request changes ours.`,
    tables: [
      {
        columns: ['variant', 'ms / 1,000 entries', 'times the floor'],
        rows: NAMES.map((name) => [
          VARIANTS[name].title,
          median(samples[name]).toFixed(1),
          times[name].toFixed(2),
        ]),
      },
      {
        columns: ['entries per request', 'ms / request', 'ms / 1,000 entries'],
        rows: REQUEST_SIZES.map((size) => {
          const per1000 = median(sizes[size] ?? []);
          return [size.toLocaleString('en'), ((per1000 * size) / 1_000).toFixed(2), per1000.toFixed(1)];
        }),
      },
    ],
    ratios: [
      ...NAMES.filter((name) => name !== 'floor').map((name) => ({
        name: `CPU, ${VARIANTS[name].title.replaceAll('*', '')} / floor`,
        value: times[name],
      })),
      { name: 'CPU, POST /v1/json / POST /logs, the same entries', value: loggersTimes },
      { name: 'CPU, POST /logs with ten watches / without', value: watchedTimes },
    ],
    goals: [
      {
        name: 'CPU of ingest, event to response',
        measured: times.ours,
        unit: 'times the floor',
        atMost: 1.5,
      },
      {
        name: 'CPU of POST /v1/json, event to response',
        measured: loggersTimes,
        unit: 'times POST /logs of the same entries',
        atMost: 1.3,
      },
      {
        name: 'CPU of POST /logs with ten watches',
        measured: watchedTimes,
        unit: 'times POST /logs without',
        atMost: 1.02,
      },
    ],
  };
}
