// The inside of a FunctionThread: it loads the function and calls it as Lambda does. Plain JavaScript, because Node
// loads a worker without the loader that runs the TypeScript around it.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { lambdaContext } = await import('./to-gateway-event.ts');
const { handler } = await import(workerData.module);

parentPort.on('message', async ({ number, event }) => {
  const outcome = await handler(event, lambdaContext(workerData.name)).then(
    (result) => ({ number, result }),
    (error) => ({ number, error }),
  );
  parentPort.postMessage(outcome);
});
parentPort.postMessage('ready');
