import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describeDamage, describeOpenError, obstacleIn, prepareDataDirectory } from './data-directory.ts';
import { EngineThread } from './engine-thread.ts';

/** How often the engine and its data directory are checked. */
const CHECK_MS = 250;
/** The shortest time between two restarts of an engine that fails repeatedly. */
const RESTART_MS = 1_000;

export interface EmbeddedEngine {
  endpoint: string;
  /** What a client must sign with: the engine refuses all others. Random, and new with each start. */
  accessKeyId: string;
  /** Why nothing can be stored at the moment, and what to do about it. */
  obstacle(): string | undefined;
  /** The result says what is damaged, and what to do about it, if the store has rejected a read in the meantime. */
  watchReads(): () => Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB engine on a free port of the loopback interface, for clients that know its access key id.
 * @param dataDirectory where it keeps its data. Absent, they are kept in memory
 * @throws Error that says what keeps the engine from opening its data
 */
export async function startEmbeddedEngine(dataDirectory?: string): Promise<EmbeddedEngine> {
  if (dataDirectory !== undefined) return RestartingEngine.start(dataDirectory);
  const accessKeyId = randomKey();
  const thread = await EngineThread.start({ dataDirectory, port: 0, accessKeyId });
  return {
    endpoint: `http://127.0.0.1:${thread.port}`,
    accessKeyId,
    obstacle: () => undefined,
    watchReads: () => async () => undefined,
    close: () => thread.stop(),
  };
}

/** An engine over a data directory. When it fails, it is started again on the same port with the same data. */
class RestartingEngine implements EmbeddedEngine {
  readonly endpoint: string;
  readonly accessKeyId: string;
  private readonly directory: string;
  private thread: EngineThread;
  private startedAt = performance.now();
  private reason: string | undefined;
  private damage: Promise<string> | undefined;
  private readonly closing = new AbortController();
  private readonly checking: Promise<void>;

  static async start(directory: string): Promise<RestartingEngine> {
    const accessKeyId = randomKey();
    return new RestartingEngine(directory, accessKeyId, await open(directory, 0, accessKeyId));
  }

  private constructor(directory: string, accessKeyId: string, thread: EngineThread) {
    this.directory = directory;
    this.accessKeyId = accessKeyId;
    this.thread = thread;
    this.endpoint = `http://127.0.0.1:${thread.port}`;
    this.checking = this.checkUntilClosed();
  }

  readonly obstacle = () => this.reason;

  readonly watchReads = () => {
    const { thread } = this;
    const { readFailures } = thread;
    return async () =>
      thread.readFailures > readFailures ? this.describeDamage(thread.readFailure) : undefined;
  };

  async close(): Promise<void> {
    this.closing.abort();
    await this.checking;
    await this.thread.stop();
  }

  /** The files are looked at once. */
  private describeDamage(message: string): Promise<string> {
    this.damage ??= describeDamage(message, this.directory);
    return this.damage;
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
    if (!this.reason) {
      // LevelDB rejects writes when it cannot merge a damaged file with others.
      const isDamaged = writeFailure?.startsWith('Corruption');
      const cause = isDamaged ? await this.describeDamage(writeFailure ?? '') : writeFailure;
      console.error(`The embedded engine is started again: ${failure?.stack ?? cause}`);
    }
    this.startedAt = performance.now();
    await this.thread.terminate();
    try {
      this.thread = await open(this.directory, port, this.accessKeyId);
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

function randomKey(): string {
  return randomBytes(24).toString('hex');
}

async function open(dataDirectory: string, port: number, accessKeyId: string): Promise<EngineThread> {
  try {
    await prepareDataDirectory(dataDirectory);
    return await EngineThread.start({ dataDirectory, port, accessKeyId });
  } catch (cause) {
    throw describeOpenError(cause, dataDirectory);
  }
}
