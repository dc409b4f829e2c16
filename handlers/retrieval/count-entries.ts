import type { Severity } from '../../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../../entities/instant.ts';
import type { EntryQuery, LogReader } from '../../entities/read/log-reader.ts';
import { instantOf } from '../../entities/timeline.ts';

/** Entries that one reading counts, at most. The budget of a page ends it sooner where a filter passes over many. */
const MOST_COUNTED = 50_000;

/** How many entries of each severity lie in a stretch of time that begins at `start`. */
export type CountBucket = { start: string } & Record<Severity, number>;

export interface Counts {
  /** Newest first. Those without entries are left out. */
  buckets: CountBucket[];
  /** The instant down to which each severity was counted. Absent, none of it was. */
  countedBackTo: Partial<Record<Severity, string>>;
  /** What is left to count: the severities, and the position below which they go on. */
  next?: { severities: Severity[]; below: string };
  queries: number;
}

export interface CountQuery extends Omit<EntryQuery, 'limit'> {
  severities: Severity[];
  from: string;
  /** The end of the time span, which `below` continues. */
  to?: string;
}

/**
 * Counts a page: warnings and errors first, in their own index, then info, as far as the budget of a page goes for
 * each. A page that did not reach the end of the warnings and errors goes on with them, any other with info.
 * @param step the length of a bucket in milliseconds. Buckets begin at multiples of it since 1970.
 */
export async function countEntries(
  reader: LogReader,
  { severities, below, to, ...query }: CountQuery,
  step: number,
): Promise<Counts> {
  const buckets = new Map<number, CountBucket>();
  const counts: Counts = { buckets: [], countedBackTo: {}, queries: 0 };

  async function count(counted: Severity[], start: string | undefined): Promise<string | undefined> {
    const page = await reader.newest(
      { ...query, severities: counted, below: start, limit: MOST_COUNTED },
      ({ datetime, severity }) => {
        const bucket = Math.floor(epochMillisecondsOf(parseInstant(datetime)) / step) * step;
        const known = buckets.get(bucket) ?? emptyBucket(bucket);
        known[severity]++;
        buckets.set(bucket, known);
        return true;
      },
    );
    counts.queries += page.queries;
    const end = page.below === undefined ? query.from : instantOf(page.below);
    for (const severity of counted) counts.countedBackTo[severity] = end;
    return page.below;
  }

  const indexed = severities.filter((severity) => severity !== 'info');
  const rest = indexed.length > 0 ? await count(indexed, below) : undefined;
  if (rest !== undefined) counts.next = { severities, below: rest };
  else if (severities.includes('info')) {
    const restOfInfo = await count(['info'], indexed.length > 0 ? to : below);
    if (restOfInfo !== undefined) counts.next = { severities: ['info'], below: restOfInfo };
  }
  counts.buckets = [...buckets.entries()].toSorted(([a], [b]) => b - a).map(([, bucket]) => bucket);
  return counts;
}

function emptyBucket(start: number): CountBucket {
  return { start: new Date(start).toISOString(), info: 0, warning: 0, error: 0 };
}
