import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { BUNDLING } from '../stacks/bundling.ts';
import { bundle, lambdaEnvironment } from './bundle.ts';
import type { Cost, Work } from './ingest-child.ts';

const sdkAlone = (name: string) => `
  import { ${name}, serve } from './bench/ingest-child.ts';
  serve(${name}());
`;
const wholeFunction = (encoding: string, path = '/logs') => `
  import { handler } from './handlers/ingest-logs.ts';
  import { handleWith, serve } from './bench/ingest-child.ts';
  serve(handleWith(handler, '${encoding}', '${path}'));
`;

/** The entry file of each variant. It imports only what the variant needs, because loaded libraries cost too. */
const SOURCES = {
  batchWrite: sdkAlone('batchWrite'),
  conditionalPuts: sdkAlone('conditionalPuts'),
  electroBatchPut: `
    import { electroBatchPut } from './bench/electro-batch-put.ts';
    import { serve } from './bench/ingest-child.ts';
    serve(electroBatchPut());
  `,
  json: wholeFunction('json'),
  ndjson: wholeFunction('ndjson'),
  gzip: wholeFunction('gzip'),
  attributes: wholeFunction('attributes'),
  pino: wholeFunction('pino', '/v1/json'),
  realistic: `
    import { handler } from './handlers/ingest-logs.ts';
    import { handleWith, serve } from './bench/ingest-child.ts';
    import { realisticEntries } from './bench/realistic-entries.ts';
    serve(handleWith(handler, 'json'), realisticEntries);
  `,
};

export interface VariantProcess {
  measure(work: Work): Promise<Cost>;
  stop(): void;
}

/**
 * Starts a variant in its own process, bundled as the functions are.
 * @param folder where the bundle is written
 * @param environment of the function, over that of Lambda
 */
export async function startVariant(
  folder: string,
  variant: keyof typeof SOURCES,
  trace: 'off' | 'sampled' = 'off',
  environment: Record<string, string> = {},
): Promise<VariantProcess> {
  const path = `${folder}/${variant}-${trace}.mjs`;
  // ElectroDB's batch put needs the document client, which a stand-in replaces in the functions.
  const options = variant === 'electroBatchPut' ? { ...BUNDLING, esbuildArgs: {} } : BUNDLING;
  await bundle({ text: SOURCES[variant] }, path, options);
  const child = fork(path, {
    env: { ...lambdaEnvironment(trace), ...environment },
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
