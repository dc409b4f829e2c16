import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, open, rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

interface LogStreamOptions {
  /** Of POST /v1/json */
  url: string;
  headers?: Record<string, string>;
  /** Keeps the lines that could not be sent. Each process needs a file of its own, the same after a restart. */
  unsentFile: string;
}

/** How often a batch is tried before it is kept on disk. */
const TRIES = 10;

/** A batch may have 4.4 MB on the wire, and gzip may save nothing. */
const BATCH_BYTES = 4_000_000;

const compress = promisify(gzip);

/**
 * Sends lines of JSON to the service, in batches of all lines that were written while the batch before was sent. What
 * it cannot send is kept on disk, and is sent at the next start or as soon as the service takes a batch again. It fails
 * with an error event only if lines cannot be kept on disk either.
 */
export class LogStream extends Writable {
  readonly #options: LogStreamOptions;

  constructor(options: LogStreamOptions) {
    super({ decodeStrings: false });
    this.#options = options;
  }

  override _construct(done: (error?: Error) => void): void {
    this.#sendKept().then(() => done(), done);
  }

  override _writev(chunks: { chunk: string | Buffer }[], done: (error?: Error) => void): void {
    this.#sendLines(chunks.map(({ chunk }) => withId(String(chunk).trimEnd()))).then(() => done(), done);
  }

  async #sendLines(lines: string[]): Promise<void> {
    let isSent = true;
    for await (const batch of inBatches(lines)) isSent = await this.#sendOrKeep(batch, TRIES);
    if (isSent) await this.#sendKept();
  }

  /** The file is removed only after its lines were sent: a line that is sent twice is one entry, because of its id. */
  async #sendKept(): Promise<void> {
    const { unsentFile } = this.#options;
    const sending = `${unsentFile}.sending`;
    if (!existsSync(sending)) {
      if (!existsSync(unsentFile)) return;
      await rename(unsentFile, sending);
    }
    const file = await open(sending);
    for await (const batch of inBatches(file.readLines())) await this.#sendOrKeep(batch, 1);
    await rm(sending);
  }

  /** @returns whether the lines were sent; otherwise they are on disk */
  async #sendOrKeep(lines: string[], tries: number): Promise<boolean> {
    const body = await compress(lines.join('\n'));
    let { unsentFile } = this.#options;
    for (let left = tries; left > 0; left--) {
      const response = await this.#post(body).catch(() => undefined);
      // After 400 the service keeps the lines as dead letters.
      if (response?.status === 200 || response?.status === 400) return true;
      if (response?.status === 413 && lines.length > 1) {
        const middle = Math.ceil(lines.length / 2);
        const isSent = await this.#sendOrKeep(lines.slice(0, middle), left);
        return (await this.#sendOrKeep(lines.slice(middle), left)) && isSent;
      }
      if (response?.status === 413) {
        unsentFile += '.too-large';
        break;
      }
      // After end() there is one try, because the process is about to stop.
      if (this.writableEnded) break;
      if (left > 1) await delay(1_000 * Number(response?.headers.get('Retry-After') ?? 1));
    }
    await appendFile(unsentFile, `${lines.join('\n')}\n`);
    return false;
  }

  async #post(body: Buffer): Promise<Response> {
    const { url, headers } = this.#options;
    const signal = AbortSignal.timeout(30_000);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    await response.arrayBuffer();
    return response;
  }
}

/** The line with an id, so that it remains the same entry in whatever batch it is sent. */
function withId(line: string): string {
  try {
    return JSON.parse(line).id === undefined ? `{"id":"${randomUUID()}",${line.slice(1)}` : line;
  } catch {
    return line;
  }
}

async function* inBatches(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (batch.length > 0 && bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
