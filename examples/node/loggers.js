// @ts-check
import { format } from 'node:util';
import bunyan from 'bunyan';
import pino from 'pino';
import { Logger } from 'tslog';
import winston from 'winston';

/** @typedef {import('node:stream').Writable} Stream */

/** @param {Stream} stream */
export function createPino(stream) {
  return pino(stream);
}

/** @param {Stream} stream */
export function createWinston(stream) {
  const { combine, timestamp, json } = winston.format;
  return winston.createLogger({
    format: combine(timestamp(), json()),
    transports: [new winston.transports.Stream({ stream })],
  });
}

/** @param {Stream} stream */
export function createBunyan(stream) {
  return bunyan.createLogger({ name: 'checkout', stream, serializers: bunyan.stdSerializers });
}

/** @param {Stream} stream */
export function createTslog(stream) {
  const logger = new Logger({ type: 'hidden' });
  logger.attachTransport({ format: 'json', write: (_, line) => void stream.write(`${line}\n`) });
  return logger;
}

/** @param {Stream} stream */
export function createConsole(stream) {
  /** @type {(level: string) => (...values: unknown[]) => void} */
  const log = (level) => {
    return (...values) => void stream.write({ time: new Date(), level, message: format(...values) });
  };
  return { ...console, log: log('info'), info: log('info'), warn: log('warn'), error: log('error') };
}
