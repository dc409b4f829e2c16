import { readSearches, SEARCHES_FILE } from '../page/saved-searches.ts';
import { UsageError } from './usage-error.ts';

/** A word that stands for a saved search. */
export const SAVED = /^@[\w.-]+$/;

/**
 * The text of the search that is saved under a name, for a folder.
 * @throws UsageError
 */
export function savedSearch(name: string, folder = process.cwd()): string {
  const saved = readSearches(folder);
  if (!saved)
    throw new UsageError(
      `@${name} names a saved search, but there is no ${SEARCHES_FILE} in ${folder} or above it`,
    );
  const { path, searches } = saved;
  const names = Object.keys(searches);
  if (names.length === 0)
    throw new UsageError(`${path} must be JSON such as {"searches": {"failed": "level:error"}}`);
  const found = Object.hasOwn(searches, name) ? searches[name] : undefined;
  if (found === undefined) throw new UsageError(`${path} has no search ${name}; it has ${names.join(', ')}`);
  return found;
}

/** The words that stand for the saved searches of a folder. */
export function savedWords(folder?: string): string[] {
  const names = Object.keys(readSearches(folder)?.searches ?? {});
  return names.map((name) => `@${name}`).filter((word) => SAVED.test(word));
}
