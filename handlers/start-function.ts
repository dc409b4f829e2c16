import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { LambdaHandler, Powertools } from './http/lambda-handler.ts';
import { METRIC_NAMESPACE } from './metric-names.ts';
import { SilentLogger, SilentMetrics, warmUp } from './warm-up.ts';

interface FunctionParts<Store> {
  /** Its name where POWERTOOLS_SERVICE_NAME is not set. */
  service: string;
  clientConfig: DynamoDBClientConfig;
  /** Makes what the handler for the warm-up and the one for clients share. */
  createStore(client: DynamoDBClient): Store;
  createHandler(store: Store, powertools: Powertools): LambdaHandler;
  /** A request that the handler answers with 200. */
  warmUpEvent: object;
}

/**
 * Puts a function together, once per execution environment: Powertools, connections, a DynamoDB client whose requests
 * appear in the trace of the request that caused them, and the handler. Another handler serves the warm-up first.
 */
export async function startFunction<Store>(parts: FunctionParts<Store>): Promise<LambdaHandler> {
  const { service, clientConfig, createStore, createHandler, warmUpEvent } = parts;
  const powertools = createPowertools(process.env.POWERTOOLS_SERVICE_NAME ?? service);
  const connections = createConnections();
  const client = powertools.tracer.captureAWSv3Client(
    requireWholeAnswers(new DynamoDBClient({ ...clientConfig, requestHandler: connections })),
  );
  const store = createStore(client);

  const silentHandler = createHandler(store, createPowertools(service, SilentLogger, SilentMetrics));
  const status = await warmUp(silentHandler, warmUpEvent, {
    functionName: service,
    agents: [connections.httpAgent, connections.httpsAgent],
  });
  if (status !== 200) powertools.logger.warn('The warm-up failed', { status });
  return createHandler(store, powertools);
}

export function createPowertools(serviceName: string, OneLogger = Logger, OneMetrics = Metrics): Powertools {
  return {
    logger: new OneLogger({ serviceName }),
    metrics: new OneMetrics({ namespace: METRIC_NAMESPACE, serviceName }),
    tracer: new Tracer({ serviceName, captureHTTPsRequests: false }),
  };
}

/** A 200 without the members that DynamoDB promises. Something between it and this function may be broken. */
export class IncompleteAnswerError extends Error {
  override readonly name = 'IncompleteAnswerError';
  /** The SDK tries again where it may. */
  readonly $retryable = {};
}

/** The members that an answer must have, by command (DynamoDB API reference). */
const PROMISED: Record<string, string[]> = {
  BatchWriteItemCommand: ['UnprocessedItems'],
  QueryCommand: ['Items', 'Count'],
};

/** Makes a client reject incomplete answers, which would otherwise look like "all is stored" or "nothing follows". */
export function requireWholeAnswers(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        const answer = await next(request);
        const output: object = answer.output ?? {};
        const missing = PROMISED[commandName]?.find((member) => Reflect.get(output, member) === undefined);
        if (missing) throw new IncompleteAnswerError(`DynamoDB's answer to ${commandName} has no ${missing}`);
        return answer;
      },
    // Around the deserializer, and within the SDK's retries.
    { name: 'requireWholeAnswers', step: 'deserialize', priority: 'high' },
  );
  return client;
}

/** Connections to DynamoDB: a read may query all shards of several days at once, and a write sends 16 batches. */
const SOCKETS = 150;
/**
 * The slowest requests to DynamoDB take a few hundred milliseconds. One that is not answered whole after this time has
 * a broken connection, even if bytes still trickle in.
 */
export const ANSWER_TIMEOUT_MS = 5_000;
export const CONNECT_TIMEOUT_MS = 1_000;

/**
 * The SDK's options for connections. Both times count from when a request has its socket. The SDK's own
 * `connectionTimeout` and `requestTimeout` include the wait for a socket, so under load they would end requests that
 * only have to wait their turn; `socketTimeout` ends only silence. All connections share one secure context, so the
 * trusted certificates are read once, before the first client waits.
 */
export function createConnections() {
  const options: AgentOptions = { keepAlive: true, maxSockets: SOCKETS };
  return {
    httpAgent: withTimeouts(new HttpAgent(options), 'connect'),
    httpsAgent: withTimeouts(
      new HttpsAgent({ ...options, secureContext: createSecureContext() }),
      'secureConnect',
    ),
  };
}

/** Node calls it for each request, but its types do not have it. */
type AddsRequests = { addRequest(request: ClientRequest, ...options: unknown[]): void };

/** Closes a socket that is not connected in time, or whose request is not answered in time. */
function withTimeouts<Agent extends HttpAgent>(agent: Agent, connected: string): Agent {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback) as Duplex;
    const stop = closeLater(socket, CONNECT_TIMEOUT_MS, 'No connection could be made in time');
    for (const event of [connected, 'close']) socket.once(event, stop);
    return socket;
  };

  const requests = agent as Agent & AddsRequests;
  const addRequest = requests.addRequest.bind(agent);
  requests.addRequest = (request, ...options) => {
    request.once('socket', (socket) => {
      request.once('close', closeLater(socket, ANSWER_TIMEOUT_MS, 'The request was not answered in time'));
    });
    addRequest(request, ...options);
  };
  return agent;
}

/** Closes a socket later, unless the result is called before. The SDK tries again after an ETIMEDOUT. */
function closeLater(socket: Duplex, milliseconds: number, message: string): () => void {
  const error = Object.assign(new Error(message), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => socket.destroy(error), milliseconds);
  return () => clearTimeout(timer);
}
