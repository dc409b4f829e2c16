import { Writable } from 'node:stream';
import bunyan from 'bunyan';
import pino from 'pino';
import { createWriteStream } from 'pino-http-send';
import { Logger } from 'tslog';
import { httpTransport } from 'tslog/transports/http';
import winston from 'winston';

/** @param url of POST /v1/json */
interface Inlet {
  url: string;
  headers: Record<string, string>;
}

export function createPlainPino({ url, headers }: Inlet): pino.Logger {
  return pino(createWriteStream({ url, headers, bodyType: 'ndjson', batchSize: 100 }));
}

export function createPlainWinston({ url, headers }: Inlet): winston.Logger {
  const { protocol, hostname, port, pathname } = new URL(url);
  return winston.createLogger({
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [
      new winston.transports.Http({
        ssl: protocol === 'https:',
        host: hostname,
        port: Number(port || 443),
        path: pathname,
        headers,
      }),
    ],
  });
}

export function createPlainBunyan({ url, headers }: Inlet): bunyan {
  const stream = new Writable({
    write: (line, _, done) => {
      fetch(url, { method: 'POST', headers, body: line }).then(() => done(), done);
    },
  });
  return bunyan.createLogger({ name: 'checkout', stream, serializers: bunyan.stdSerializers });
}

export function createPlainTslog({ url, headers }: Inlet): Logger<unknown> {
  const logger = new Logger({ type: 'hidden' });
  logger.attachTransport(httpTransport({ url, headers, batchSize: 100, flushIntervalMs: 1_000 }));
  return logger;
}
