import { fileURLToPath } from 'node:url';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { build } from 'esbuild';

const repository = fileURLToPath(new URL('../', import.meta.url));

const ALIAS = '--alias:';

/** Bundles a source file, or source text, as the stacks bundle a function with these options. */
export async function bundle(
  source: { file: string } | { text: string },
  outfile: string,
  { target, mainFields, externalModules, minify, banner, esbuildArgs = {} }: BundlingOptions,
): Promise<void> {
  const aliases = Object.entries(esbuildArgs).filter(([name]) => name.startsWith(ALIAS));
  await build({
    ...('file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.text, resolveDir: repository, loader: 'ts' } }),
    absWorkingDir: repository,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target,
    mainFields,
    external: externalModules,
    minify,
    banner: { js: banner ?? '' },
    alias: Object.fromEntries(aliases.map(([name, path]) => [name.slice(ALIAS.length), String(path)])),
    logLevel: 'error',
  });
}

/**
 * The environment variables that Lambda sets, as far as the functions and their libraries read them.
 * @param trace what X-Ray does with the requests. AWS samples one per second and 5 % of the others.
 */
export function lambdaEnvironment(trace: 'off' | 'not sampled' | 'sampled'): Record<string, string> {
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8';
  const traced = { _X_AMZN_TRACE_ID: `${root};Sampled=${trace === 'sampled' ? 1 : 0}` };
  return {
    AWS_LAMBDA_FUNCTION_NAME: 'log-ingest',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: '/var/task',
    _HANDLER: 'index.handler',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    TABLE_NAME: 'logs',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...(trace === 'off' ? { POWERTOOLS_TRACE_ENABLED: 'false' } : traced),
  };
}
