import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLING } from '../../stacks/bundling.ts';
import { bundle } from '../support/bundle.ts';
import { interleave } from '../support/interleave.ts';
import { lambdaEnvironment } from '../support/lambda-environment.ts';
import type { Section } from '../support/section.ts';
import { median } from '../support/statistics.ts';

const ROUNDS = { rounds: 5, warmUp: 0 };

const MIB = 1_024;

/** What the ingest function is given (stacks/ingest-stack.ts). */
const FUNCTION_MIB = 1_769;

const REQUESTS = {
  idle: 'loaded, no request',
  one: 'a request of one entry',
  plain: '**a body of 5.8 MB in base64, NDJSON**',
  gzip: 'a gzip body that unpacks to 7 MB in 20,000 entries',
} as const;

type Name = keyof typeof REQUESTS;
const NAMES = Object.keys(REQUESTS) as Name[];

export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-memory-'));
  const path = join(folder, 'peak-memory.mjs');
  await bundle(
    { file: fileURLToPath(new URL('../variants/peak-memory.ts', import.meta.url)) },
    path,
    BUNDLING,
  );
  const peaks = await interleave(
    Object.fromEntries(NAMES.map((name) => [name, () => peakOf(path, name)])) as Record<
      Name,
      () => Promise<number>
    >,
    ROUNDS,
  );
  await rm(folder, { recursive: true });
  return {
    title: 'Memory',
    text: `Peak resident memory in MiB of a process that has loaded the ingest function, network stubbed, and handles one request. The function has ${FUNCTION_MIB.toLocaleString('en')} MiB.`,
    tables: [
      {
        columns: ['request', 'MiB', 'over loaded'],
        rows: NAMES.map((name) => [
          REQUESTS[name],
          median(peaks[name]).toFixed(0),
          (median(peaks[name]) - median(peaks.idle)).toFixed(0),
        ]),
      },
    ],
    ratios: [{ name: 'Memory, body of 5.8 MB / loaded', value: median(peaks.plain) / median(peaks.idle) }],
    goals: [],
  };
}

async function peakOf(path: string, name: Name): Promise<number> {
  const child = fork(path, [name], {
    env: lambdaEnvironment('off'),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [kibibytes] = await once(child, 'message');
  return Number(kibibytes) / MIB;
}
