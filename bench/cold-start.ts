import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLING } from '../stacks/bundling.ts';
import { synthesizeApp } from '../test/support/synthesized-app.ts';
import { bundle, lambdaEnvironment } from './bundle.ts';
import type { Section } from './report.ts';
import { interleave, median } from './statistics.ts';

const run = promisify(execFile);

const ROUNDS = { rounds: 25, warmUp: 1 };

const FUNCTIONS = ['dev-log-ingest', 'dev-log-retrieval'];

/** The least that a function could do with. */
const FLOOR = '@aws-sdk/client-dynamodb (the floor)';
const FLOOR_SOURCE = `
  import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
  export default [new DynamoDBClient({}), BatchWriteItemCommand];
`;

const BYTES_PER_KIB = 1_024;

/** How long Node takes to import the functions as they are deployed. */
export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cold-start-'));
  const app = await synthesizeApp({}, { bundle: true });
  const bare = join(folder, 'bare.mjs');
  const floor = join(folder, 'floor.mjs');
  try {
    await writeFile(bare, 'export default 0;\n');
    await bundle({ text: FLOOR_SOURCE }, floor, { ...BUNDLING, esbuildArgs: {} });
    const paths = new Map(FUNCTIONS.map((name) => [name, join(app.assetFolder(name), 'index.mjs')]));
    paths.set(FLOOR, floor);
    const kibibytes = new Map<string, number>();
    for (const [name, path] of paths) kibibytes.set(name, (await stat(path)).size / BYTES_PER_KIB);

    const times = await interleave(
      Object.fromEntries([['bare', bare], ...paths].map(([name, path]) => [name, () => importTime(path)])),
      ROUNDS,
    );
    return toSection(kibibytes, times);
  } finally {
    await app.remove();
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds from the start of a Node process until it has imported a module and ends. */
async function importTime(path = ''): Promise<number> {
  const importAndEnd = `await import(${JSON.stringify(path)}); process.exit();`;
  const start = performance.now();
  await run(process.execPath, ['--input-type=module', '--eval', importAndEnd], {
    env: lambdaEnvironment('not sampled'),
  });
  return performance.now() - start;
}

function toSection(kibibytes: Map<string, number>, times: Record<string, number[]>): Section {
  const bare = times.bare ?? [];
  const overBare = (name: string) =>
    median((times[name] ?? []).map((time, round) => time - (bare[round] ?? Number.NaN)));
  const sizeOf = (name: string) => kibibytes.get(name) ?? Number.NaN;
  const row = (name: string, title: string) => [title, overBare(name).toFixed(0), sizeOf(name).toFixed(0)];
  return {
    title: 'Cold start',
    text: `Milliseconds from the start of Node until a bundle is imported, minus those of an empty module (${median(bare).toFixed(0)} ms), and the size of the bundle. The functions are the assets that CDK synthesizes, with tracing on.`,
    tables: [
      {
        columns: ['bundle', 'ms over bare Node', 'KiB'],
        rows: [...FUNCTIONS.map((name) => row(name, `**${name}**`)), row(FLOOR, FLOOR)],
      },
    ],
    ratios: FUNCTIONS.map((name) => ({
      name: `Cold import, ${name} / raw SDK`,
      value: overBare(name) / overBare(FLOOR),
    })),
    goals: FUNCTIONS.flatMap((name) => [
      { name: `Cold import of ${name}`, measured: overBare(name), unit: 'ms over bare Node', atMost: 75 },
      { name: `Bundle of ${name}`, measured: sizeOf(name), unit: 'KiB', atMost: 700 },
    ]),
  };
}
