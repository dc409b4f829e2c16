import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { mendDynalite } from './repair-dynalite.js';

// Plain JavaScript, because Node loads a worker by itself, without what runs the TypeScript around it.
const { dataDirectory, port } = workerData;

mendDynalite((error) => parentPort?.postMessage({ writeFailure: error.message }));
if (dataDirectory !== undefined) await tryToOpen(dataDirectory);
const server = dynalite({ path: dataDirectory, createTableMs: 0 });

server.once('error', (error) => {
  throw error;
});
// dynalite 4.0.0 throws when a client hangs up amid a request, which would end this thread (architect/dynalite#183).
// Without a listener, Node drops the error together with the request.
server.on('request', (request) => request.removeAllListeners('error'));
server.listen(port, '127.0.0.1', () => parentPort?.postMessage({ port: server.address().port }));

parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});

/** Opens the store and closes it again: dynalite would answer "Database is closed", whatever the cause is. */
async function tryToOpen(path) {
  const { Level } = createRequire(createRequire(import.meta.url).resolve('dynalite'))('level');
  const store = new Level(path);
  await store.open().catch(({ cause, ...error }) => {
    throw cause ?? error;
  });
  await store.close();
}
