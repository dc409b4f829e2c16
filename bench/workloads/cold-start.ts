import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLING } from '../../stacks/bundling.ts';
import { synthesizeApp } from '../../test/support/synthesized-app.ts';
import { bundle } from '../support/bundle.ts';
import { interleave } from '../support/interleave.ts';
import { lambdaEnvironment } from '../support/lambda-environment.ts';
import type { Section } from '../support/section.ts';
import { median } from '../support/statistics.ts';

const run = promisify(execFile);

const ROUNDS = { rounds: 25, warmUp: 1 };

const FUNCTIONS = ['dev-log-ingest', 'dev-log-retrieval'];

/** Each dependency by itself, as the functions start it, and the raw SDK as the least that one could do with. */
const DEPENDENCIES = {
  '@aws-sdk/client-dynamodb (the floor)': `import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
    export default [new DynamoDBClient({}), BatchWriteItemCommand];`,
  electrodb: `import { Entity } from 'electrodb'; export default Entity;`,
  'electrodb and one entity': `import { createLogEntryEntity } from './entities/log-entry.ts';
    export default createLogEntryEntity({ table: 'logs' });`,
  zod: `import * as z from 'zod'; export default z.object({ text: z.string() });`,
  '@aws-lambda-powertools/parser': `import { parse } from '@aws-lambda-powertools/parser'; export default parse;`,
  '@aws-lambda-powertools/logger': `import { Logger } from '@aws-lambda-powertools/logger'; export default new Logger();`,
  '@aws-lambda-powertools/metrics': `import { Metrics } from '@aws-lambda-powertools/metrics'; export default new Metrics();`,
  '@aws-lambda-powertools/tracer': `import { Tracer } from '@aws-lambda-powertools/tracer'; export default new Tracer();`,
};

/** Bytes in KiB. */
const KIB = 1_024;

interface Bundle {
  path: string;
  bytes: number;
}

export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cold-start-'));
  const app = await synthesizeApp({}, { bundle: true });
  try {
    const bundles: Record<string, Bundle> = { bare: await bareModule(folder) };
    for (const name of FUNCTIONS) bundles[name] = await sized(join(app.assetFolder(name), 'index.mjs'));
    for (const [name, text] of Object.entries(DEPENDENCIES)) {
      const path = join(folder, `${Object.keys(bundles).length}.mjs`);
      await bundle({ text }, path, { ...BUNDLING, esbuildArgs: {} });
      bundles[name] = await sized(path);
    }
    const times = await interleave(
      Object.fromEntries(Object.entries(bundles).map(([name, { path }]) => [name, () => startNode(path)])),
      ROUNDS,
    );
    return toSection(bundles, times);
  } finally {
    await app.remove();
    await rm(folder, { recursive: true });
  }
}

async function bareModule(folder: string): Promise<Bundle> {
  const path = join(folder, 'bare.mjs');
  await writeFile(path, 'export default 0;\n');
  return sized(path);
}

async function sized(path: string): Promise<Bundle> {
  return { path, bytes: (await stat(path)).size };
}

/** Milliseconds from the start of a Node process until it has imported a module, and ends. */
async function startNode(path: string): Promise<number> {
  const importAndEnd = `await import(${JSON.stringify(path)}); process.exit();`;
  const start = performance.now();
  await run(process.execPath, ['--input-type=module', '--eval', importAndEnd], {
    env: lambdaEnvironment('not sampled'),
  });
  return performance.now() - start;
}

function toSection(bundles: Record<string, Bundle>, times: Record<string, number[]>): Section {
  const bare = times.bare ?? [];
  const overBare = (name: string) =>
    median((times[name] ?? []).map((time, round) => time - (bare[round] ?? Number.NaN)));
  const [floor = ''] = Object.keys(DEPENDENCIES);
  const row = (name: string, title = name) => [
    title,
    overBare(name).toFixed(0),
    ((bundles[name]?.bytes ?? 0) / KIB).toFixed(0),
  ];
  return {
    title: 'Cold start',
    text: `Milliseconds from the start of Node until a bundle is imported, over those of an empty module (${median(bare).toFixed(0)} ms), and the size of the bundle. The functions are the assets that CDK synthesizes, with tracing on. Each dependency is bundled by itself; they share parts, so they add up to more than the whole.`,
    tables: [
      {
        columns: ['bundle', 'ms over bare Node', 'KiB'],
        rows: [
          ...FUNCTIONS.map((name) => row(name, `**${name}**`)),
          ...Object.keys(DEPENDENCIES).map((name) => row(name)),
        ],
      },
    ],
    ratios: FUNCTIONS.map((name) => ({
      name: `Cold import, ${name} / raw SDK`,
      value: overBare(name) / overBare(floor),
    })),
    goals: FUNCTIONS.flatMap((name) => [
      { name: `Cold import of ${name}`, measured: overBare(name), unit: 'ms over bare Node', atMost: 75 },
      { name: `Bundle of ${name}`, measured: (bundles[name]?.bytes ?? 0) / KIB, unit: 'KiB', atMost: 700 },
    ]),
  };
}
