import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { startEmbeddedEngine } from '../../local/engine/embedded-engine.ts';
import { lambdaContext } from '../../local/functions/to-gateway-event.ts';
import { createLocalServer, type LocalServerOptions } from '../../local/server/local-server.ts';
import { type BundledHandlers, startBundledHandlers } from './bundled-handlers.ts';

export interface Service {
  /** Where the API is served, without a slash at the end. */
  url: string;
  endpoint: string;
  table: string;
  client: DynamoDBClient;
  close(): Promise<void>;
}

/**
 * Serves the API over a table of its own, in the engine named by AWS_ENDPOINT_URL_DYNAMODB or else an embedded
 * one. The functions read their environment when they are loaded, so a test file starts one service.
 * @param environment of the functions, over the defaults; AWS_ENDPOINT_URL_DYNAMODB puts a proxy before the engine
 * @param options of the local server before them
 */
export async function startService(
  environment: Record<string, string> = {},
  options: Omit<LocalServerOptions, 'functions'> = {},
): Promise<Service> {
  const table = `logs-${randomUUID()}`;
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const engine = given === undefined ? await startEmbeddedEngine() : undefined;
  const endpoint = given ?? String(engine?.endpoint);
  const client = createTestClient(endpoint);
  await createTableIfAbsent(client, table);
  Object.assign(process.env, {
    TABLE_NAME: table,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    ...environment,
  });
  const { ingest, retrieval, stop } = await startHandlers(environment);
  const server = createLocalServer({
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
    endpoint,
    table,
    client,
    close: async () => {
      server.closeAllConnections();
      server.close();
      client.destroy();
      await stop();
      await engine?.close();
    },
  };
}

/** The handlers in this process, or with FUNCTIONS_UNDER_TEST=bundles as they are uploaded. */
async function startHandlers(environment: Record<string, string>): Promise<BundledHandlers> {
  if (process.env.FUNCTIONS_UNDER_TEST === 'bundles')
    return startBundledHandlers(['TABLE_NAME', 'AWS_ENDPOINT_URL_DYNAMODB', ...Object.keys(environment)]);
  const { handler: ingest } = await import('../../handlers/ingest-logs.ts');
  const { handler: retrieval } = await import('../../handlers/retrieve-logs.ts');
  return { ingest, retrieval, stop: async () => {} };
}

/** A client of a local engine. The engine takes any credentials. */
export function createTestClient(endpoint: string, config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    ...config,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}
