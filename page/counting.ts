import type { LogService, Query } from '../client/log-service.ts';
import { type Counted, readCounts } from '../client/read-counts.ts';

/** Ranges whose counts are kept for a way back. */
const MOST_KEPT = 8;

/** Counts the entries of the range on show, while the list holds but a part of them. */
export function createCounting(
  service: LogService,
  { onCounted, onProblem }: { onCounted: (counted: Counted) => void; onProblem: (error: unknown) => void },
) {
  const kept = new Map<string, Counted>();
  let reading = new AbortController();
  let isBegun = false;
  let mayReuse = false;

  async function count(query: Query & { from: string }, step: number): Promise<void> {
    const { signal } = reading;
    const key = JSON.stringify(query);
    const known = mayReuse ? kept.get(key) : undefined;
    if (known) return onCounted(known);
    try {
      // The list says what is wrong with the service.
      for await (const counted of readCounts(service, query, step, { signal, onOutage: () => {} })) {
        if (signal.aborted) return;
        kept.delete(key);
        kept.set(key, counted);
        const [oldest] = kept.keys();
        if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
        onCounted(counted);
      }
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    }
  }

  return {
    /** Ends the counting for another view. A view that is returned to is not counted once more. */
    leave(isReturn = false) {
      reading.abort();
      reading = new AbortController();
      isBegun = false;
      mayReuse = isReturn;
    },
    /** Counts a range, once for a view. */
    begin(query: Query & { from: string }, step: number) {
      if (isBegun) return;
      isBegun = true;
      count(query, step);
    },
  };
}
