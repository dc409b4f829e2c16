import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLING } from '../../stacks/bundling.ts';
import { bundle } from '../support/bundle.ts';
import { interleave } from '../support/interleave.ts';
import { lambdaEnvironment } from '../support/lambda-environment.ts';
import type { Section } from '../support/section.ts';
import { median, medianRatio } from '../support/statistics.ts';
import { MESSAGE_BYTES } from '../support/typical-entry.ts';
import { startVariant, type VariantProcess } from '../support/variant-process.ts';

/** Entries of a request where nothing else is said. */
const PER_REQUEST = 500;

const ROUNDS = { rounds: 25, warmUp: 4 };

/** The variants, and how many entries make a sample of about 100 ms. */
const VARIANTS = {
  floor: {
    title: 'SDK, BatchWriteItem of items built by hand (the floor)',
    file: 'raw-batch-write',
    entries: 5_000,
  },
  ours: { title: '**POST /logs, from event to response**', file: 'handler', entries: 5_000 },
  traced: { title: 'the same, in a request that X-Ray samples', file: 'handler', entries: 5_000 },
  batchPut: { title: 'ElectroDB, batch put, no HTTP', file: 'electrodb-batch-put', entries: 4_000 },
  conditional: { title: 'SDK, a conditional put each, no HTTP', file: 'conditional-put', entries: 1_000 },
  plain: {
    title: 'SDK, a plain put each by the document client, no HTTP',
    file: 'document-put',
    entries: 1_000,
  },
} as const;

const REQUEST_SIZES = [1, 25, 100, 500, 5_000];

type Name = keyof typeof VARIANTS;
const NAMES = Object.keys(VARIANTS) as Name[];

export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-cpu-'));
  const processes: VariantProcess[] = [];
  const start = async (name: Name) => {
    const path = await bundleVariant(folder, VARIANTS[name].file);
    const started = await startVariant(path, lambdaEnvironment(name === 'traced' ? 'sampled' : 'off'));
    processes.push(started);
    return started;
  };

  try {
    const started = new Map<Name, VariantProcess>();
    for (const name of NAMES) started.set(name, await start(name));
    const per1000 = async (name: Name, entries: number, perRequest: number) =>
      ((await started.get(name)?.sample({ entries, perRequest })) ?? Number.NaN) / (entries / 1_000);

    const samples = await interleave(
      mapNames((name) => () => per1000(name, VARIANTS[name].entries, PER_REQUEST)),
      ROUNDS,
    );
    const sizes = await interleave(
      Object.fromEntries(
        REQUEST_SIZES.map((size) => [String(size), () => per1000('ours', size === 1 ? 1_000 : 5_000, size)]),
      ),
      { rounds: 7, warmUp: 1 },
    );
    return toSection(samples, sizes);
  } finally {
    for (const one of processes) one.stop();
    await rm(folder, { recursive: true });
  }
}

async function bundleVariant(folder: string, file: string): Promise<string> {
  const path = join(folder, `${file}.mjs`);
  // Ours goes without what only the others need, the document client.
  const bundling = file === 'handler' ? BUNDLING : { ...BUNDLING, esbuildArgs: {} };
  await bundle({ file: fileURLToPath(new URL(`../variants/${file}.ts`, import.meta.url)) }, path, bundling);
  return path;
}

function mapNames<Value>(map: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(NAMES.map((name) => [name, map(name)])) as Record<Name, Value>;
}

function toSection(samples: Record<Name, number[]>, sizes: Record<string, number[]>): Section {
  const times = mapNames((name) => medianRatio(samples[name], samples.floor));
  return {
    title: 'Ingest: CPU',
    text: `Milliseconds of CPU for 1,000 entries with a message of ${MESSAGE_BYTES} bytes, ${PER_REQUEST} to a request, the network stubbed in the SDK's HTTP handler. Every variant is bundled as the functions are and runs in a process of its own. At the bottom: what the size of a request does to ours.`,
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
        columns: ['entries a request', 'ms / request', 'ms / 1,000 entries'],
        rows: REQUEST_SIZES.map((size) => {
          const per1000 = median(sizes[size] ?? []);
          return [size.toLocaleString('en'), ((per1000 * size) / 1_000).toFixed(2), per1000.toFixed(1)];
        }),
      },
    ],
    ratios: NAMES.filter((name) => name !== 'floor').map((name) => ({
      name: `CPU, ${VARIANTS[name].title.replaceAll('*', '')} / floor`,
      value: times[name],
    })),
    goals: [
      {
        name: 'CPU of ingest, event to response',
        measured: times.ours,
        unit: 'times the floor',
        atMost: 1.5,
      },
    ],
  };
}
