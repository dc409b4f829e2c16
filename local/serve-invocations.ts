import { parentPort, workerData } from 'node:worker_threads';
import type { LambdaHandler } from '../handlers/http/lambda-handler.ts';
import type { Invocation, Outcome } from './function-thread.ts';
import { lambdaContext } from './lambda-context.ts';

// The inside of a FunctionThread: it loads the function, and calls it as Lambda does.
const { name, module }: { name: string; module: string } = workerData;
const { handler }: { handler: LambdaHandler } = await import(module);

parentPort?.on('message', async ({ number, event }: Invocation) => {
  const outcome: Outcome = await handler(event, lambdaContext(name)).then(
    (result) => ({ number, result }),
    (error) => ({ number, error }),
  );
  parentPort?.postMessage(outcome);
});
parentPort?.postMessage('ready');
