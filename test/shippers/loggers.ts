import type { Writable } from 'node:stream';
import bunyan from 'bunyan';
import pino from 'pino';
import { Logger } from 'tslog';
import winston from 'winston';

export function createPino(stream: Writable): pino.Logger {
  return pino(stream);
}

export function createWinston(stream: Writable): winston.Logger {
  const { combine, timestamp, json } = winston.format;
  return winston.createLogger({
    format: combine(timestamp(), json()),
    transports: [new winston.transports.Stream({ stream })],
  });
}

export function createBunyan(stream: Writable): bunyan {
  return bunyan.createLogger({ name: 'checkout', stream, serializers: bunyan.stdSerializers });
}

export function createTslog(stream: Writable): Logger<unknown> {
  const logger = new Logger({ type: 'hidden' });
  logger.attachTransport({ format: 'json', write: (_, line) => void stream.write(`${line}\n`) });
  return logger;
}
