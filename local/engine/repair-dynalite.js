import { createRequire } from 'node:module';

// The copy of abstract-level that dynalite uses.
const requireOfDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { AbstractKeyIterator, AbstractLevel } = requireOfDynalite('abstract-level');
const { prototype: store } = AbstractLevel;
const { prototype: iterator } = Object.getPrototypeOf(AbstractKeyIterator);

const INTERNAL_SERVER_ERROR = 'com.amazonaws.dynamodb.v20120810#InternalServerError';

/**
 * Repairs two faults of dynalite 4.0.0 over abstract-level 3.1.1. Must be called before dynalite opens a store.
 * @param {(error: Error) => void} [onWriteFailure] is called for every write that the store has rejected
 * @param {(error: Error) => void} [onReadFailure] is called for every read that the store has rejected
 */
export function repairDynalite(onWriteFailure = () => {}, onReadFailure = () => {}) {
  closeReturnedIterators();
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
 * dynalite throws the errors of its store, which ends the thread, except those with a status, which it sends as the
 * answer. With a status, only the request that meets a damaged row or a full disk fails.
 */
function answerErrors(prototype, method, onError) {
  const original = prototype[method];
  prototype[method] = function answeringErrors(...parameters) {
    return original.apply(this, parameters).catch((error) => {
      onError(error);
      const body = { __type: INTERNAL_SERVER_ERROR, message: error.message };
      throw Object.assign(error, { statusCode: 500, body });
    });
  };
}
