import type { LogClient } from '../client/log-client.ts';
import { asLongAsItTakes } from '../client/patience.ts';
import type { Query } from '../client/query.ts';
import { type Counted, readCounts } from '../client/read-counts.ts';
import type { Histogram, Shown } from './histogram.ts';
import { queryOf, type ViewState } from './view-state.ts';

/** Ranges whose counts are kept for a way back. */
const MOST_KEPT = 8;

/** Shows the entries of a view in the histogram, and counts its range where the list holds but a part of it. */
export function createCounting(client: LogClient, histogram: Histogram, onProblem: (error: unknown) => void) {
  const kept = new Map<string, Counted>();
  let reading = new AbortController();
  let shown: Omit<Shown, 'counted'> | undefined;
  let counted: Counted | undefined;
  let isBegun = false;
  let mayReuse = false;

  const showCounted = (next: Counted) => {
    counted = next;
    if (shown) histogram.show({ ...shown, counted });
  };

  const keep = (key: string, result: Counted) => {
    kept.delete(key);
    kept.set(key, result);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  };

  async function count(query: Query & { from: string }, step: number): Promise<void> {
    const { signal } = reading;
    const key = JSON.stringify(query);
    const known = mayReuse ? kept.get(key) : undefined;
    if (known) return showCounted(known);
    try {
      // While the service is unavailable, the list says so.
      for await (const result of readCounts(client, query, step, { wait: asLongAsItTakes, signal })) {
        keep(key, result);
        showCounted(result);
      }
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    }
  }

  return {
    /** Shows what is loaded of a view. Its range is counted once. */
    show(next: Omit<Shown, 'counted'>, state: ViewState) {
      shown = next;
      histogram.show({ ...shown, counted });
      const { from, to = Date.now() } = shown.range;
      if (isBegun || from === undefined || from >= to || !(shown.hasOlder || shown.hasNewer)) return;
      isBegun = true;
      count({ ...queryOf(state, from), from: new Date(from).toISOString() }, histogram.stepFor({ from, to }));
    },
    /** Ends the counting for another view. A view that is returned to is not counted once more. */
    leave(isReturn = false) {
      reading.abort();
      reading = new AbortController();
      isBegun = false;
      mayReuse = isReturn;
      counted = undefined;
    },
  };
}
