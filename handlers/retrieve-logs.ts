import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SEVERITIES } from '../entities/entry.ts';
import { toLogEntryJson } from '../entities/log-entry.ts';
import { createLogReader, type LogReader } from '../entities/log-reader.ts';
import type { Collect, OnUnreadableBlock, Page, PageQuery } from '../entities/read-page.ts';
import type { GatewayRequest } from './http/gateway-request.ts';
import { HttpProblem, unavailable } from './http/http-problem.ts';
import type { HttpResponse } from './http/http-response.ts';
import { type Endpoint, type LambdaHandler, lambdaHandler } from './http/lambda-handler.ts';
import { isId } from './ingest/entry-schema.ts';
import { DEFAULT_SERVICES, RETRIEVAL_METRICS } from './metric-names.ts';
import type { Powertools } from './powertools.ts';
import { countEntries } from './retrieval/count-entries.ts';
import { toCursor, toPosition } from './retrieval/cursor.ts';
import { linkToNext, PageBody, toPageResponse } from './retrieval/page-response.ts';
import {
  countQuerySchema,
  entryQuerySchema,
  type FilterParameters,
  type PageParameters,
  pageQuerySchema,
  parseQuery,
} from './retrieval/query-parameters.ts';
import type { RouteName } from './routes.ts';
import { readSettings } from './settings.ts';
import { createWarmHandler } from './warm-up.ts';

const settings = readSettings(process.env);

/** Any valid request to GET /logs. */
const WARM_UP_EVENT = { resource: '/logs', path: '/logs', httpMethod: 'GET' };

const NO_ENTRY = 'No entry has this id, or it has expired';

/** The retrieval function. All its pages are newest first. */
export const handler = await createWarmHandler({
  service: DEFAULT_SERVICES.retrieval,
  clientConfig: { maxAttempts: 3 },
  // Both handlers share the reader. It remembers nothing but numbers of what it found, and the warm-up finds nothing.
  createStore: (client) => createLogReader({ client, ...settings }),
  createHandler,
  warmUpEvent: WARM_UP_EVENT,
});

function createHandler(reader: LogReader, powertools: Powertools): LambdaHandler {
  const pages: Record<RouteName<'retrieval'>, Endpoint> = {
    /** The newest entries. */
    'GET /logs': {
      respond(request) {
        const { filter, ...parameters } = withFilter(parseQuery(entryQuerySchema, request.query));
        return respondWithPage(powertools, request, {
          parameters,
          filter,
          read: (query, collect) =>
            reader.newest({ ...query, ...filter }, (entry) => collect(toLogEntryJson(entry))),
        });
      },
    },
    /** How many entries there are, by time and severity. */
    'GET /counts': {
      async respond(request) {
        const { filter, step, ...parameters } = withFilter(parseQuery(countQuerySchema, request.query));
        const { from, to } = parameters;
        const severities = filter.severities ?? [...SEVERITIES];
        const sequence = { resource: request.resource, ...filter, severities, from, to };
        const below = startOf(parameters, sequence);
        const counts = await countEntries(
          reader,
          { ...filter, severities, from, to, below, onUnreadableBlock: reportBlocks(powertools) },
          step,
        );
        const { buckets, countedBackTo, next, queries } = counts;
        report(powertools, { count: buckets.length, queries, below: next?.below });
        const headers: Record<string, string> = { 'Content-Type': 'application/json' };
        if (next)
          headers.Link = linkToNext(request, {
            severity: next.severities.join(),
            cursor: toCursor(next.below, { ...sequence, severities: next.severities }),
          });
        return { status: 200, headers, body: JSON.stringify({ buckets, countedBackTo }) };
      },
    },
    /** The entries under one id. */
    'GET /logs/{id}': {
      respond(request) {
        const id = decodePathParameter(request.pathParameters.id ?? '');
        // A key of DynamoDB could not even hold it.
        if (!isId(id)) throw new HttpProblem(404, NO_ENTRY);
        return respondWithPage(powertools, request, {
          parameters: parseQuery(pageQuerySchema, request.query),
          filter: { id },
          read: (query, collect) => reader.withId(id, query, (entry) => collect(toLogEntryJson(entry))),
          nothingFound: NO_ENTRY,
        });
      },
    },
    /** What was refused last. */
    'GET /dead-letters': {
      respond(request) {
        return respondWithPage(powertools, request, {
          parameters: parseQuery(pageQuerySchema, request.query),
          filter: {},
          read: (query, collect) => reader.deadLetters(query, (letter) => collect(JSON.stringify(letter))),
        });
      },
    },
  };
  return lambdaHandler(powertools, pages, {
    toProblem: (error) => unavailable('The entries cannot be read now: try again later', error),
    unavailableMetric: RETRIEVAL_METRICS.unavailable,
  });
}

interface PageSource {
  parameters: PageParameters;
  /** What the sequence depends on besides the resource and the time span. A cursor is valid for one sequence. */
  filter: object;
  /** Collects the JSON of each value. */
  read(query: PageQuery, collect: Collect<string>): Promise<Page>;
  /** The detail of a 404 if the whole sequence is empty. Default: an empty sequence is an empty page. */
  nothingFound?: string;
}

async function respondWithPage(
  powertools: Powertools,
  request: GatewayRequest,
  { parameters, filter, read, nothingFound }: PageSource,
): Promise<HttpResponse> {
  const { limit, cursor, from, to } = parameters;
  const sequence = { resource: request.resource, ...filter, from, to };
  const below = startOf(parameters, sequence);
  const body = new PageBody();
  const page = await read(
    {
      limit,
      below,
      from,
      to,
      onUnreadableBlock: reportBlocks(powertools),
    },
    body.collect,
  );
  report(powertools, page);
  const isSequenceEmpty = page.count === 0 && page.below === undefined && cursor === undefined;
  if (nothingFound !== undefined && isSequenceEmpty) throw new HttpProblem(404, nothingFound);
  return toPageResponse(request, page, body, sequence);
}

/** Where a page begins. @throws HttpProblem 400 for a cursor of another sequence or before `from` */
function startOf({ cursor, from, to }: Omit<PageParameters, 'limit'>, sequence: object): string | undefined {
  const below = cursor === undefined ? to : toPosition(cursor, sequence);
  if (below !== undefined && from !== undefined && below < from)
    throw new HttpProblem(400, 'cursor lies before from: leave one of them out', {
      extension: { errors: [{ path: 'cursor', message: 'lies before from' }] },
    });
  return below;
}

/** Parameters, with those that choose entries as the reader takes them. */
function withFilter<Parameters extends FilterParameters>(parsed: Parameters) {
  const {
    severity,
    contains,
    excludes,
    case: textCase,
    attributes,
    excludedAttributes,
    ...parameters
  } = parsed;
  const severities = severity && SEVERITIES.filter((one) => severity.includes(one));
  return {
    filter: { severities, contains, excludes, textCase, attributes, excludedAttributes },
    ...parameters,
  };
}

function report({ logger, metrics, tracer }: Powertools, { count, queries, below }: Page): void {
  metrics.addMetric(RETRIEVAL_METRICS.returned, MetricUnit.Count, count);
  metrics.addMetric(RETRIEVAL_METRICS.queries, MetricUnit.Count, queries);
  tracer.putAnnotation('returned', count);
  logger.info('Page read', { returned: count, queries, hasNext: below !== undefined });
}

/** The cause quotes messages, so only the place of the block is logged. */
function reportBlocks({ logger, metrics }: Powertools): OnUnreadableBlock {
  return ({ pk, position }, { message }) => {
    metrics.addMetric(RETRIEVAL_METRICS.unreadableBlocks, MetricUnit.Count, 1);
    logger.error(message, { partition: pk, block: position });
  };
}

/** A REST API hands path parameters on as they stand in the URL. */
function decodePathParameter(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new HttpProblem(400, 'The id in the path is not percent-encoded UTF-8', { cause });
  }
}
