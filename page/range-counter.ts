import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes } from '../client/patience.ts';
import type { Query } from '../client/query.ts';
import { type Counted, readCounts } from '../client/read-counts.ts';
import type { Histogram } from './histogram.ts';
import { countsOf, type SeverityCounts } from './severity-counts.ts';
import type { Loaded } from './time-bars.ts';
import { queryOf, type ViewState } from './view-state.ts';

export interface RangeCounterParts {
  histogram: Histogram;
  onCounts: (counts: SeverityCounts) => void;
  onProblem: (error: unknown) => void;
}

/**
 * Shows the entries of a view in the histogram and how many there are of each severity. It counts the range where the
 * list has only a part of it.
 */
export function createRangeCounter(client: LogClient, { histogram, onCounts, onProblem }: RangeCounterParts) {
  let reading = new AbortController();
  let loaded: Loaded | undefined;
  let counted: Counted | undefined;
  let isBegun = false;

  function draw(): void {
    if (!loaded) return;
    histogram.show(loaded, counted);
    onCounts(countsOf(loaded, counted));
  }

  async function count(query: Query & { from: string }, step: number): Promise<void> {
    const { signal } = reading;
    try {
      // While the service is unavailable, the list says so.
      for await (const result of readCounts(client, query, step, { wait: asLongAsItTakes, signal })) {
        if (signal.aborted) return;
        counted = result;
        draw();
      }
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    }
  }

  return {
    get counted() {
      return counted;
    },
    /** Begins another view. @param known its counts: they are then not read again */
    begin(known?: Counted) {
      reading.abort();
      reading = new AbortController();
      counted = known;
      isBegun = known !== undefined;
    },
    /** Shows what is loaded of a view. Its range is counted once. */
    show(next: Loaded, state: ViewState) {
      loaded = next;
      draw();
      const { from, to = Date.now() } = loaded.range;
      if (isBegun || from === undefined || from >= to || !(loaded.hasOlder || loaded.hasNewer)) return;
      isBegun = true;
      count({ ...queryOf(state, from), from: new Date(from).toISOString() }, histogram.stepFor({ from, to }));
    },
  };
}
