import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import winston from 'winston';

const SEVERITIES: Record<string, string> = { error: 'error', warn: 'warning' };

/** Gives each line what an entry needs. The id is made once, so that a line that is sent again is the same entry. */
const asEntry = winston.format((line) => ({
  ...line,
  id: line.id ?? randomUUID(),
  datetime: new Date().toISOString(),
  severity: SEVERITIES[line.level] ?? 'info',
  message: String(line.message),
}));

export function createWinstonLogger(http: winston.transports.HttpTransportOptions): winston.Logger {
  const transport = new winston.transports.Http({
    ...http,
    batch: true,
    batchCount: 500,
    batchInterval: 1_000,
  });
  return winston.createLogger({ format: asEntry(), transports: [sendAgain(transport)] });
}

type Done = (error: Error | null, response?: IncomingMessage) => void;
type Send = (lines: unknown, done: Done, auth: unknown, path: string) => void;

/** Winston's HTTP transport sends each batch once. This sends it again until the service has taken or refused it. */
function sendAgain(transport: winston.transports.HttpTransportInstance) {
  const http = transport as unknown as { _doRequest: Send };
  const send = http._doRequest.bind(transport);
  http._doRequest = (lines, done, auth, path) =>
    send(
      lines,
      (error, response) => {
        const status = response?.statusCode ?? 0;
        if (error || status === 429 || status >= 500)
          setTimeout(() => http._doRequest(lines, done, auth, path), 1_000);
        else done(error, response);
      },
      auth,
      path,
    );
  return transport;
}
