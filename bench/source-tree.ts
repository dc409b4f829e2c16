import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

/** A file of the product. Its path is from the root, with slashes. */
export interface SourceFile {
  path: string;
  lines: number;
  /** Files of the tree that it imports, types included. */
  imports: string[];
}

const SOURCE = /\.(?:ts|js|cts|mjs)$/;

/** `from './x.ts'`, `import './x.ts'`, `import('./x.ts')` and `require('./x')`, but not in a line of a comment. */
const IMPORT = /^(?!\s*(?:\/\/|\*|\/\*)).*?(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"](\.[^'"]+)['"]/gm;

/** Reads the source files of some folders. */
export async function readTree(root: string, folders: string[]): Promise<SourceFile[]> {
  const paths = await Promise.all(folders.map((folder) => sourcesIn(root, folder)));
  return Promise.all(paths.flat().map((path) => readSource(root, path)));
}

async function sourcesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

async function readSource(root: string, path: string): Promise<SourceFile> {
  const text = await readFile(join(root, path), 'utf8');
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: [...text.matchAll(IMPORT)].map(([, to = '']) => posix.join(dirname(path), to)),
  };
}

/** The groups of files that import each other, directly or over others. */
export function importCircles(files: SourceFile[]): string[][] {
  const reached = new Map(files.map(({ path }) => [path, reachedFrom(path, files)]));
  const circles = new Map<string, string[]>();
  for (const [path, others] of reached) {
    if (!others.has(path)) continue;
    const circle = [...others].filter((other) => reached.get(other)?.has(path)).sort();
    circles.set(circle.join(), circle);
  }
  return [...circles.values()];
}

/** All files that a file imports, directly or over others. It is one of them only if it is in a circle. */
function reachedFrom(path: string, files: SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const next = [...(byPath.get(path)?.imports ?? [])];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (reached.has(file) || !byPath.has(file)) continue;
    reached.add(file);
    next.push(...(byPath.get(file)?.imports ?? []));
  }
  return reached;
}
