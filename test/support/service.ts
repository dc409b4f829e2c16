import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaHandler } from '../../handlers/http/lambda-handler.ts';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { lambdaContext } from '../../local/functions/to-gateway-event.ts';
import { createLocalServer, type LocalServerOptions } from '../../local/server/local-server.ts';
import { type Handlers, startBundledHandlers } from './bundled-function.ts';
import { createTestClient, ENGINE_ENDPOINT, ENGINE_ENVIRONMENT } from './table.ts';

export interface Service {
  /** Where the API is served, without a slash at the end. */
  url: string;
  table: string;
  client: DynamoDBClient;
  ingest: LambdaHandler;
  retrieval: LambdaHandler;
  close(): Promise<void>;
}

let started = 0;

/**
 * Serves the API over a table of its own, in the engine of all tests. One at a time in a test file, because the
 * functions' SDK reads variables of this process at the first request.
 * @param environment of the functions, over the defaults; AWS_ENDPOINT_URL_DYNAMODB puts a proxy before the engine
 * @param options of the local server before them
 */
export async function startService(
  environment: Record<string, string> = {},
  options: Omit<LocalServerOptions, 'functions'> = {},
): Promise<Service> {
  const table = `logs-${randomUUID()}`;
  const client = createTestClient(ENGINE_ENDPOINT);
  await createTableIfAbsent(client, table);
  const { ingest, retrieval, stop } = await startHandlers({
    TABLE_NAME: table,
    ...ENGINE_ENVIRONMENT,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    ...environment,
  });
  const server = createLocalServer({
    corsOrigin: environment.CORS_ORIGIN,
    ...options,
    functions: {
      ingest: (event) => ingest(event, lambdaContext('ingest')),
      retrieval: (event) => retrieval(event, lambdaContext('retrieval')),
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    table,
    client,
    ingest,
    retrieval,
    close: async () => {
      server.closeAllConnections();
      server.close();
      client.destroy();
      await stop();
    },
  };
}

/** The handlers in this process, or with FUNCTIONS_UNDER_TEST=bundles as they are uploaded. */
async function startHandlers(environment: Record<string, string>): Promise<Handlers> {
  if (process.env.FUNCTIONS_UNDER_TEST === 'bundles') return startBundledHandlers(environment);
  const stop = setEnvironment(environment);
  // The functions read their environment when they are loaded. A query loads them anew, but nothing they import.
  started++;
  const { handler: ingest } = await import(`../../handlers/ingest-logs.ts?${started}`);
  const { handler: retrieval } = await import(`../../handlers/retrieve-logs.ts?${started}`);
  return { ingest, retrieval, stop };
}

/** Sets variables of this process. The result sets them back to what they were. */
function setEnvironment(environment: Record<string, string>): () => Promise<void> {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  return async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
