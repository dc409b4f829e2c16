const { AsyncLocalStorage } = require('node:async_hooks');

/** @typedef {Record<string, unknown>} Context */

/**
 * Holds the values that belong to one chain of asynchronous calls. The X-Ray SDK keeps the current segment here.
 * The original package hooks into every promise of the process, which takes a quarter of the CPU of ingest.
 */
class Namespace {
  /** @type {AsyncLocalStorage<Context>} */
  #storage = new AsyncLocalStorage();

  /**
   * The context outside of every `run`. In Lambda, each invocation starts in it.
   * @type {Context | undefined}
   */
  #outermost;

  /** @returns {Context} a new context that inherits the values of the active one */
  createContext() {
    return Object.create(this.#active ?? null);
  }

  /** @param {Context} context */
  enter(context) {
    this.#outermost = context;
  }

  /**
   * Runs `task` in a new context, with all asynchronous calls that it starts.
   * @param {(context: Context) => void} task
   * @returns {Context}
   */
  run(task) {
    const context = this.createContext();
    this.#storage.run(context, task, context);
    return context;
  }

  /** @param {string} key */
  get(key) {
    return this.#active?.[key];
  }

  /**
   * @template Value
   * @param {string} key
   * @param {Value} value
   * @returns {Value}
   * @throws {Error} when no context is active
   */
  set(key, value) {
    if (!this.#active) throw new Error('There is no context to set a value in: call run or enter first');
    this.#active[key] = value;
    return value;
  }

  get #active() {
    return this.#storage.getStore() ?? this.#outermost;
  }
}

/** @type {Map<string, Namespace>} */
const namespaces = new Map();

/** @param {string} name */
exports.getNamespace = (name) => namespaces.get(name);

/** @param {string} name */
exports.createNamespace = (name) => {
  const namespace = new Namespace();
  namespaces.set(name, namespace);
  return namespace;
};

/** @param {string} name */
exports.destroyNamespace = (name) => {
  namespaces.delete(name);
};
