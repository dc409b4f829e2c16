import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

interface EngineOptions {
  /** Where the engine's data outlive it; absent, they are kept in memory. */
  dataDirectory: string | undefined;
  /** 0 stands for any that is free. */
  port: number;
}

/** What the thread says: where it listens, and that its store did not take a write. */
type Message = { port: number } | { writeFailure: string };

/**
 * A DynamoDB engine on the loopback interface, in a thread of its own: it takes a whole core when it is busy, which
 * the service beside it needs too.
 */
export class EngineThread {
  /** Why the thread has ended, once it has without being told to. */
  failure: Error | undefined;
  /** The last write that the store did not take. After one, LevelDB takes none until it is opened again. */
  writeFailure: string | undefined;
  readonly port: number;
  private readonly worker: Worker;

  /** @throws whatever keeps the engine from opening its data or its port */
  static async start(options: EngineOptions): Promise<EngineThread> {
    const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
      workerData: options,
      execArgv: [],
    });
    const [{ port }] = await once(worker, 'message');
    return new EngineThread(worker, port);
  }

  private constructor(worker: Worker, port: number) {
    this.worker = worker;
    this.port = port;
    worker.on('message', (message: Message) => {
      if ('writeFailure' in message) this.writeFailure = message.writeFailure;
    });
    worker.once('error', (error) => {
      this.failure = error;
    });
    worker.once('exit', (code) => {
      this.failure ??= new Error(`The thread ended with code ${code}`);
    });
  }

  /** Ends the thread once it has answered what is under way. */
  async stop(): Promise<void> {
    if (this.failure) return;
    this.worker.postMessage('close');
    await once(this.worker, 'exit');
  }

  /** Ends the thread at once. What it has acknowledged is stored. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }
}
