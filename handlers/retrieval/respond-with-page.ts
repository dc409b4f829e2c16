import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Collect, OnUnreadableBlock, Page, PageQuery } from '../../entities/read/read-page.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { HttpResponse } from '../http/http-response.ts';
import { RETRIEVAL_METRICS } from '../metric-names.ts';
import type { Powertools } from '../powertools.ts';
import { toPosition } from './cursor.ts';
import { PageBody, toPageResponse } from './page-response.ts';
import type { PageParameters } from './query-parameters.ts';

interface PageSource {
  parameters: PageParameters;
  /** What the sequence depends on besides the resource and the time span. A cursor is valid for one sequence. */
  filter: object;
  /** Collects the JSON of each value. */
  read(query: PageQuery, collect: Collect<string>): Promise<Page>;
  /** The detail of a 404 if the whole sequence is empty. Default: an empty sequence is an empty page. */
  nothingFound?: string;
}

/** Reads a page and responds with it. @throws HttpProblem 400 for a wrong cursor, 404 for `nothingFound` */
export async function respondWithPage(
  powertools: Powertools,
  request: GatewayRequest,
  { parameters, filter, read, nothingFound }: PageSource,
): Promise<HttpResponse> {
  const { limit, cursor, from, to } = parameters;
  const sequence = { resource: request.resource, ...filter, from, to };
  const below = startOf(parameters, sequence);
  const body = new PageBody();
  const onUnreadableBlock = reportBlocks(powertools);
  const page = await read({ limit, below, from, to, onUnreadableBlock }, body.collect);
  report(powertools, page);
  const isSequenceEmpty = page.count === 0 && page.below === undefined && cursor === undefined;
  if (nothingFound !== undefined && isSequenceEmpty) throw new HttpProblem(404, nothingFound);
  return toPageResponse(request, page, body, sequence);
}

/** Where a page begins. @throws HttpProblem 400 for a cursor of another sequence or before `from` */
export function startOf(
  { cursor, from, to }: Omit<PageParameters, 'limit'>,
  sequence: object,
): string | undefined {
  const below = cursor === undefined ? to : toPosition(cursor, sequence);
  if (below !== undefined && from !== undefined && below < from)
    throw new HttpProblem(400, 'cursor lies before from: leave one of them out', {
      extension: { errors: [{ path: 'cursor', message: 'lies before from' }] },
    });
  return below;
}

function report({ logger, metrics, tracer }: Powertools, { count, queries, below }: Page): void {
  metrics.addMetric(RETRIEVAL_METRICS.returned, MetricUnit.Count, count);
  metrics.addMetric(RETRIEVAL_METRICS.queries, MetricUnit.Count, queries);
  tracer.putAnnotation('returned', count);
  logger.info('Page read', { returned: count, queries, hasNext: below !== undefined });
}

/** Reports damaged blocks that are passed over. The cause quotes messages, so only the place of a block is logged. */
export function reportBlocks({ logger, metrics }: Pick<Powertools, 'logger' | 'metrics'>): OnUnreadableBlock {
  return ({ pk, position }, { message }) => {
    metrics.addMetric(RETRIEVAL_METRICS.unreadableBlocks, MetricUnit.Count, 1);
    logger.error(message, { partition: pk, block: position });
  };
}
