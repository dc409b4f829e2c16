import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { HttpProblem } from '../../handlers/http/http-problem.ts';

/** A message of the thread: the outcome of a call. */
type Outcome = { number: number; result: APIGatewayProxyResult } | { number: number; error: unknown };

interface Call {
  resolve(result: APIGatewayProxyResult): void;
  reject(error: unknown): void;
}

const RETRY_SECONDS = 2;

/**
 * One of the functions in its own thread, so that a large request delays neither the other function nor the server.
 * A thread that fails is started again.
 */
export class FunctionThread {
  private readonly name: string;
  private readonly module: string;
  private readonly calls = new Map<number, Call>();
  private worker: Promise<Worker>;
  private callsMade = 0;

  /** @param module that exports the function as `handler` @throws the error with which loading the module failed */
  static async start(name: string, module: URL): Promise<FunctionThread> {
    const thread = new FunctionThread(name, module.href);
    await thread.worker;
    return thread;
  }

  private constructor(name: string, module: string) {
    this.name = name;
    this.module = module;
    this.worker = this.load();
  }

  /** Calls the function with an event of API Gateway. @throws HttpProblem 503 when the thread fails during the call */
  readonly invoke = async (event: object): Promise<APIGatewayProxyResult> => {
    const worker = await this.worker;
    const number = ++this.callsMade;
    return new Promise((resolve, reject) => {
      this.calls.set(number, { resolve, reject });
      worker.postMessage({ number, event });
    });
  };

  async stop(): Promise<void> {
    await (await this.worker).terminate();
  }

  private async load(): Promise<Worker> {
    const worker = new Worker(new URL('./function-worker.js', import.meta.url), {
      workerData: { name: this.name, module: this.module },
      execArgv: [],
    });
    await once(worker, 'message');
    worker.on('message', (outcome: Outcome) => this.settle(outcome));
    worker.once('error', (error) => this.reload(error));
    return worker;
  }

  private settle(outcome: Outcome): void {
    const call = this.calls.get(outcome.number);
    this.calls.delete(outcome.number);
    if ('error' in outcome) call?.reject(outcome.error);
    else call?.resolve(outcome.result);
  }

  private reload(error: Error): void {
    console.error(`The function ${this.name} is started again: ${error.stack}`);
    this.worker = this.load();
    for (const { reject } of this.calls.values())
      reject(
        new HttpProblem(503, 'The server failed: send the request again', {
          cause: error,
          headers: { 'Retry-After': String(RETRY_SECONDS) },
        }),
      );
    this.calls.clear();
  }
}
