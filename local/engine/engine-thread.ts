import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

interface EngineOptions {
  /** Where the engine keeps its data. Absent, they are kept in memory. */
  dataDirectory: string | undefined;
  /** 0 means any free port. */
  port: number;
  /** The access key id of its clients. All others are refused. */
  accessKeyId: string;
}

/** A message of the thread: the port that it listens on, or the reason why its store has rejected a write or a read. */
type Message = { port: number } | { writeFailure: string } | { readFailure: string };

/**
 * A DynamoDB engine on the loopback interface, in its own thread because it uses a whole core when it is busy and
 * the service needs one too.
 */
export class EngineThread {
  /** Why the thread has ended, if it has ended without being told to. */
  failure: Error | undefined;
  /** The last write that the store rejected. After one, LevelDB rejects all writes until it is opened again. */
  writeFailure: string | undefined;
  /** The last read that the store rejected, because a file is damaged. Other rows can still be read. */
  readFailure = '';
  /** How many reads the store has rejected. */
  readFailures = 0;
  readonly port: number;
  private readonly worker: Worker;

  /** @throws the error that keeps the engine from opening its data or its port */
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
      if (!('readFailure' in message)) return;
      this.readFailure = message.readFailure;
      this.readFailures++;
    });
    worker.once('error', (error) => {
      this.failure = error;
    });
    worker.once('exit', (code) => {
      this.failure ??= new Error(`The thread ended with code ${code}`);
    });
  }

  /** Ends the thread after it has answered the current requests. */
  async stop(): Promise<void> {
    if (this.failure) return;
    this.worker.postMessage('close');
    await once(this.worker, 'exit');
  }

  /** Ends the thread at once. All writes that it has acknowledged are stored. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }
}
