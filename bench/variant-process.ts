import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BUNDLING } from '../stacks/bundling.ts';
import { bundle, lambdaEnvironment } from './bundle.ts';
import type { Cost, VariantName, Work } from './ingest-child.ts';

export interface VariantProcess {
  measure(work: Work): Promise<Cost>;
  stop(): void;
}

/**
 * Starts a variant of ingest-child.ts in its own process, bundled as the functions are.
 * @param folder where the bundle is written
 */
export async function startVariant(
  folder: string,
  variant: VariantName,
  trace: 'off' | 'sampled' = 'off',
): Promise<VariantProcess> {
  const path = `${folder}/${variant}-${trace}.mjs`;
  // ElectroDB's batch put needs the document client, which a stand-in replaces in the functions.
  const options = variant === 'electroBatchPut' ? { ...BUNDLING, esbuildArgs: {} } : BUNDLING;
  await bundle({ file: fileURLToPath(new URL('ingest-child.ts', import.meta.url)) }, path, options);
  const child = fork(path, [variant], {
    env: lambdaEnvironment(trace),
    execArgv: ['--expose-gc'],
    // Logs and metrics are written as in Lambda, but nobody reads them.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await nextMessage(child);
  return {
    measure(work) {
      child.send(work);
      return nextMessage(child) as Promise<Cost>;
    },
    stop: () => child.kill(),
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
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
