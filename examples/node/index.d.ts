import { Writable } from 'node:stream';

export interface LogStreamOptions {
  /** Of POST /v1/json */
  url: string | URL;
  /** Such as the API key */
  headers?: Record<string, string>;
  /** Where lines wait that could not be sent. Streams and processes may share it. */
  unsentFolder: string;
}

/** Sends lines of JSON, or objects, to the log service. It never fails: it warns once of each trouble, and goes on. */
export class LogStream extends Writable {
  constructor(options: LogStreamOptions);
  /** How many lines are lost, because neither the service nor the folder took them and the memory was full. */
  get dropped(): number;
  /** Tries once more to send what there is, for a few seconds, and keeps the remainder in the folder. */
  flush(): Promise<void>;
  /** Keeps in the folder, at once, what was not sent. */
  saveNow(): void;
}

/** For pino as a transport, in a worker thread. */
export default function createLogStream(options: LogStreamOptions): LogStream;
