import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The file that a team shares: `{ "searches": { "failed-orders": "level:error service.name=checkout" } }`. */
export const SEARCHES_FILE = '.logs.json';

export interface SavedSearches {
  path: string;
  /** Their texts by their names: none where the file is not as it has to be. */
  searches: Record<string, string>;
}

/** The saved searches of the first `.logs.json` of a folder and those above it; undefined where there is no such file. */
export function readSearches(folder = process.cwd()): SavedSearches | undefined {
  const path = fileAbove(resolve(folder));
  return path === undefined ? undefined : { path, searches: searchesIn(path) };
}

function fileAbove(folder: string): string | undefined {
  const path = join(folder, SEARCHES_FILE);
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : fileAbove(parent);
}

function searchesIn(path: string): Record<string, string> {
  try {
    const { searches } = Object(JSON.parse(readFileSync(path, 'utf8'))) as { searches?: unknown };
    const saved = Object.entries(Object(searches));
    const areTexts = saved.every((one): one is [string, string] => typeof one[1] === 'string');
    return areTexts ? Object.fromEntries(saved) : {};
  } catch {
    return {};
  }
}
