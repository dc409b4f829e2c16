import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { toGatewayResult } from '../handlers/http/gateway.ts';
import { HttpProblem, toProblemResponse } from '../handlers/http/http-problem.ts';
import { readSettings } from '../handlers/settings.ts';
import { createTableIfAbsent } from './engine/create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from './engine/embedded-engine.ts';
import { startSweeping } from './engine/sweep-expired.ts';
import { FunctionThread } from './functions/function-thread.ts';
import { readLocalSettings } from './local-settings.ts';
import { createLocalServer, type Invoke } from './server/local-server.ts';
import { prepareEnd } from './server/prepare-end.ts';

/** Environment of the functions where it is not set already. Other local engines accept any credentials. */
const DEFAULT_ENVIRONMENT = {
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
  Object.assign(process.env, { ...DEFAULT_ENVIRONMENT, ...process.env });
  const { table, corsOrigin } = readSettings(process.env);

  const engine = endpoint === undefined ? await startEmbeddedEngine(dataDirectory) : undefined;
  if (engine) useEngine(engine);
  const client = new DynamoDBClient({});
  // The functions read the environment when they are loaded, so the engine must be running before.
  const [ingest, retrieval] = await Promise.all([
    FunctionThread.start('local-log-ingest', new URL('../handlers/ingest-logs.ts', import.meta.url)),
    FunctionThread.start('local-log-retrieval', new URL('../handlers/retrieve-logs.ts', import.meta.url)),
    openTable(client, table, endpoint, engine),
  ]);

  const server = createLocalServer({
    functions: { ingest: ingest.invoke, retrieval: explainDamage(retrieval.invoke, engine) },
    allowedHosts,
    corsOrigin,
    obstacle: engine?.obstacle,
  });
  const endServer = prepareEnd(server);
  await listen(server, host, port);
  const ending = endSignal();
  greet(server.address() as AddressInfo, endpoint ?? `embedded engine, data in ${dataDirectory}`);
  const stopSweeping = engine && startSweeping(client, table);

  await ending;
  await endServer();
  await stopSweeping?.();
  await Promise.all([ingest.stop(), retrieval.stop()]);
  await engine?.close();
  process.exit(0);
}

/** @throws Error that names the engine that does not answer, or the file that is damaged */
async function openTable(
  client: DynamoDBClient,
  table: string,
  endpoint: string | undefined,
  engine: EmbeddedEngine | undefined,
): Promise<void> {
  const damageSince = engine?.watchReads();
  await createTableIfAbsent(client, table).catch(async (cause) => {
    const damage = await damageSince?.();
    if (damage !== undefined) throw new Error(damage, { cause });
    // The SDK adds the status to whatever answers.
    if (endpoint === undefined || cause.$metadata?.httpStatusCode !== undefined) throw cause;
    throw new Error(
      `The engine at ${endpoint} cannot be reached (${cause.code ?? cause.message}): start it, or unset AWS_ENDPOINT_URL_DYNAMODB to use the embedded engine`,
      { cause },
    );
  });
}

/** A read that fails because a file is damaged fails again each time, so the answer says what is damaged. */
function explainDamage(invoke: Invoke, engine: EmbeddedEngine | undefined): Invoke {
  return async (event) => {
    const damageSince = engine?.watchReads();
    const result = await invoke(event);
    const damage = result.statusCode === 503 ? await damageSince?.() : undefined;
    if (damage === undefined) return result;
    const detail = `${damage}. Until then, read the entries before and after the damage, with to and from`;
    return toGatewayResult(toProblemResponse(new HttpProblem(503, detail)), '');
  };
}

/** Makes every client of this process use the embedded engine. The SDK prefers a profile to a key. */
function useEngine({ endpoint, accessKeyId }: EmbeddedEngine): void {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ACCESS_KEY_ID: accessKeyId });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening').catch((cause) => {
    throw new Error(describeListenError(cause, host, port), { cause });
  });
}

function describeListenError({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken: stop the program that uses it, or choose another port with PORT`;
  return `Cannot listen on ${host}, port ${port}: ${message}`;
}

/**
 * Resolves on SIGINT or SIGTERM. Both signals stay handled: on Ctrl-C the terminal signals every process and npm
 * forwards the signal too, and the second one must not cut off requests.
 */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
}

function greet({ address, family, port }: AddressInfo, engine: string): void {
  if (!/^(?:127\.|::1$)/.test(address))
    console.warn(
      `Warning: whoever reaches ${address} can read and write all entries, because this server has no authentication. HOST=127.0.0.1 serves this machine only`,
    );
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const entry =
    '{"id":"unique-id-123","datetime":"2023-11-15T12:05:00Z","severity":"info","message":"Log content here"}';
  console.log(`Log service at ${url} (${engine}); open it in a browser to read the logs`);
  console.log(`Try:  curl ${url}/logs -d '${entry}'`);
  console.log(`      curl ${url}/logs`);
}
