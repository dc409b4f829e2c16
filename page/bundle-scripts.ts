import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

export interface Bundle {
  /** By the name of the file. */
  scripts: Map<string, Buffer>;
  /** The files that it was made from, and when they were changed: milliseconds since 1970. */
  inputs: { file: string; changedAt: number }[];
}

let bundle: Promise<Bundle> | undefined;

/**
 * The script of the page and its source map, made when they are first asked for and again after one of the modules
 * has changed.
 * @throws BuildFailure where the modules cannot be bundled
 */
export async function currentBundle(): Promise<Bundle> {
  const known = bundle;
  const isCurrent = await known?.then(isUpToDate, () => false);
  // While this waited, another request may have begun a new one.
  if (!isCurrent && bundle === known) bundle = makeBundle();
  return bundle as Promise<Bundle>;
}

async function isUpToDate({ inputs }: Bundle): Promise<boolean> {
  const checks = inputs.map(async ({ file, changedAt }) => (await changeTimeOf(file)) === changedAt);
  return (await Promise.all(checks)).every((isSame) => isSame);
}

/** Loads esbuild only when the page is asked for: the terminal program and most tests never need it. */
async function makeBundle(): Promise<Bundle> {
  const { build } = await import('esbuild');
  const startedAt = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ['page/app.ts'],
    outfile: 'page/app.js',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs).map(async (name) => {
    const file = REPOSITORY + name;
    const changedAt = await changeTimeOf(file);
    // A file that changed meanwhile may have been read before that: NaN equals no time.
    return { file, changedAt: changedAt < startedAt ? changedAt : Number.NaN };
  });
  return {
    scripts: new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)])),
    inputs: await Promise.all(inputs),
  };
}

/** 0 for a file that is gone. */
async function changeTimeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
