import { createLogWriter } from '../entities/log-writer.ts';
import { corsHeaders } from './http/cors.ts';
import { unavailable } from './http/http-problem.ts';
import { type Endpoint, lambdaHandler } from './http/lambda-handler.ts';
import { entriesInlet } from './ingest/entries-inlet.ts';
import { splitRecords } from './ingest/split-records.ts';
import { createStoreRecords } from './ingest/store-records.ts';
import { splitLoggerRecords } from './json/split-logger-records.ts';
import { DEFAULT_SERVICES, INGEST_METRICS } from './metric-names.ts';
import { otlpInlet } from './otlp/otlp-inlet.ts';
import { createPowertools, createTracedClient } from './powertools.ts';
import type { RouteName } from './routes.ts';
import { readSettings } from './settings.ts';

const powertools = createPowertools(DEFAULT_SERVICES.ingest);
const client = createTracedClient(powertools.tracer, {
  // The writer retries by itself within its time budget. It could not account for retries of the SDK.
  maxAttempts: 1,
  // All requests use the same middleware, so it is composed only once.
  cacheMiddleware: true,
});
const { corsOrigin, ...settings } = readSettings(process.env);
const writer = createLogWriter({ client, ...settings });
const store = createStoreRecords(powertools, writer);

const INLETS: Record<RouteName<'ingest'>, Endpoint> = {
  'POST /logs': entriesInlet(store, splitRecords),
  'POST /v1/logs': otlpInlet(store),
  'POST /v1/json': entriesInlet(store, splitLoggerRecords),
};

/** The ingest function. */
export const handler = lambdaHandler(powertools, INLETS, {
  // Some shippers drop their data on 500. Whatever went wrong, 503 makes them send it again.
  toProblem: (error) => unavailable('The request could not be stored: send it again', error),
  unavailableMetric: INGEST_METRICS.unavailable,
  headers: corsHeaders(corsOrigin),
});
