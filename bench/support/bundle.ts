import { fileURLToPath } from 'node:url';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { build } from 'esbuild';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const ALIAS = '--alias:';

/** Bundles a source file, or source text, as a stack bundles a function with these options. */
export async function bundle(
  source: { file: string } | { text: string },
  outfile: string,
  { target, mainFields, externalModules, minify, banner, esbuildArgs = {} }: BundlingOptions,
): Promise<void> {
  const aliases = Object.entries(esbuildArgs).filter(([name]) => name.startsWith(ALIAS));
  await build({
    ...('file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.text, resolveDir: repository, loader: 'ts' } }),
    absWorkingDir: repository,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target,
    mainFields,
    external: externalModules,
    minify,
    banner: { js: banner ?? '' },
    alias: Object.fromEntries(aliases.map(([name, path]) => [name.slice(ALIAS.length), String(path)])),
    logLevel: 'error',
  });
}
