import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { corsHeaders } from './http/cors.ts';
import { unavailable } from './http/http-problem.ts';
import { type Endpoint, type LambdaHandler, lambdaHandler, type Powertools } from './http/lambda-handler.ts';
import { createCheckAndStore } from './ingest/check-and-store.ts';
import {
  CLOUDWATCH_LOGS_ROUTE,
  cloudWatchLogsInlet,
  SUBSCRIPTION_EVENTS,
} from './ingest/cloudwatch/cloudwatch-logs-inlet.ts';
import { countMatches } from './ingest/count-matches.ts';
import { loggersInlet } from './ingest/loggers/loggers-inlet.ts';
import { logsInlet } from './ingest/logs/logs-inlet.ts';
import { otlpInlet } from './ingest/otlp/otlp-inlet.ts';
import { DEFAULT_SERVICES, INGEST_METRICS } from './metric-names.ts';
import type { RouteName } from './routes.ts';
import { readSettings } from './settings.ts';
import { startFunction } from './start-function.ts';

const { corsOrigin, ownLogGroups, watches, ...settings } = readSettings(process.env);

/**
 * A usual request, with entries for two batches. With fewer, the first client waits longer. With more, the start
 * takes longer than the first client saves.
 */
const WARM_UP_EVENT = {
  resource: '/logs',
  path: '/logs',
  httpMethod: 'POST',
  body: JSON.stringify(
    Array.from({ length: 40 }, (_, at) => ({
      id: String(at),
      datetime: '2000-01-01T00:00:00Z',
      severity: 'info',
      message: 'Warm-up',
    })),
  ),
};

/** The ingest function. */
export const handler = await startFunction({
  service: DEFAULT_SERVICES.ingest,
  clientConfig: {
    // The writer retries by itself within its time budget. It could not account for retries of the SDK.
    maxAttempts: 1,
    // All requests use the same middleware, so it is composed once.
    cacheMiddleware: true,
  },
  // Each handler has its own writer, because a writer remembers which days it has announced.
  createStore: (client) => client,
  createHandler,
  warmUpEvent: WARM_UP_EVENT,
});

function createHandler(client: DynamoDBClient, powertools: Powertools): LambdaHandler {
  const writer = createLogWriter({ client, ...settings });
  const store = createCheckAndStore(powertools, writer, watches && countMatches(watches));
  const inlets: Record<RouteName<'ingest'> | typeof CLOUDWATCH_LOGS_ROUTE, Endpoint> = {
    'POST /logs': logsInlet(store),
    'POST /v1/logs': otlpInlet(store),
    'POST /v1/json': loggersInlet(store),
    [CLOUDWATCH_LOGS_ROUTE]: cloudWatchLogsInlet(store, ownLogGroups),
  };
  return lambdaHandler(powertools, inlets, {
    // Some shippers drop their data on 500. 503 makes them send it again, whatever went wrong.
    toProblem: (error) => unavailable('The request could not be stored: send it again', error),
    unavailableMetric: INGEST_METRICS.unavailable,
    otherEvents: SUBSCRIPTION_EVENTS,
    headers: corsHeaders(corsOrigin),
  });
}
