import { startEmbeddedEngine } from '../../local/embedded-engine.ts';

/** The process behind startEngineProcess: serves the folder it is given, and tells its parent where. */
const { endpoint } = await startEmbeddedEngine(process.argv[2]);
process.send?.(endpoint);
