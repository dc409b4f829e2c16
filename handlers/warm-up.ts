import type { Agent } from 'node:http';
import { Socket } from 'node:net';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { LambdaHandler } from './http/lambda-handler.ts';

interface WarmUpOptions {
  functionName: string;
  /** The agents of the function's DynamoDB client. */
  agents: Agent[];
}

/**
 * Serves one request before the first client waits, so that what happens only once in a process (compiling, first
 * calls of libraries) has happened by then. It needs no network and stores nothing.
 * @param handler made with SilentLogger and SilentMetrics
 * @returns the status of the response
 */
export async function warmUp(
  handler: LambdaHandler,
  event: object,
  { functionName, agents }: WarmUpOptions,
): Promise<number> {
  const { statusCode } = await withUnsampledTrace(() =>
    withAnsweringConnections(agents, () => handler(event, { functionName } as Context)),
  );
  return statusCode;
}

/** Formats what is logged, and prints nothing. */
export class SilentLogger extends Logger {
  protected override printLog(): void {}
}

/** Serializes the metrics, and publishes nothing. */
export class SilentMetrics extends Metrics {
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

/** Lambda sets this variable for each request. The X-Ray SDK logs an error where it is missing. */
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

/** While the task runs, the agents connect to no server: the connections themselves answer. */
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

/** Answers both BatchWriteItem, as if all was stored, and Query, as if the table was empty. */
const ANSWER = '{"UnprocessedItems":{},"Items":[],"Count":0,"ScannedCount":0}';
const RESPONSE = [
  'HTTP/1.1 200 OK',
  'Content-Type: application/x-amz-json-1.0',
  `Content-Length: ${ANSWER.length}`,
  '',
  ANSWER,
].join('\r\n');

/** A socket without a network. It answers after a request has been written. */
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
