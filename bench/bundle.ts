import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { build } from 'esbuild';

const run = promisify(execFile);

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
 * Synthesizes the app as the CDK command line does, without an AWS account.
 * @param folder where the assembly is written
 * @param stacks which have one function each
 * @returns the path of each function's bundle, by the name of its stack
 */
export async function synthesizeFunctions(folder: string, stacks: string[]): Promise<Map<string, string>> {
  const { context } = JSON.parse(await readFile(join(repository, 'cdk.json'), 'utf8'));
  await run(process.execPath, ['--import', 'tsx', 'stacks/app.ts'], {
    cwd: repository,
    env: {
      PATH: process.env.PATH,
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  const paths = new Map<string, string>();
  for (const stack of stacks) {
    const template: Template = JSON.parse(await readFile(join(folder, `${stack}.template.json`), 'utf8'));
    const asset = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
    const hash = asset?.Properties.Code?.S3Key.replace(/\.zip$/, '');
    paths.set(stack, join(folder, `asset.${hash}`, 'index.mjs'));
  }
  return paths;
}

type Template = { Resources: Record<string, { Type: string; Properties: { Code?: { S3Key: string } } }> };

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
