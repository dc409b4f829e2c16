// @ts-check
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Lines of one request.
 * @typedef {{ lines: string[], bytes: number, file?: string }} Batch
 */

/** A request may have 4.4 MB on the wire, and gzip may save nothing. */
const BATCH_BYTES = 4_000_000;

/** A request may have 40,000 entries, and one of this size is stored within a few seconds. */
const BATCH_LINES = 10_000;

/** What may wait in memory while the folder takes nothing. */
const MEMORY_BYTES = 32_000_000;

/** What may wait in the folder. The disk belongs to the application. */
const FOLDER_BYTES = 1_000_000_000;

/** Batches that wait in memory while a request is under way. */
const WAITING_BATCHES = 2;

/** One per process and worker thread, in the order in which they were started. */
const PREFIX = `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;

let ids = 0;

/** Ids sort in the order in which they were made. */
export function nextId() {
  return `${PREFIX}-${String(ids++).padStart(12, '0')}`;
}

/**
 * The lines that were not sent yet: in memory, or each batch as a file of a folder. Ids are in the lines, so a file that
 * two processes send is stored once.
 */
export class UnsentLines {
  /** Lines that neither the folder nor the memory had room for. */
  dropped = 0;
  #reported = 0;
  #folder;
  #bytes = 0;
  /** @type {Batch[]} */
  #batches = [];
  /** @type {Batch | undefined} */
  #taken;
  /** The names and sizes of files, in the order in which they are sent. @type {Map<string, number>} */
  #files = new Map();
  #isFileNext = false;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
      for (const name of names.sort()) this.#files.set(name, statSync(join(folder, name)).size);
    } catch (error) {
      warnOfFolder(error);
    }
  }

  /** @param {string} line */
  add(line) {
    const bytes = Buffer.byteLength(line) + 1;
    let last = this.#batches.at(-1);
    if (!last || last.bytes + bytes > BATCH_BYTES || last.lines.length === BATCH_LINES) {
      if (this.#batches.length >= WAITING_BATCHES) this.#keepWaiting();
      last = { lines: [], bytes: 0 };
      this.#batches.push(last);
    }
    if (this.#bytes + bytes > MEMORY_BYTES) {
      this.#drop(1);
      return;
    }
    last.lines.push(line);
    last.bytes += bytes;
    this.#bytes += bytes;
  }

  /** The batch to send next: what is in memory and files take turns. @returns {Batch | undefined} */
  next() {
    this.#isFileNext = !this.#isFileNext;
    const batch = this.#isFileNext ? (this.#nextFile() ?? this.#batches.shift()) : this.#batches.shift();
    this.#taken = batch ?? this.#nextFile();
    return this.#taken;
  }

  /** @param {Batch} batch that the service has */
  sent(batch) {
    this.#taken = undefined;
    if (batch.file) this.#remove(batch.file);
    else this.#bytes -= batch.bytes;
    if (this.dropped > this.#reported) this.#reportDropped();
  }

  /** @param {Batch} batch that has to be sent again */
  failed(batch) {
    this.#taken = undefined;
    if (!batch.file) this.#batches.unshift(batch);
    else if (this.#files.has(batch.file)) {
      // To the end, so that a file that the service can never take is in no other's way.
      const bytes = this.#files.get(batch.file) ?? 0;
      this.#files.delete(batch.file);
      this.#files.set(batch.file, bytes);
    }
    this.#keepWaiting();
  }

  /** Keeps in the folder what is in memory, at once. */
  keepAll() {
    if (this.#taken && !this.#taken.file) this.#keep(this.#taken);
    this.#keepWaiting();
  }

  /** Gives up what could not be kept. */
  close() {
    const inFlight = this.#taken && !this.#taken.file ? this.#taken.lines.length : 0;
    this.#drop(this.#batches.reduce((sum, { lines }) => sum + lines.length, inFlight));
    this.#batches = [];
  }

  /** Keeps lines that are too large for a request where nobody sends them. @param {Batch['lines']} lines */
  setAside(lines) {
    const name = `${nextId()}.too-large`;
    if (this.#write(name, lines)) warn(`A log line is too large for the log service: it is in ${name}`);
    else this.#drop(lines.length);
  }

  #keepWaiting() {
    while (this.#batches[0] && this.#keep(this.#batches[0])) this.#batches.shift();
  }

  /** @param {Batch} batch @returns whether it is in the folder now */
  #keep(batch) {
    const name = `${nextId()}.ndjson`;
    const keptBytes = [...this.#files.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (keptBytes + batch.bytes > FOLDER_BYTES || !this.#write(name, batch.lines)) return false;
    this.#files.set(name, batch.bytes);
    batch.file = name;
    this.#bytes -= batch.bytes;
    return true;
  }

  /** @returns {Batch | undefined} */
  #nextFile() {
    for (const [file, bytes] of this.#files) {
      try {
        return { lines: readFileSync(join(this.#folder, file), 'utf8').trimEnd().split('\n'), bytes, file };
      } catch (error) {
        this.#files.delete(file);
        // Otherwise another process has sent it.
        if (codeOf(error) !== 'ENOENT') warnOfFolder(error);
      }
    }
    return undefined;
  }

  /** Another process may read the folder, so a file gets its name when it is whole. */
  #write(/** @type {string} */ name, /** @type {string[]} */ lines) {
    const path = join(this.#folder, name);
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(`${path}.part`, `${lines.join('\n')}\n`);
      renameSync(`${path}.part`, path);
      return true;
    } catch (error) {
      warnOfFolder(error);
      removeIfPossible(`${path}.part`);
      return false;
    }
  }

  /** @param {string} file */
  #remove(file) {
    this.#files.delete(file);
    removeIfPossible(join(this.#folder, file));
  }

  /** @param {number} lines */
  #drop(lines) {
    if (lines > 0) warn('Log lines are dropped: there is no room left for them in memory and in the folder');
    this.dropped += lines;
  }

  #reportDropped() {
    const message = `${this.dropped - this.#reported} log lines were dropped before this one`;
    this.#reported = this.dropped;
    this.add(JSON.stringify({ id: nextId(), time: new Date(), level: 'warn', message }));
  }
}

const warnings = new Set();

/** Warns once of each trouble. @param {string} trouble @param {string} [cause] */
export function warn(trouble, cause) {
  if (warnings.has(trouble)) return;
  warnings.add(trouble);
  process.emitWarning(cause ? `${trouble}: ${cause}` : trouble, 'LogStreamWarning');
}

/** @param {unknown} error */
function warnOfFolder(error) {
  warn('Unsent log lines cannot be kept in their folder and wait in memory', codeOf(error));
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}

/** @param {string} path */
function removeIfPossible(path) {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    warnOfFolder(error);
  }
}
