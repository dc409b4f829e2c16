import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableIfAbsent } from './create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from './embedded-engine.ts';
import { readLocalSettings } from './local-settings.ts';
import { createLocalServer } from './server.ts';

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

/** Time that requests under way have to end once the server is told to stop. */
const LAST_REQUESTS_MS = 3_000;

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Serves the API on this machine until SIGINT or SIGTERM. */
async function start(): Promise<void> {
  const { host, port, dataDirectory, endpoint } = readLocalSettings(process.env);
  Object.assign(process.env, { ...ENVIRONMENT, ...process.env });

  const engine = endpoint === undefined ? await startEngine(dataDirectory) : undefined;
  process.env.AWS_ENDPOINT_URL_DYNAMODB ??= engine?.endpoint;
  // The functions read the environment when they are loaded.
  const { handler: ingest } = await import('../handlers/ingest-logs.ts');
  const { handler: retrieval } = await import('../handlers/retrieve-logs.ts');
  await createTableIfAbsent(new DynamoDBClient({}), String(process.env.TABLE_NAME));

  const server = createLocalServer({ ingest, retrieval });
  server.listen(port, host);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error)),
  ]).catch((cause) => {
    throw new Error(describeListenError(cause, host, port), { cause });
  });
  greet(server.address() as AddressInfo, endpoint ?? `embedded engine, data in ${dataDirectory}`);

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS);
  await once(server, 'close');
  await engine?.close();
  process.exit(0);
}

async function startEngine(dataDirectory: string): Promise<EmbeddedEngine> {
  try {
    return await startEmbeddedEngine(dataDirectory);
  } catch (cause) {
    throw new Error(`The data in ${dataDirectory} cannot be opened: is another server using them?`, {
      cause,
    });
  }
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
