import type { Query } from '../client/query.ts';
import { parseSearch, printSearch } from '../client/search-query.ts';
import { SAVED, savedSearch } from './saved-searches.ts';

/** What the command line asks for. */
export interface Asked {
  what: 'entries' | 'around' | 'counts' | 'dead-letters';
  query: Query;
  /** What may be an id, and what the entries under it are to match. It is looked up first, before the query. */
  lookup?: { id: string; query: Query };
  /** RFC 3339: the moment around which entries are read. */
  at?: string;
}

export interface SearchOptions {
  /** What the options ask for. The search is added to it. */
  query: Query;
  /** Times without a zone are in this machine's. */
  local: boolean;
  /** Where to look for saved searches. */
  folder?: string;
}

/** Reads the words of a search, some of which may be names of saved searches. @throws UsageError */
export function readSearch(
  words: readonly string[],
  { query, local, folder }: SearchOptions,
): Omit<Asked, 'what'> {
  const typed = words.map((word) => (SAVED.test(word) ? savedSearch(word.slice(1), folder) : word)).join(' ');
  const search = parseSearch(typed, { now: Date.now(), local });
  const [first = ''] = words;
  const isPlain = printSearch({ ...search, contains: [], at: '' }) === '';
  const mayBeId = words.length === 1 && isPlain && !SAVED.test(first);
  return {
    query: bothOf(query, search),
    ...(mayBeId && { lookup: { id: first, query } }),
    ...(search.at && { at: search.at }),
  };
}

/** What the options ask for and what a search or a link asks for: all of it applies. */
export function bothOf(options: Query, asked: Query): Query {
  return {
    severity: [...new Set([...options.severity, ...asked.severity])],
    from: options.from ?? asked.from,
    to: options.to ?? asked.to,
    contains: [...(options.contains ?? []), ...(asked.contains ?? [])],
    excludes: [...(options.excludes ?? []), ...(asked.excludes ?? [])],
    word: [...(options.word ?? []), ...(asked.word ?? [])],
    where: [...(options.where ?? []), ...(asked.where ?? [])],
    whereNot: [...(options.whereNot ?? []), ...(asked.whereNot ?? [])],
  };
}
