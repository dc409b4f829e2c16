// The inside of an EngineThread. Plain JavaScript, because Node loads a worker without the loader that runs the
// TypeScript around it.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { answerOnlyOwnClients } from './only-own-clients.js';
import { repairDynalite } from './repair-dynalite.js';

const { dataDirectory, port, accessKeyId } = workerData;

repairDynalite(
  (error) => parentPort?.postMessage({ writeFailure: error.message }),
  (error) => parentPort?.postMessage({ readFailure: error.message }),
);
if (dataDirectory !== undefined) await tryToOpen(dataDirectory);
const server = dynalite({ path: dataDirectory, createTableMs: 0 });

server.once('error', (error) => {
  throw error;
});
// dynalite 4.0.0 throws when a client disconnects during a request, which would end this thread
// (architect/dynalite#183). Without a listener, Node drops the error together with the request.
server.on('request', (request) => request.removeAllListeners('error'));
answerOnlyOwnClients(server, accessKeyId);
server.listen(port, '127.0.0.1', () => parentPort?.postMessage({ port: server.address().port }));

parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});

/** Opens the store and closes it again to find out why it cannot be opened: dynalite only says "Database is closed". */
async function tryToOpen(path) {
  const { Level } = createRequire(createRequire(import.meta.url).resolve('dynalite'))('level');
  const store = new Level(path);
  await store.open().catch(({ cause, ...error }) => {
    throw cause ?? error;
  });
  await store.close();
}
