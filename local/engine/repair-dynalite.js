import { createRequire } from 'node:module';

// The copy of abstract-level that dynalite uses.
const requireOfDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { AbstractKeyIterator, AbstractLevel } = requireOfDynalite('abstract-level');
const { prototype: store } = AbstractLevel;
const { prototype: iterator } = Object.getPrototypeOf(AbstractKeyIterator);

const INTERNAL_SERVER_ERROR = 'com.amazonaws.dynamodb.v20120810#InternalServerError';

/** Rows of one part at most, and the bytes of rows after which LevelDB ends a part early. */
const PART_ROWS = 1_000;
const PART_BYTES = 256 * 1_024;

/**
 * Repairs three faults of dynalite 4.0.0 over abstract-level 3.1.1. Must be called before dynalite opens a store.
 * @param {(error: Error) => void} [onWriteFailure] is called for every write that the store has rejected
 * @param {(error: Error) => void} [onReadFailure] is called for every read that the store has rejected
 */
export function repairDynalite(onWriteFailure = () => {}, onReadFailure = () => {}) {
  closeReturnedIterators();
  checkWhatIsRead(onReadFailure);
  answerErrors(iterator, 'next', onReadFailure);
  answerErrors(store, 'get', onReadFailure);
  answerErrors(store, 'put', onWriteFailure);
  answerErrors(store, 'del', onWriteFailure);
}

/**
 * dynalite ends iterators with `return`, which abstract-level does not have. An iterator that stays open keeps a
 * snapshot of the data in memory and prevents files from being deleted.
 */
function closeReturnedIterators() {
  iterator.return ??= function closeIterator() {
    return this.close();
  };
}

/**
 * LevelDB skips what it cannot read, and says so only at the end of an iteration, which a query with a limit does not
 * reach: rows would be missing from a page without a word. So rows are read in parts, and each part is checked.
 */
function checkWhatIsRead(onReadFailure) {
  store.values = function valuesInParts({ limit = -1, ...range }) {
    let [left, rows, isLast] = [limit < 0 ? Number.POSITIVE_INFINITY : limit, [], false];
    const readOn = async () => {
      const part = await readPart(this, range, Math.min(left, PART_ROWS));
      rows = part.rows;
      left -= rows.length;
      isLast = part.isLast || left <= 0;
      if (!isLast) range = after(range, rows.at(-1)[0]);
      rows.reverse();
    };
    return {
      async next() {
        if (rows.length === 0 && !isLast) await readOn().catch((error) => failRequest(error, onReadFailure));
        return rows.pop()?.[1];
      },
      async return() {},
    };
  };
}

/** What an aborted iterator of LevelDB answers is what has gone wrong until then. */
async function readPart(level, range, size) {
  const ending = new AbortController();
  const entries = level.iterator({ ...range, highWaterMarkBytes: PART_BYTES, signal: ending.signal });
  try {
    const rows = await entries.nextv(size);
    ending.abort();
    const isLast = await entries._nextv(1, {}).then(
      (further) => further.length === 0,
      (error) => {
        if (error.code !== 'LEVEL_ABORTED') throw error;
        return false;
      },
    );
    return { rows, isLast };
  } finally {
    await entries.close();
  }
}

/** The part of a range that comes after a key. */
function after({ gt, gte, lt, lte, ...options }, key) {
  const bounds = options.reverse ? { gt, gte, lt: key } : { gt: key, lt, lte };
  const given = Object.entries(bounds).filter(([, bound]) => bound !== undefined);
  return { ...options, ...Object.fromEntries(given) };
}

/**
 * dynalite throws the errors of its store, which ends the thread, except those with a status, which it sends as the
 * answer. With a status, only the request that meets a damaged row or a full disk fails.
 */
function answerErrors(prototype, method, onError) {
  const original = prototype[method];
  prototype[method] = function answeringErrors(...parameters) {
    return original.apply(this, parameters).catch((error) => failRequest(error, onError));
  };
}

function failRequest(error, onError) {
  onError(error);
  const body = { __type: INTERNAL_SERVER_ERROR, message: error.message };
  throw Object.assign(error, { statusCode: 500, body });
}
