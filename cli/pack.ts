import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { currentBundle } from '../page/bundle-scripts.ts';
import { allPageFiles } from '../page/page-files.ts';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
const COMMAND = 'dist/logs.js';

/**
 * Packs the `logs` command into a tarball for npm and npx. It holds the page and all libraries, so it needs Node alone.
 * @param destination the folder of the tarball
 * @returns its path
 */
export async function packCommand(destination: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'logs-package-'));
  try {
    const [bundled, page] = await Promise.all([bundleCommand(folder), currentBundle()]);
    const sources = [...bundled, ...page.inputs.map(({ file }) => file)];
    await writeFile(join(folder, 'LICENSES.txt'), await licensesOf(sources));
    await writeManifest(folder);
    await writePage(folder);
    await copyFile(join(REPOSITORY, 'LICENSE'), join(folder, 'LICENSE'));
    await copyFile(join(REPOSITORY, 'cli/PACKAGE.md'), join(folder, 'README.md'));
    const packing = ['pack', '--json', '--pack-destination', resolve(destination)];
    const { stdout } = await promisify(execFile)('npm', packing, { cwd: folder });
    return join(resolve(destination), JSON.parse(stdout)[0].filename);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeManifest(folder: string): Promise<void> {
  const { version, license, engines } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
  const manifest = {
    name: 'logs',
    version,
    description: 'Reads a log service in the terminal and in the browser',
    license,
    // The name belongs to somebody else in the public registry.
    private: true,
    type: 'module',
    bin: { logs: COMMAND },
    files: ['dist', 'page', 'LICENSES.txt'],
    engines,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Resolves to the source files. What is only needed at times, such as the AWS modules that sign, is a file of its own and
 * loaded when needed.
 */
async function bundleCommand(folder: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: { logs: 'cli/main.ts' },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    mainFields: ['module', 'main'],
    minify: true,
    metafile: true,
    // The page is bundled already.
    external: ['esbuild'],
    banner: {
      // Commander is CommonJS and calls require, which ES modules do not have.
      js: "import{createRequire as packedRequire}from'node:module';const require=packedRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return Object.keys(metafile.inputs).map((name) => join(REPOSITORY, name));
}

async function writePage(folder: string): Promise<void> {
  await mkdir(join(folder, 'page'));
  for (const [name, content] of await allPageFiles()) await writeFile(join(folder, 'page', name), content);
}

/** The licenses of the libraries in a bundle, which ask to be passed on with every copy: each text once. */
async function licensesOf(sources: string[]): Promise<string> {
  const folders = sources.map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const byText = new Map<string, string[]>();
  for (const folder of new Set(folders.filter((folder) => folder !== undefined).sort())) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const text = await readFile(join(folder, 'LICENSE'), 'utf8').catch(() => license);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
  }
  return [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`).join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${await packCommand(process.argv[2] ?? '.')}\n`);
