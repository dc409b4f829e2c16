import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

// Plain JavaScript, because Node loads a worker by itself, without what runs the TypeScript around it.
closeIteratorsThatAreReturned();
const server = dynalite({ path: workerData.dataDirectory, createTableMs: 0 });

server.once('error', (error) => {
  throw error;
});
// dynalite 4.0.0 throws when a client hangs up amid a request, which would end this thread (architect/dynalite#183).
// Without a listener, Node drops the error together with the request.
server.on('request', (request) => request.removeAllListeners('error'));
server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address().port));

parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});

/**
 * dynalite 4.0.0 ends the iterators of LevelDB by `return`, which abstract-level 3.1.1 does not have. Left open, each
 * keeps a snapshot of the data in memory and files from being deleted.
 */
function closeIteratorsThatAreReturned() {
  const { AbstractKeyIterator } = createRequire(createRequire(import.meta.url).resolve('dynalite'))(
    'abstract-level',
  );
  const { prototype } = Object.getPrototypeOf(AbstractKeyIterator);
  prototype.return ??= function closeIterator() {
    return this.close();
  };
}
