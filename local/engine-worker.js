import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

// Plain JavaScript, for a worker is loaded by Node itself and not by what runs the TypeScript around it.
const server = dynalite({ path: workerData.dataDirectory, createTableMs: 0 });

server.once('error', (error) => {
  throw error;
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address().port));

parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});
