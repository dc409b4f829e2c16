import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SEVERITIES } from '../../entities/entry.ts';
import type { LogReader } from '../../entities/read/log-reader.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { HttpResponse } from '../http/http-response.ts';
import { RETRIEVAL_METRICS } from '../metric-names.ts';
import type { Powertools } from '../powertools.ts';
import { type CountQuery, countEntries } from './count-entries.ts';
import { toCursor } from './cursor.ts';
import { linkToNext } from './page-response.ts';
import type { CountParameters } from './query-parameters.ts';
import { reportBlocks, startOf } from './respond-with-page.ts';

interface CountSource {
  parameters: Pick<CountParameters, 'from' | 'to' | 'step' | 'cursor'>;
  filter: Partial<Omit<CountQuery, 'from' | 'to' | 'below'>>;
}

/** Counts a page of entries, with a link to the request that goes on where it ended. */
export async function respondWithCounts(
  { logger, metrics, tracer }: Powertools,
  request: GatewayRequest,
  reader: LogReader,
  { parameters, filter }: CountSource,
): Promise<HttpResponse> {
  const { from, to, step } = parameters;
  const severities = filter.severities ?? [...SEVERITIES];
  const sequence = { resource: request.resource, ...filter, severities, from, to };
  const below = startOf(parameters, sequence);
  const onUnreadableBlock = reportBlocks({ logger, metrics });
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
