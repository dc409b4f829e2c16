import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from './engine/create-table.ts';
import { startEmbeddedEngine } from './engine/embedded-engine.ts';
import { startSweeping } from './engine/sweep-expired.ts';
import { FunctionThread } from './functions/function-thread.ts';
import { readLocalSettings } from './local-settings.ts';
import { createLocalServer } from './server/local-server.ts';
import { prepareEnd } from './server/prepare-end.ts';

/** What the functions find in their environment, unless it is set already. A local engine takes any credentials. */
const ENVIRONMENT = {
  TABLE_NAME: 'logs',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  POWERTOOLS_LOG_LEVEL: 'WARN',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Serves the API on this machine until SIGINT or SIGTERM. */
async function start(): Promise<void> {
  const { host, port, dataDirectory, allowedHosts, endpoint } = readLocalSettings(process.env);
  Object.assign(process.env, { ...ENVIRONMENT, ...process.env });

  const engine = endpoint === undefined ? await startEmbeddedEngine(dataDirectory) : undefined;
  process.env.AWS_ENDPOINT_URL_DYNAMODB ??= engine?.endpoint;
  const client = new DynamoDBClient({});
  const table = String(process.env.TABLE_NAME);
  // The functions read the environment when they are loaded.
  const [ingest, retrieval] = await Promise.all([
    FunctionThread.start('local-log-ingest', new URL('../handlers/ingest-logs.ts', import.meta.url)),
    FunctionThread.start('local-log-retrieval', new URL('../handlers/retrieve-logs.ts', import.meta.url)),
    createTableIfAbsent(client, table),
  ]);

  const server = createLocalServer({
    functions: { ingest: ingest.invoke, retrieval: retrieval.invoke },
    allowedHosts,
    obstacle: engine?.obstacle,
  });
  const endServer = prepareEnd(server);
  server.listen(port, host);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error)),
  ]).catch((cause) => {
    throw new Error(describeListenError(cause, host, port), { cause });
  });
  greet(server.address() as AddressInfo, endpoint ?? `embedded engine, data in ${dataDirectory}`);
  const stopSweeping = engine && startSweeping(client, table);

  await toldToEnd();
  await endServer();
  await stopSweeping?.();
  await Promise.all([ingest.stop(), retrieval.stop()]);
  await engine?.close();
  process.exit(0);
}

/** Resolves on SIGINT or SIGTERM. npm passes on what the terminal has sent already, so a second one says nothing. */
async function toldToEnd(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
}

function describeListenError({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken: stop what uses it, or choose another with PORT`;
  return `Cannot listen on ${host}, port ${port}: ${message}`;
}

function greet({ address, family, port }: AddressInfo, engine: string): void {
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const entry =
    '{"id":"unique-id-123","datetime":"2023-11-15T12:05:00Z","severity":"info","message":"Log content here"}';
  console.log(`Log service at ${url} (${engine}); open it in a browser to read the logs`);
  console.log(`Try:  curl ${url}/logs -d '${entry}'`);
  console.log(`      curl ${url}/logs`);
}
