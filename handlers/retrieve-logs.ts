import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SEVERITIES } from '../entities/entry.ts';
import { createLogReader } from '../entities/log-reader.ts';
import type { Page } from '../entities/read-page.ts';
import type { GatewayRequest } from './http/gateway-request.ts';
import { HttpProblem, unavailable } from './http/http-problem.ts';
import type { Response } from './http/http-response.ts';
import { lambdaHandler } from './http/lambda-handler.ts';
import { DEFAULT_SERVICES, RETRIEVAL_METRICS } from './metric-names.ts';
import { createTools } from './powertools.ts';
import { toPosition } from './retrieval/cursor.ts';
import { PageBody, toPageResponse } from './retrieval/page-response.ts';
import { entryQuerySchema, pageQuerySchema, parseQuery } from './retrieval/query-parameters.ts';
import { readSettings } from './settings.ts';

const tools = createTools(DEFAULT_SERVICES.retrieval, { maxAttempts: 3 });
const { logger, metrics, tracer } = tools;
const reader = createLogReader({ client: tools.client, ...readSettings(process.env) });

/** GET /logs: the newest entries, newest first. */
async function listEntries(request: GatewayRequest): Promise<Response> {
  const { limit, cursor, severity, contains, from, to } = parseQuery(entryQuerySchema, request.query);
  const severities = severity && SEVERITIES.filter((one) => severity.includes(one));
  const sequence = { resource: request.resource, severities, contains, from, to };
  const below = cursor === undefined ? to : toPosition(cursor, sequence);
  const body = new PageBody();
  const page = await reader.newest({ limit, below, from, severities, contains }, body.add);
  return toPageResponse(request, counted(page), body, sequence);
}

/** GET /dead-letters: what was refused last, newest first. */
async function listDeadLetters(request: GatewayRequest): Promise<Response> {
  const { limit, cursor, from, to } = parseQuery(pageQuerySchema, request.query);
  const sequence = { resource: request.resource, from, to };
  const below = cursor === undefined ? to : toPosition(cursor, sequence);
  const body = new PageBody();
  const page = await reader.deadLetters({ limit, below, from }, body.add);
  return toPageResponse(request, counted(page), body, sequence);
}

/** GET /logs/{id}: the entries under an id, newest first. */
async function findEntries(request: GatewayRequest): Promise<Response> {
  const id = decodePathParameter(request.pathParameters.id ?? '');
  const { limit, cursor, from, to } = parseQuery(pageQuerySchema, request.query);
  const sequence = { resource: request.resource, id, from, to };
  const below = cursor === undefined ? to : toPosition(cursor, sequence);
  const body = new PageBody();
  const page = counted(await reader.withId(id, { limit, below, from }, body.add));
  if (page.count === 0 && page.below === undefined && cursor === undefined)
    throw new HttpProblem(404, 'No entry has this id, or it has expired');
  return toPageResponse(request, page, body, sequence);
}

function counted(page: Page): Page {
  metrics.addMetric(RETRIEVAL_METRICS.returned, MetricUnit.Count, page.count);
  metrics.addMetric(RETRIEVAL_METRICS.queries, MetricUnit.Count, page.queries);
  tracer.putAnnotation('returned', page.count);
  logger.info('Page read', {
    returned: page.count,
    queries: page.queries,
    hasNext: page.below !== undefined,
  });
  return page;
}

/** A REST API hands path parameters on as they stand in the URL. */
function decodePathParameter(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new HttpProblem(400, 'The id in the path is not percent-encoded UTF-8', { cause });
  }
}

async function retrieveLogs(request: GatewayRequest): Promise<Response> {
  switch (request.resource) {
    case '/logs':
      return listEntries(request);
    case '/logs/{id}':
      return findEntries(request);
    case '/dead-letters':
      return listDeadLetters(request);
    default:
      throw new HttpProblem(404, `There is nothing at ${request.resource}`);
  }
}

export const handler = lambdaHandler(tools, retrieveLogs, {
  onUnexpected: (error) => unavailable('The entries cannot be read now: ask again', error),
  unavailableMetric: RETRIEVAL_METRICS.unavailable,
});
