import type { Counted } from '../client/read-counts.ts';
import { SEVERITIES, type Severity } from '../entities/entry.ts';
import type { Loaded } from './time-bars.ts';

/** How many entries of each severity a view has, as far as they are loaded or counted. */
export interface SeverityCounts {
  counts: Readonly<Record<Severity, number>>;
  /** Whether there may be more of it. */
  hasMore: Readonly<Record<Severity, boolean>>;
}

/** What is loaded, and where the range is counted, what that gives, if it is more: following goes on after it. */
export function countsOf({ points, hasOlder, hasNewer }: Loaded, counted?: Counted): SeverityCounts {
  const counts = { info: 0, warning: 0, error: 0 };
  for (const { severity } of points) counts[severity] += 1;
  const isPart = hasOlder || hasNewer;
  const hasMore = { info: isPart, warning: isPart, error: isPart };
  if (!counted) return { counts, hasMore };
  for (const severity of SEVERITIES) {
    const sum = [...counted.buckets.values()].reduce((total, bucket) => total + bucket[severity], 0);
    counts[severity] = Math.max(sum, counts[severity]);
    hasMore[severity] = isPart && !counted.complete.includes(severity);
  }
  return { counts, hasMore };
}
