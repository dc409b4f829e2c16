import { setTimeout as delay } from 'node:timers/promises';
import { describeOpenError, obstacleIn, prepareDataDirectory } from './data-directory.ts';
import { EngineThread } from './engine-thread.ts';

/** How often the engine and its data directory are checked. */
const CHECK_MS = 250;
/** The shortest time between two restarts of an engine that fails repeatedly. */
const RESTART_MS = 1_000;

export interface EmbeddedEngine {
  endpoint: string;
  /** Why nothing can be stored at the moment, and what to do about it. */
  obstacle(): string | undefined;
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB engine on a free port of the loopback interface.
 * @param dataDirectory where it keeps its data. Absent, they are kept in memory
 * @throws Error that says what keeps the engine from opening its data
 */
export async function startEmbeddedEngine(dataDirectory?: string): Promise<EmbeddedEngine> {
  if (dataDirectory !== undefined) return RestartingEngine.start(dataDirectory);
  const thread = await EngineThread.start({ dataDirectory, port: 0 });
  return {
    endpoint: `http://127.0.0.1:${thread.port}`,
    obstacle: () => undefined,
    close: () => thread.stop(),
  };
}

/** An engine over a data directory. When it fails, it is started again on the same port with the same data. */
class RestartingEngine implements EmbeddedEngine {
  readonly endpoint: string;
  private readonly directory: string;
  private thread: EngineThread;
  private startedAt = performance.now();
  private reason: string | undefined;
  private readonly closing = new AbortController();
  private readonly checking: Promise<void>;

  static async start(directory: string): Promise<RestartingEngine> {
    return new RestartingEngine(directory, await open(directory, 0));
  }

  private constructor(directory: string, thread: EngineThread) {
    this.directory = directory;
    this.thread = thread;
    this.endpoint = `http://127.0.0.1:${thread.port}`;
    this.checking = this.checkUntilClosed();
  }

  readonly obstacle = () => this.reason;

  async close(): Promise<void> {
    this.closing.abort();
    await this.checking;
    await this.thread.stop();
  }

  private async checkUntilClosed(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.check();
      // The delay rejects when the engine is being closed.
      await delay(CHECK_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private async check(): Promise<void> {
    const found = await obstacleIn(this.directory);
    // LevelDB would continue to write to files that have been deleted.
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
    console.error(reason ?? `${this.directory} can be written again: entries are stored`);
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
