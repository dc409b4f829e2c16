import { SEVERITIES } from '../entities/entry.ts';
import { toLogEntryJson } from '../entities/log-entry.ts';
import { createLogReader, type LogReader } from '../entities/read/log-reader.ts';
import { HttpProblem, unavailable } from './http/http-problem.ts';
import { type Endpoint, type LambdaHandler, lambdaHandler } from './http/lambda-handler.ts';
import { isId } from './ingest/entry-schema.ts';
import { DEFAULT_SERVICES, RETRIEVAL_METRICS } from './metric-names.ts';
import type { Powertools } from './powertools.ts';
import {
  countQuerySchema,
  entryQuerySchema,
  type FilterParameters,
  pageQuerySchema,
  parseQuery,
} from './retrieval/query-parameters.ts';
import { respondWithCounts } from './retrieval/respond-with-counts.ts';
import { respondWithPage } from './retrieval/respond-with-page.ts';
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
      respond(request) {
        const { filter, ...parameters } = withFilter(parseQuery(countQuerySchema, request.query));
        return respondWithCounts(powertools, request, reader, { parameters, filter });
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

/** A REST API hands path parameters on as they stand in the URL. */
function decodePathParameter(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new HttpProblem(400, 'The id in the path is not percent-encoded UTF-8', { cause });
  }
}
