import { readFile } from 'node:fs/promises';
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
/** By the path of their URL. The source map is only asked for by developer tools. */
const FILES: Record<string, { name: string; type: string }> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page/style.css': { name: 'style.css', type: 'text/css; charset=utf-8' },
  '/page/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
  '/page/app.js': { name: 'app.js', type: 'text/javascript; charset=utf-8' },
  '/page/app.js.map': { name: 'app.js.map', type: 'application/json' },
};
const SCRIPT = /\.js(?:\.map)?$/;

/** The names of all files of the page. */
export const PAGE_FILES = Object.values(FILES).map(({ name }) => name);

/** A file of the page; undefined for a path that is none. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  if (!Object.hasOwn(FILES, path)) return undefined;
  const { name, type } = FILES[path] as { name: string; type: string };
  try {
    return { type, body: await contentOf(name) };
  } catch (error) {
    const faults = (error as Partial<BuildFailure>).errors;
    if (!faults) throw error;
    return { type: TEXT, body: Buffer.from(reasonsOf(faults)), isFault: true };
  }
}

/** The content of a file of the page, by its name. @throws BuildFailure where its modules cannot be bundled */
export async function contentOf(name: string): Promise<Buffer> {
  return readFile(new URL(name, FOLDER)).catch(async (error) => {
    // A package has the scripts as files. In the repository they are made from their modules.
    if (error.code !== 'ENOENT' || !SCRIPT.test(name)) throw error;
    return (await currentBundle()).scripts.get(name) ?? Buffer.of();
  });
}

function reasonsOf(faults: BuildFailure['errors']): string {
  const lines = faults.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
  );
  return `The page cannot be bundled.\n${lines.join('\n')}\n`;
}
