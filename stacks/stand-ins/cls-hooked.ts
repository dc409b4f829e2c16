import { AsyncLocalStorage } from 'node:async_hooks';

type Context = Record<string, unknown>;

/**
 * What the X-Ray SDK uses of cls-hooked: a segment that belongs to a chain of asynchronous calls. The package
 * itself hooks into every promise of the process to follow them, a quarter of the CPU of ingest; Node does it
 * for nothing.
 */
class Namespace {
  private readonly storage = new AsyncLocalStorage<Context>();
  /** The context outside of all `run`: in Lambda, what every invocation starts in. */
  private outermost: Context | undefined;

  createContext(): Context {
    return Object.create(this.active ?? null);
  }

  enter(context: Context): void {
    this.outermost = context;
  }

  run(task: (context: Context) => void): Context {
    const context = this.createContext();
    this.storage.run(context, task, context);
    return context;
  }

  get(key: string): unknown {
    return this.active?.[key];
  }

  set<Value>(key: string, value: Value): Value {
    if (!this.active) throw new Error('There is no context to set a value in: call run or enter first');
    this.active[key] = value;
    return value;
  }

  private get active(): Context | undefined {
    return this.storage.getStore() ?? this.outermost;
  }
}

const namespaces = new Map<string, Namespace>();

export function getNamespace(name: string): Namespace | undefined {
  return namespaces.get(name);
}

export function createNamespace(name: string): Namespace {
  const namespace = new Namespace();
  namespaces.set(name, namespace);
  return namespace;
}

export function destroyNamespace(name: string): void {
  namespaces.delete(name);
}
