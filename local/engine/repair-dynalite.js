import { createRequire } from 'node:module';

const requireOfDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { AbstractKeyIterator, AbstractLevel } = requireOfDynalite('abstract-level');
const { prototype: store } = AbstractLevel;
const { prototype: iterator } = Object.getPrototypeOf(AbstractKeyIterator);

const INTERNAL_SERVER_ERROR = 'com.amazonaws.dynamodb.v20120810#InternalServerError';

/**
 * Mends what dynalite 4.0.0 gets wrong over abstract-level 3.1.1. It is to be called before dynalite opens a store.
 * @param {(error: Error) => void} [onWriteFailure] is told of every write that the store did not take
 */
export function mendDynalite(onWriteFailure = () => {}) {
  closeReturnedIterators();
  answerErrors(iterator, 'next');
  answerErrors(store, 'get');
  answerErrors(store, 'put', onWriteFailure);
  answerErrors(store, 'del', onWriteFailure);
}

/**
 * dynalite ends iterators by `return`, which abstract-level does not have. Left open, each keeps a snapshot of the
 * data in memory and files from being deleted.
 */
function closeReturnedIterators() {
  iterator.return ??= function closeIterator() {
    return this.close();
  };
}

/**
 * dynalite throws the errors of its store, which would end the thread, but for those that have a status: it answers
 * them. So the request that meets a damaged row or a full disk fails, and all others go on.
 */
function answerErrors(prototype, method, onError = () => {}) {
  const original = prototype[method];
  prototype[method] = function answeringErrors(...parameters) {
    return original.apply(this, parameters).catch((error) => {
      onError(error);
      const body = { __type: INTERNAL_SERVER_ERROR, message: error.message };
      throw Object.assign(error, { statusCode: 500, body });
    });
  };
}
