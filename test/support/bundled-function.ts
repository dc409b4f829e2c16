import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LambdaHandler } from '../../handlers/http/lambda-handler.ts';
import { type SynthesizedApp, synthesizeApp } from './synthesized-app.ts';

export type GatewayResult = { statusCode: number; headers: Record<string, string>; body: string };

export type BundledFunction = {
  invoke(event: object): Promise<GatewayResult>;
  /** What it has printed. It is complete after `stop`. */
  output(): string;
  /** What it has printed to standard error. */
  errors(): string;
  stop(): Promise<void>;
};

/** As Lambda runs a bundle: loads it once, and passes it one event after another. */
const RUNTIME = `
import { handler } from './index.mjs';
const context = { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME };
process.on('message', (event) =>
  handler(event, context).then(
    (result) => process.send({ result }),
    (error) => process.send({ thrown: String(error) }),
  ),
);
process.send('ready');
`;

type Outcome = { result?: GatewayResult; thrown?: string };

type LambdaFunction = { FunctionName: string; Environment: { Variables: Record<string, string> } };

/**
 * Runs a function as it is deployed: the asset alone, in a folder without modules or sources, by plain Node,
 * with the environment of the template.
 * @param environment over the template's, for an engine on this machine
 */
export async function startBundledFunction(
  app: SynthesizedApp,
  stackName: string,
  environment: Record<string, string>,
): Promise<BundledFunction> {
  const [lambda] = Object.values(app.resources<LambdaFunction>(stackName, 'AWS::Lambda::Function'));
  if (!lambda) throw new Error(`no function in ${stackName}`);
  const folder = await mkdtemp(join(tmpdir(), 'log-service-bundle-'));
  await cp(app.assetFolder(stackName), folder, { recursive: true });
  await writeFile(join(folder, 'runtime.mjs'), RUNTIME);

  const child = fork('runtime.mjs', {
    cwd: folder,
    execArgv: [],
    silent: true,
    env: {
      ...lambda.Properties.Environment.Variables,
      // As Lambda sets them, so that logger, metrics and tracer behave as they do there.
      AWS_LAMBDA_FUNCTION_NAME: lambda.Properties.FunctionName,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environment,
    },
  });
  let output = '';
  child.stdout?.on('data', (data) => {
    output += data;
  });
  let errors = '';
  child.stderr?.on('data', (data) => {
    errors += data;
  });
  await nextMessage(child, () => errors);

  return {
    async invoke(event) {
      child.send(event);
      const { result, thrown } = (await nextMessage(child, () => errors)) as Outcome;
      if (!result) throw new Error(thrown);
      return result;
    },
    output: () => output,
    errors: () => errors,
    async stop() {
      // As Lambda does: the X-Ray SDK's timers would keep it alive.
      child.kill();
      await once(child, 'close');
      await rm(folder, { recursive: true });
    },
  };
}

export interface Handlers {
  ingest: LambdaHandler;
  retrieval: LambdaHandler;
  stop(): Promise<void>;
}

/** The handlers as they are uploaded, each in a process of its own, with these variables over those of the template. */
export async function startBundledHandlers(environment: Record<string, string>): Promise<Handlers> {
  const app = await synthesizeApp({}, { bundle: true });
  const [ingest, retrieval] = await Promise.all([
    startBundledFunction(app, 'dev-log-ingest', environment),
    startBundledFunction(app, 'dev-log-retrieval', environment),
  ]);
  return {
    ingest: oneAtATime(ingest),
    retrieval: oneAtATime(retrieval),
    async stop() {
      await Promise.all([ingest.stop(), retrieval.stop()]);
    },
  };
}

/** As Lambda does, which never gives an environment a second request before it has answered the first. */
function oneAtATime(bundled: BundledFunction): LambdaHandler {
  let last: Promise<unknown> = Promise.resolve();
  return (event) => {
    const result = last.then(() => bundled.invoke(event as object));
    last = result.catch(() => {});
    return result;
  };
}

export function bundleFiles(app: SynthesizedApp, stackName: string): Promise<string[]> {
  return readdir(app.assetFolder(stackName));
}

async function nextMessage(child: ChildProcess, errors: () => string): Promise<unknown> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`the bundle ended with ${code}: ${errors().slice(-2_000)}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message'), exit]);
    return message;
  } finally {
    ended.abort();
    exit.catch(() => {});
  }
}
