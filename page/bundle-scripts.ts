import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

export interface Bundle {
  /** With their source maps, by the name of the file. */
  scripts: Map<string, Buffer>;
  /** The names of the scripts that app.js imports, which the browser needs as soon as app.js itself. */
  first: string[];
  /** The files that it was made from, and when they were changed: milliseconds since 1970. */
  inputs: { file: string; changedAt: number }[];
}

let bundle: Promise<Bundle> | undefined;

/**
 * The scripts of the page and their source maps, made when they are first asked for and again after one of the modules
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
    outdir: 'page',
    bundle: true,
    splitting: true,
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
    first: importedBy('page/app.js', metafile.outputs).map((path) => basename(path)),
    inputs: await Promise.all(inputs),
  };
}

/** The paths of the scripts that one imports before it runs. */
function importedBy(path: string, outputs: Metafile['outputs']): string[] {
  const found = new Set([path]);
  for (const one of found)
    for (const { path, kind } of outputs[one]?.imports ?? [])
      if (kind === 'import-statement') found.add(path);
  found.delete(path);
  return [...found];
}

/** 0 for a file that is gone. */
async function changeTimeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
