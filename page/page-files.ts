import { readdir, readFile } from 'node:fs/promises';
import type { BuildFailure } from 'esbuild';
import { currentBundle } from './bundle-scripts.ts';

export interface PageFile {
  /** Its media type. */
  type: string;
  body: Buffer;
  /** Whether the body says why the file could not be made. */
  isFault?: boolean;
}

/** In the repository and in the package of the command alike. */
const FOLDER = new URL('../page/', import.meta.url);
const TEXT = 'text/plain; charset=utf-8';
/** By the path of their URL. */
const FILES: Record<string, string> = {
  '/': 'index.html',
  '/page/style.css': 'style.css',
  '/page/icon.svg': 'icon.svg',
};
/** Source maps are only asked for by developer tools. */
const SCRIPT = /\.js(?:\.map)?$/;
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  js: 'text/javascript; charset=utf-8',
  map: 'application/json',
};
/** Before it, index.html names the scripts that app.js imports: the browser asks for all of them at once. */
const APP = '<script type="module" src="page/app.js"></script>';

/** A file of the page; undefined for a path that is none. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  const known = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  const name = known ?? path.replace(/^\/page\//, '');
  try {
    const body = known ? await contentOf(known) : await scriptOf(name);
    return body && { type: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? TEXT, body };
  } catch (error) {
    const faults = (error as Partial<BuildFailure>).errors;
    if (!faults) throw error;
    return { type: TEXT, body: Buffer.from(reasonsOf(faults)), isFault: true };
  }
}

/** All files of the page by their names. @throws BuildFailure where the modules cannot be bundled */
export async function allPageFiles(): Promise<Map<string, Buffer>> {
  const { scripts } = await currentBundle();
  const others = Object.values(FILES).map(async (name) => [name, await contentOf(name)] as const);
  return new Map([...scripts, ...(await Promise.all(others))]);
}

async function contentOf(name: string): Promise<Buffer> {
  const content = await readFile(new URL(name, FOLDER));
  if (name !== 'index.html' || (await packedScripts()).length > 0) return content;
  // What is wrong with a module is said where app.js is asked for.
  const { first } = await currentBundle().catch(() => ({ first: [] }));
  const links = first.map((script) => `<link rel="modulepreload" href="page/${script}">`);
  return Buffer.from(String(content).replace(APP, [...links, APP].join('\n    ')));
}

/** A script or source map of the bundle; undefined for any other name. */
async function scriptOf(name: string): Promise<Buffer | undefined> {
  if (!SCRIPT.test(name)) return undefined;
  const packed = await packedScripts();
  if (packed.length === 0) return (await currentBundle()).scripts.get(name);
  return packed.includes(name) ? readFile(new URL(name, FOLDER)) : undefined;
}

/** A package has the scripts as files. In the repository they are made from their modules. */
async function packedScripts(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => SCRIPT.test(name));
}

function reasonsOf(faults: BuildFailure['errors']): string {
  const lines = faults.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
  );
  return `The page cannot be bundled.\n${lines.join('\n')}\n`;
}
