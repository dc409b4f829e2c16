import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What is asked of a variant: this many entries, so many of them a request. */
export interface Work {
  entries: number;
  perRequest: number;
}

export interface VariantProcess {
  /** Milliseconds of CPU, of all threads, that the work took. */
  sample(work: Work): Promise<number>;
  stop(): void;
}

/**
 * Starts a bundled variant (see ../variants) in a process of its own, so that none pays for what another loads:
 * the X-Ray SDK, for one, slows every promise of its process.
 */
export async function startVariant(
  bundlePath: string,
  environment: Record<string, string>,
): Promise<VariantProcess> {
  const child = fork(bundlePath, {
    env: environment,
    execArgv: ['--expose-gc'],
    // Logs and metrics are written as in Lambda, and nobody reads them.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await answer(child);
  return {
    async sample(work) {
      child.send(work);
      return Number(await answer(child));
    },
    stop: () => child.kill(),
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A variant ended with exit code ${code}`);
      }),
    ]);
  } finally {
    settled.abort();
  }
}
