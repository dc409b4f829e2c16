import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseJson } from '../client/log-client.ts';
import { UsageError } from './usage-error.ts';

/** The file that a team shares: `{ "searches": { "failed-orders": "level:error service.name=checkout" } }`. */
const FILE = '.logs.json';

/**
 * The text of the search that is saved under a name, in the first `.logs.json` of a folder and those above it.
 * @throws UsageError
 */
export function savedSearch(name: string, folder = process.cwd()): string {
  const path = fileAbove(resolve(folder));
  if (path === undefined)
    throw new UsageError(`@${name} names a saved search, but there is no ${FILE} in ${folder} or above it`);
  const { searches } = Object(parseJson(readFileSync(path, 'utf8'))) as { searches?: unknown };
  const saved = Object.entries(Object(searches));
  if (saved.length === 0 || saved.some(([, text]) => typeof text !== 'string'))
    throw new UsageError(`${path} must be JSON such as {"searches": {"failed": "level:error"}}`);
  const found = saved.find(([known]) => known === name);
  if (!found)
    throw new UsageError(`${path} has no search ${name}; it has ${saved.map(([known]) => known).join(', ')}`);
  return found[1] as string;
}

function fileAbove(folder: string): string | undefined {
  const path = join(folder, FILE);
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : fileAbove(parent);
}
