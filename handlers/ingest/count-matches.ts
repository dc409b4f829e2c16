import type { CheckedEntry } from '../../entities/log-entry.ts';
import { type EntryFilter, matchEntry } from '../../entities/match-entry.ts';

/** Counts the entries of one request that match filters. */
export interface MatchCounter {
  add(entry: CheckedEntry): void;
  /** The counts above 0, without those entries that were added and not stored. */
  without(unstored: readonly CheckedEntry[]): [name: string, count: number][];
}

/** Makes a counter for each request. @param filters by the names under which they count */
export function countMatches(filters: Record<string, EntryFilter>): () => MatchCounter {
  const matchers = Object.entries(filters).map(([name, filter]) => ({ name, matches: matchEntry(filter) }));
  return () => {
    const counters = matchers.map((matcher) => ({ ...matcher, count: 0 }));
    const count = (entry: CheckedEntry, change: number) => {
      for (const counter of counters) if (counter.matches(entry)) counter.count += change;
    };
    return {
      add: (entry) => count(entry, 1),
      without(unstored) {
        for (const entry of unstored) count(entry, -1);
        return counters
          .filter((counter) => counter.count > 0)
          .map((counter): [string, number] => [counter.name, counter.count]);
      },
    };
  };
}
