// @ts-check
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect, promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { nextId, UnsentLines, warn } from './unsent-lines.js';

/**
 * @typedef {object} LogStreamOptions
 * @property {string | URL} url of POST /v1/json
 * @property {Record<string, string>} [headers] such as the API key
 * @property {string} unsentFolder where lines wait that could not be sent. Streams and processes may share it.
 */

/** How long the end of a stream or of the process waits for lines that are being sent. A pino transport has 10 s. */
const END_MS = 5_000;

const REQUEST_TIMEOUT_MS = 30_000;

const SHORTEST_WAIT_MS = 100;

/** Between tries, unless the service says when to try again. The wait doubles up to the last. */
const [FIRST_WAIT_MS, LAST_WAIT_MS] = [1_000, 30_000];

/** Failed tries after which the end of a stream leaves the remainder in the folder. */
const TRIES_AT_END = 2;

/** Characters of text without a line end that are taken for a line. */
const LINE_CHARACTERS = 4_000_000;

const MESSAGE_OF_WINSTON = Symbol.for('message');

const compress = promisify(gzip);

/** @type {Set<LogStream>} */
const openStreams = new Set();

/**
 * Sends lines of JSON to the service, in batches of all that was written while the batch before was sent. What cannot
 * be sent is kept in a folder, and sent when the service takes lines again, or at the next start. The stream never
 * fails: it goes on without the folder and without the service, and warns once of each trouble.
 */
export class LogStream extends Writable {
  #url;
  #headers;
  #unsent;
  #decoder = new StringDecoder();
  #partial = '';
  #running = Promise.resolve();
  #isRunning = false;
  #isEnding = false;
  #endWait = () => {};
  #giveUp = new AbortController();

  /** @param {LogStreamOptions} options */
  constructor({ url, headers, unsentFolder }) {
    // Objects are lines as well: a logger may write them, and any other stream would throw into the application.
    super({ objectMode: true, decodeStrings: false });
    this.#url = new URL(url);
    this.#headers = new Headers(headers);
    this.#unsent = new UnsentLines(unsentFolder);
    this.on('error', ({ name, message }) => warn(`A log stream was destroyed: ${name} ${message}`));
    if (openStreams.size === 0) watchProcess();
    openStreams.add(this);
    this.#start();
  }

  /** How many lines are lost, because neither the service nor the folder took them and the memory for them was full. */
  get dropped() {
    return this.#unsent.dropped;
  }

  /**
   * After end() an application may still log. Any other stream would emit an error, which ends the application.
   * @override
   * @param {unknown} chunk
   * @param {any} [encoding]
   * @param {any} [done]
   */
  write(chunk, encoding, done) {
    if (!this.writableEnded && !this.destroyed) return super.write(chunk ?? String(chunk), encoding, done);
    this.#take(chunk);
    this.saveNow();
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) process.nextTick(callback);
    return false;
  }

  /**
   * @override
   * @param {unknown} chunk
   * @param {string} _encoding
   * @param {() => void} done
   */
  _write(chunk, _encoding, done) {
    this.#take(chunk);
    this.#start();
    done();
  }

  /**
   * @override
   * @param {() => void} done
   */
  _final(done) {
    this.flush().then(() => done());
  }

  /**
   * @override
   * @param {Error | null} error
   * @param {(error: Error | null) => void} done
   */
  _destroy(error, done) {
    this.#isEnding = true;
    this.#giveUp.abort();
    this.#endWait();
    this.saveNow();
    this.#unsent.close();
    openStreams.delete(this);
    if (openStreams.size === 0) unwatchProcess();
    done(error);
  }

  /** Tries once more to send what there is, for a few seconds, and keeps the remainder in the folder. */
  async flush() {
    this.#takePartial();
    this.#isEnding = true;
    this.#endWait();
    const giveUp = this.#giveUp;
    const timer = setTimeout(() => giveUp.abort(), END_MS);
    this.#start();
    await this.#running;
    clearTimeout(timer);
    this.saveNow();
    this.#isEnding = this.writableEnded;
    if (giveUp.signal.aborted && !this.destroyed) this.#giveUp = new AbortController();
  }

  /** Keeps in the folder, at once, what was not sent. */
  saveNow() {
    this.#takePartial();
    this.#unsent.keepAll();
  }

  #takePartial() {
    this.#takeLine(this.#partial + this.#decoder.end());
    this.#partial = '';
  }

  /** @param {unknown} chunk */
  #take(chunk) {
    if (typeof chunk === 'string') return this.#takeText(this.#decoder.end() + chunk);
    if (chunk instanceof Uint8Array) return this.#takeText(this.#decoder.write(Buffer.from(chunk)));
    this.#unsent.add(lineOf(chunk));
  }

  /** @param {string} text */
  #takeText(text) {
    const lines = text.split('\n');
    lines[0] = this.#partial + lines[0];
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line);
    // Some loggers write no line ends. Half an object is never JSON, so this is none.
    const isWhole = this.#partial.endsWith('}') && parseObject(this.#partial);
    if (!isWhole && this.#partial.length < LINE_CHARACTERS) return;
    this.#takeLine(this.#partial);
    this.#partial = '';
  }

  /** @param {string} line */
  #takeLine(line) {
    if (line.trim() !== '') this.#unsent.add(withId(line));
  }

  #start() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#sendAll();
  }

  /** Sends until nothing is left, or until so many tries have failed after end(). */
  async #sendAll() {
    // Lines that are written in one turn become one batch.
    await null;
    let wait = FIRST_WAIT_MS;
    let triesAtEnd = TRIES_AT_END;
    for (let batch = this.#unsent.next(); batch; batch = this.#unsent.next()) {
      const { isSent, retryAfterMs } = await this.#send(batch.lines).catch(notReached);
      if (isSent) {
        this.#unsent.sent(batch);
        wait = FIRST_WAIT_MS;
        continue;
      }
      this.#unsent.failed(batch);
      if (this.#giveUp.signal.aborted || (this.#isEnding && --triesAtEnd === 0)) break;
      await this.#wait(Math.min(retryAfterMs ?? wait, this.#isEnding ? FIRST_WAIT_MS : LAST_WAIT_MS));
      if (retryAfterMs === undefined) wait = Math.min(2 * wait, LAST_WAIT_MS);
    }
    this.#isRunning = false;
  }

  /** A wait before the end keeps no process alive, and end() ends it. @param {number} ms */
  async #wait(ms) {
    const ended = new AbortController();
    this.#endWait = () => ended.abort();
    await delay(ms, undefined, { ref: this.#isEnding, signal: ended.signal }).catch(() => {});
    this.#endWait = () => {};
  }

  /**
   * @param {string[]} lines
   * @returns {Promise<{ isSent: boolean, retryAfterMs?: number }>}
   */
  async #send(lines) {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: this.#headers,
      body: await compress(lines.join('\n')),
      // Followed, a redirection becomes a GET, whose 200 stores nothing.
      redirect: 'manual',
      signal: AbortSignal.any([this.#giveUp.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    const text = await response.text();
    const { status } = response;
    const areRefused = text.includes('"rejected":[{');
    if ((status === 200 && text.includes('"accepted"')) || (status === 400 && areRefused)) {
      if (areRefused) warn('The log service refused lines: GET /dead-letters says why');
      return { isSent: true };
    }
    if (status === 413 && lines.length > 1) {
      const middle = Math.ceil(lines.length / 2);
      const first = await this.#send(lines.slice(0, middle));
      return first.isSent ? this.#send(lines.slice(middle)) : first;
    }
    if (status === 413) {
      this.#unsent.setAside(lines);
      return { isSent: true };
    }
    warn(`The log service answers ${status}: lines wait until it takes them`);
    return { isSent: false, retryAfterMs: retryAfterMs(response) };
  }
}

/** For pino as a transport, in a worker thread. @param {LogStreamOptions} options */
export default function createLogStream(options) {
  return new LogStream(options);
}

/** @param {Error & { cause?: NodeJS.ErrnoException }} error @returns {{ isSent: boolean, retryAfterMs?: number }} */
function notReached({ name, cause }) {
  if (name !== 'AbortError')
    warn(`The log service cannot be reached (${cause?.code ?? name}): lines wait until it can`);
  return { isSent: false };
}

/** @param {Response} response */
function retryAfterMs({ headers }) {
  const seconds = Number.parseInt(headers.get('Retry-After') ?? '', 10);
  return Number.isNaN(seconds) ? undefined : Math.max(1_000 * seconds, SHORTEST_WAIT_MS);
}

/** @param {unknown} value that a logger has written as it is */
function lineOf(value) {
  try {
    const text = /** @type {any} */ (value)?.[MESSAGE_OF_WINSTON];
    return withId(typeof text === 'string' ? text : JSON.stringify(value));
  } catch {
    return withId(inspect(value));
  }
}

/**
 * The line with an id, so that it remains the same entry however often it is sent, and lines of one instant keep their
 * order. A line that is no JSON object becomes the message of one.
 * @param {string} line
 */
function withId(line) {
  const json = line.trim();
  const record = parseObject(json);
  if (!record) return JSON.stringify({ id: nextId(), time: new Date(), message: line.trimEnd() });
  if (['string', 'number'].includes(typeof record.id) && record.id !== '') return json.replaceAll('\n', ' ');
  const members = json.slice(1).trimStart();
  return `{"id":"${nextId()}"${members === '}' ? '' : ','}${members}`;
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function parseObject(text) {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SIGNALS = /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']);

function watchProcess() {
  process.on('exit', saveAll);
  // Signals reach the main thread alone.
  if (isMainThread) for (const signal of SIGNALS) process.prependListener(signal, flushAndEnd);
}

function unwatchProcess() {
  process.off('exit', saveAll);
  for (const signal of SIGNALS) process.off(signal, flushAndEnd);
}

/** Also after process.exit() and an uncaught exception. */
function saveAll() {
  for (const stream of openStreams) stream.saveNow();
}

/** The signal ends the process as it would without this handler. With a handler of its own, the application decides. */
async function flushAndEnd(/** @type {NodeJS.Signals} */ signal) {
  if (process.listenerCount(signal) > 1) return;
  process.off(signal, flushAndEnd);
  await Promise.all([...openStreams].map((stream) => stream.flush()));
  process.kill(process.pid, signal);
}
