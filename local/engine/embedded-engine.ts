import { setTimeout as delay } from 'node:timers/promises';
import { describeOpenError, obstacleIn, prepareDataDirectory } from './data-directory.ts';
import { EngineThread } from './engine-thread.ts';

/** How often the engine is looked after: a data directory that vanishes is noticed within this time. */
const LOOK_MS = 250;
/** An engine that fails again and again is started no more often than this. */
const RESTART_MS = 1_000;

export interface EmbeddedEngine {
  endpoint: string;
  /** Why nothing can be stored at the moment, and what to do about it. */
  obstacle(): string | undefined;
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB engine on a free port of the loopback interface.
 * @param dataDirectory where its data outlive it; absent, they are kept in memory
 * @throws Error that says what keeps the engine from opening its data
 */
export async function startEmbeddedEngine(dataDirectory?: string): Promise<EmbeddedEngine> {
  if (dataDirectory !== undefined) return KeptEngine.start(dataDirectory);
  const thread = await EngineThread.start({ dataDirectory, port: 0 });
  return {
    endpoint: `http://127.0.0.1:${thread.port}`,
    obstacle: () => undefined,
    close: () => thread.stop(),
  };
}

/** An engine over a data directory. When it fails it is started again, on the same port and with the same data. */
class KeptEngine implements EmbeddedEngine {
  readonly endpoint: string;
  private readonly directory: string;
  private thread: EngineThread;
  private startedAt = performance.now();
  private reason: string | undefined;
  private readonly closing = new AbortController();
  private readonly keeping: Promise<void>;

  static async start(directory: string): Promise<KeptEngine> {
    return new KeptEngine(directory, await open(directory, 0));
  }

  private constructor(directory: string, thread: EngineThread) {
    this.directory = directory;
    this.thread = thread;
    this.endpoint = `http://127.0.0.1:${thread.port}`;
    this.keeping = this.keep();
  }

  readonly obstacle = () => this.reason;

  async close(): Promise<void> {
    this.closing.abort();
    await this.keeping;
    await this.thread.stop();
  }

  private async keep(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.look();
      // The rejection only says that the engine is being closed, which the signal says too.
      await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private async look(): Promise<void> {
    const found = await obstacleIn(this.directory);
    // LevelDB would go on writing to files that nobody can open any more.
    if (found?.isGone) await this.thread.terminate();
    const { failure, writeFailure } = this.thread;
    if (found) return this.report(found.reason);
    if (!failure && writeFailure === undefined) return this.report(undefined);
    if (performance.now() - this.startedAt >= RESTART_MS) await this.restart();
  }

  private async restart(): Promise<void> {
    const { failure, writeFailure, port } = this.thread;
    if (!this.reason)
      console.error(`The embedded engine is started again: ${failure?.stack ?? writeFailure}`);
    this.startedAt = performance.now();
    await this.thread.terminate();
    try {
      this.thread = await open(this.directory, port);
      this.report(undefined);
    } catch (error) {
      this.report((error as Error).message);
    }
  }

  private report(reason: string | undefined): void {
    if (reason === this.reason) return;
    console.error(reason ?? `All is well with ${this.directory} again: entries are stored`);
    this.reason = reason;
  }
}

async function open(dataDirectory: string, port: number): Promise<EngineThread> {
  try {
    await prepareDataDirectory(dataDirectory);
    return await EngineThread.start({ dataDirectory, port });
  } catch (cause) {
    throw describeOpenError(cause, dataDirectory);
  }
}
