import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type CountBucket, SEVERITIES, type Severity } from '../../entities/entry.ts';
import { epochMillisecondsOf, parseInstant } from '../../entities/instant.ts';
import { PAGE_BUDGET } from '../../entities/read/how-much.ts';
import type { EntryQuery, LogReader } from '../../entities/read/log-reader.ts';
import { instantOf } from '../../entities/timeline.ts';
import type { GatewayRequest, HttpResponse } from '../http/gateway.ts';
import type { Powertools } from '../http/lambda-handler.ts';
import { RETRIEVAL_METRICS } from '../metric-names.ts';
import type { CountParameters } from './query-parameters.ts';
import { linkToNext, reportBlocks, startOf, toCursor } from './respond-with-page.ts';

interface CountQuery extends Omit<EntryQuery, 'limit'> {
  severities: readonly Severity[];
  from: string;
}

interface CountSource {
  parameters: Pick<CountParameters, 'from' | 'to' | 'step' | 'cursor'>;
  filter: Omit<EntryQuery, 'limit' | 'from' | 'to' | 'below'>;
}

/** Counts a page of entries, with a link to the request that continues where it ended. */
export async function respondWithCounts(
  powertools: Powertools,
  request: GatewayRequest,
  reader: LogReader,
  { parameters, filter }: CountSource,
): Promise<HttpResponse> {
  const { logger, metrics, tracer } = powertools;
  const { from, to, step } = parameters;
  const severities = filter.severities ?? SEVERITIES;
  const sequence = { resource: request.resource, ...filter, severities, from, to };
  const below = startOf(parameters, sequence);
  const onUnreadableBlock = reportBlocks(powertools);
  const { buckets, countedBackTo, next, queries } = await countEntries(
    reader,
    { ...filter, severities, from, to, below, onUnreadableBlock },
    step,
  );
  metrics.addMetric(RETRIEVAL_METRICS.queries, MetricUnit.Count, queries);
  tracer.putAnnotation('buckets', buckets.length);
  logger.info('Entries counted', { buckets: buckets.length, queries, hasNext: next !== undefined });

  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (next)
    headers.Link = linkToNext(request, {
      severity: next.severities.join(),
      cursor: toCursor(next.below, { ...sequence, severities: next.severities }),
    });
  return { status: 200, headers, body: JSON.stringify({ buckets, countedBackTo }) };
}

interface Counts {
  /** Newest first. Buckets without entries are left out. */
  buckets: CountBucket[];
  /** The instant down to which each severity was counted. A severity that was not counted yet is absent. */
  countedBackTo: Partial<Record<Severity, string>>;
  /** What is left to count: the severities, and the position below which they continue. */
  next?: { severities: readonly Severity[]; below: string };
  queries: number;
}

/**
 * Counts a page: warnings and errors first, then info, each within the budget of a page. A page that does not reach
 * the end of the warnings and errors is continued with all severities, any other page with info alone.
 * @param query `to` is the end of the whole time span, `below` where this page begins
 * @param step the length of a bucket in milliseconds. Buckets begin at multiples of it since 1970.
 */
export async function countEntries(
  reader: LogReader,
  { severities, below, to, ...query }: CountQuery,
  step: number,
): Promise<Counts> {
  const buckets = new Map<number, CountBucket>();
  const counts: Counts = { buckets: [], countedBackTo: {}, queries: 0 };

  async function count(counted: readonly Severity[], start: string | undefined): Promise<string | undefined> {
    const page = await reader.newest(
      { ...query, severities: counted, below: start, limit: PAGE_BUDGET.rows },
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

  const important = severities.filter((severity) => severity !== 'info');
  const belowImportant = important.length > 0 ? await count(important, below) : undefined;
  if (belowImportant !== undefined) counts.next = { severities, below: belowImportant };
  else if (severities.includes('info')) {
    const belowInfo = await count(['info'], important.length > 0 ? to : below);
    if (belowInfo !== undefined) counts.next = { severities: ['info'], below: belowInfo };
  }
  counts.buckets = [...buckets.entries()].toSorted(([a], [b]) => b - a).map(([, bucket]) => bucket);
  return counts;
}

function emptyBucket(start: number): CountBucket {
  return { start: new Date(start).toISOString(), info: 0, warning: 0, error: 0 };
}
