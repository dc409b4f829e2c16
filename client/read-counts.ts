import { type CountBucket, SEVERITIES, type Severity } from '../entities/entry.ts';
import { isCountBucket, isDatetime, isObject } from './is-entry.ts';
import { type LogClient, parseJson, type ReadBody } from './log-client.ts';
import type { Patience } from './patience.ts';
import { type Query, requestParametersOf } from './query.ts';
import { millisecondsOf } from './time.ts';

/** How many entries of a range there are by time and severity, as far as they have been counted. */
export interface Counted {
  /** The length of a bucket in milliseconds. */
  step: number;
  /** By the start of the bucket, milliseconds since 1970. */
  buckets: Map<number, Record<Severity, number>>;
  /** From this instant on, all entries that were asked for are counted. Milliseconds since 1970. */
  completeFrom: number;
  /** The severities that are counted back to the beginning of the range. */
  complete: Severity[];
}

/** Pages of counts that are read for one range: each may cost the service a scan. */
const MOST_PAGES = 10;

/**
 * Counts the entries that match, page by page: warnings and errors first, then info from the newest on.
 * @param query with the beginning of the range
 * @param step the length of a bucket in milliseconds
 * @throws ServiceError when the patience ends
 */
export async function* readCounts(
  client: LogClient,
  query: Query & { from: string },
  step: number,
  patience: Patience,
): AsyncGenerator<Counted, void> {
  const asked = query.severity.length > 0 ? query.severity : SEVERITIES;
  const buckets: Counted['buckets'] = new Map();
  const backTo = new Map<string, number>();
  const start = millisecondsOf(query.from);
  let pagesLeft = MOST_PAGES;
  // There are few warnings and errors, so they are soon counted.
  for (const severity of [asked.filter((one) => one !== 'info'), asked.filter((one) => one === 'info')]) {
    if (severity.length === 0) continue;
    for await (const page of client.pages(
      countsUrl(client, { ...query, severity }, step),
      countsIn,
      patience,
    )) {
      for (const bucket of page.buckets) add(buckets, bucket);
      for (const [name, instant] of Object.entries(page.countedBackTo))
        backTo.set(name, millisecondsOf(instant));
      const completeFrom = Math.max(...asked.map((name) => backTo.get(name) ?? Number.POSITIVE_INFINITY));
      const complete = SEVERITIES.filter((name) => (backTo.get(name) ?? Number.POSITIVE_INFINITY) <= start);
      yield { step, buckets, completeFrom, complete };
      pagesLeft -= 1;
      if (pagesLeft === 0) return;
    }
  }
}

function countsUrl(client: LogClient, query: Query, step: number): URL {
  const parameters = requestParametersOf(query);
  parameters.set('step', String(step / 1_000));
  return client.urlOf(`/counts?${parameters}`);
}

interface CountsPage {
  buckets: CountBucket[];
  /** RFC 3339, by severity: the instant down to which it is counted. */
  countedBackTo: Record<string, string>;
}

/** The counts of a page of GET /counts. */
const countsIn: ReadBody<CountsPage> = (body) => {
  const { buckets, countedBackTo } = Object(parseJson(body)) as Partial<CountsPage>;
  if (!Array.isArray(buckets) || !buckets.every(isCountBucket)) return undefined;
  if (!isObject(countedBackTo) || !Object.values(countedBackTo).every(isDatetime)) return undefined;
  return { buckets, countedBackTo };
};

function add(buckets: Counted['buckets'], { start, ...counts }: CountBucket): void {
  const time = Date.parse(start);
  const sum = buckets.get(time) ?? { info: 0, warning: 0, error: 0 };
  for (const severity of SEVERITIES) sum[severity] += counts[severity];
  buckets.set(time, sum);
}
