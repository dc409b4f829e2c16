import type { Agent } from 'node:http';
import { Socket } from 'node:net';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { createConnections } from './connections.ts';
import type { LambdaHandler } from './http/lambda-handler.ts';
import { METRIC_NAMESPACE } from './metric-names.ts';
import { createPowertools, createTracedClient, type Powertools } from './powertools.ts';

interface FunctionParts<Store> {
  /** Its name where POWERTOOLS_SERVICE_NAME is not set. */
  service: string;
  clientConfig: DynamoDBClientConfig;
  /** Makes what the handler for the warm-up and the one for clients share. */
  createStore(client: DynamoDBClient): Store;
  createHandler(store: Store, powertools: Powertools): LambdaHandler;
  /** A request that it answers 200. */
  warmUpEvent: object;
}

/**
 * Makes the handler of a function. Before that, another one serves `warmUpEvent`, so that what
 * happens only once in a process (compiling, first calls of libraries) has happened when the first client waits.
 * It needs no network, stores nothing, and prints nothing unless it fails.
 */
export async function createWarmHandler<Store>(parts: FunctionParts<Store>): Promise<LambdaHandler> {
  const { service, clientConfig, createStore, createHandler, warmUpEvent } = parts;
  const powertools = createPowertools(service);
  const connections = createConnections();
  const client = createTracedClient(powertools.tracer, { ...clientConfig, requestHandler: connections });
  const store = createStore(client);

  const { statusCode } = await withUnsampledTrace(() =>
    withAnsweringConnections([connections.httpAgent, connections.httpsAgent], () =>
      createHandler(store, silentPowertools(service))(warmUpEvent, { functionName: service } as Context),
    ),
  );
  if (statusCode !== 200) powertools.logger.warn('The warm-up failed', { status: statusCode });
  return createHandler(store, powertools);
}

function silentPowertools(serviceName: string): Powertools {
  return {
    logger: new SilentLogger({ serviceName }),
    metrics: new SilentMetrics({ namespace: METRIC_NAMESPACE, serviceName }),
    tracer: new Tracer({ serviceName, captureHTTPsRequests: false }),
  };
}

class SilentLogger extends Logger {
  protected override printLog(): void {}
}

class SilentMetrics extends Metrics {
  override captureColdStartMetric(): void {
    this.singleMetric();
  }

  override publishStoredMetrics(): this {
    JSON.stringify(this.serializeMetrics());
    this.clearMetrics();
    // The first write takes longest, even one of nothing.
    process.stdout.write('');
    return this;
  }
}

/** Lambda sets this variable for each request, and the X-Ray SDK complains if it reads it without one. */
async function withUnsampledTrace<Result>(task: () => Promise<Result>): Promise<Result> {
  const before = process.env._X_AMZN_TRACE_ID;
  process.env._X_AMZN_TRACE_ID = 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0';
  try {
    return await task();
  } finally {
    if (before === undefined) delete process.env._X_AMZN_TRACE_ID;
    else process.env._X_AMZN_TRACE_ID = before;
  }
}

/** While the task runs, connections of the agents answer by themselves. */
async function withAnsweringConnections<Result>(
  agents: Agent[],
  task: () => Promise<Result>,
): Promise<Result> {
  const before = agents.map((agent) => agent.createConnection);
  for (const agent of agents) agent.createConnection = () => new AnsweringSocket();
  try {
    return await task();
  } finally {
    for (const [at, agent] of agents.entries()) {
      agent.createConnection = before[at] ?? agent.createConnection;
      agent.destroy();
    }
  }
}

/** What a table answers that stores everything and holds nothing. */
const ANSWER = '{"UnprocessedItems":{},"Items":[],"Count":0,"ScannedCount":0}';
const RESPONSE = [
  'HTTP/1.1 200 OK',
  'Content-Type: application/x-amz-json-1.0',
  `Content-Length: ${ANSWER.length}`,
  '',
  ANSWER,
].join('\r\n');

/** A socket without a network. It answers once a request has been written. */
class AnsweringSocket extends Socket {
  private answer: NodeJS.Immediate | undefined;

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.answerSoon();
    done();
  }

  override _writev(_chunks: unknown[], done: () => void): void {
    this.answerSoon();
    done();
  }

  private answerSoon(): void {
    clearImmediate(this.answer);
    this.answer = setImmediate(() => this.push(RESPONSE));
  }
}
