import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SEVERITIES } from '../entities/entry.ts';
import { toLogEntryJson } from '../entities/log-entry.ts';
import { createRequireLayout, OtherLayoutError } from '../entities/read/list-days.ts';
import { createLogReader } from '../entities/read/log-reader.ts';
import { HttpProblem, unavailable } from './http/http-problem.ts';
import { type Endpoint, type LambdaHandler, lambdaHandler, type Powertools } from './http/lambda-handler.ts';
import { ID_LIMIT_BYTES } from './limits.ts';
import { DEFAULT_SERVICES, RETRIEVAL_METRICS } from './metric-names.ts';
import type { FilterParameters } from './retrieval/filter-parameters.ts';
import {
  countQuerySchema,
  entryQuerySchema,
  idQuerySchema,
  pageQuerySchema,
  parseQuery,
} from './retrieval/query-parameters.ts';
import { respondWithCounts } from './retrieval/respond-with-counts.ts';
import { respondWithPage } from './retrieval/respond-with-page.ts';
import type { RouteName } from './routes.ts';
import { readSettings } from './settings.ts';
import { startFunction } from './start-function.ts';

const settings = readSettings(process.env);

/** A request that reads a page of the newest entries. */
const WARM_UP_EVENT = { resource: '/logs', path: '/logs', httpMethod: 'GET' };

const NO_ENTRY = 'No entry has this id, or it has expired';

/** The retrieval function. All pages are newest first. */
export const handler = await startFunction({
  service: DEFAULT_SERVICES.retrieval,
  clientConfig: { maxAttempts: 3 },
  createStore,
  createHandler,
  warmUpEvent: WARM_UP_EVENT,
});

/** Both handlers share the reader. It only remembers how much it found, and the warm-up finds nothing. */
function createStore(client: DynamoDBClient) {
  const { table } = settings;
  return {
    reader: createLogReader({ client, table }),
    createRequireLayout: () => createRequireLayout({ client, table }),
  };
}

function createHandler(store: ReturnType<typeof createStore>, powertools: Powertools): LambdaHandler {
  const { reader } = store;
  const requireLayout = store.createRequireLayout();
  const pages: Record<RouteName<'retrieval'>, Endpoint> = {
    /** The newest entries. */
    'GET /logs': {
      respond(request) {
        const { filter, fields, ...parameters } = withFilter(parseQuery(entryQuerySchema, request.query));
        return respondWithPage(powertools, request, {
          parameters,
          filter,
          read: (query, collect) =>
            reader.newest({ ...query, ...filter }, (entry) =>
              collect(toLogEntryJson(entry, fields?.includes('sender'))),
            ),
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
        // No entry can have such an id, and a key of DynamoDB has no room for it.
        if (id === '' || Buffer.byteLength(id) > ID_LIMIT_BYTES) throw new HttpProblem(404, NO_ENTRY);
        const { fields, ...parameters } = parseQuery(idQuerySchema, request.query);
        return respondWithPage(powertools, request, {
          parameters,
          filter: { id },
          read: (query, collect) =>
            reader.withId(id, query, (entry) => collect(toLogEntryJson(entry, fields?.includes('sender')))),
          nothingFound: NO_ENTRY,
        });
      },
    },
    /** The records that were refused. */
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
    require: requireLayout,
    toProblem: (error) =>
      unavailable(
        error instanceof OtherLayoutError ? error.message : 'The entries cannot be read now: try again later',
        error,
      ),
    unavailableMetric: RETRIEVAL_METRICS.unavailable,
  });
}

/** The parameters of a request, those that select entries as the filter of a reader's query. */
function withFilter<Parameters extends FilterParameters>(parsed: Parameters) {
  const {
    severity,
    contains,
    excludes,
    case: textCase,
    word: words,
    sender,
    attributes,
    excludedAttributes,
    ...parameters
  } = parsed;
  const severities = severity && SEVERITIES.filter((one) => severity.includes(one));
  return {
    filter: { severities, contains, excludes, textCase, words, sender, attributes, excludedAttributes },
    ...parameters,
  };
}

/** A REST API passes path parameters as they are written in the URL. */
function decodePathParameter(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new HttpProblem(400, 'The id in the path is not percent-encoded UTF-8', { cause });
  }
}
