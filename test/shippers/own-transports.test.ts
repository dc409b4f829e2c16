import { describe, expect, test } from '@jest/globals';
import { Logger } from 'tslog';
import { httpTransport } from 'tslog/transports/http';
import winston from 'winston';
import { getAll } from '../support/http.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

/** What is stored of a logger, the oldest first. */
async function stored(logger: string): Promise<object[]> {
  const entries = await getAll(shipping.service.url);
  return entries.filter(({ message }) => message.startsWith(`${logger}:`)).toReversed();
}

describe('The transport that comes with a logger needs only the URL:', () => {
  test('winston, with its timestamp switched on', async () => {
    const { hostname, port } = new URL(shipping.api.url);
    const logger = winston.createLogger({
      format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
      transports: [new winston.transports.Http({ host: hostname, port: Number(port), path: '/v1/json' })],
    });
    logger.warn('winston: slow', { order: 7 });
    await shipping.api.untilAcknowledged();
    logger.info('winston: done');
    await shipping.api.untilAcknowledged(2);
    expect(await stored('winston')).toEqual([
      expect.objectContaining({ severity: 'warning', message: 'winston: slow', attributes: { order: 7 } }),
      expect.objectContaining({ severity: 'info', message: 'winston: done' }),
    ]);
  });

  test('tslog', async () => {
    const logger = new Logger({ type: 'hidden' });
    logger.attachTransport(
      httpTransport({ url: `${shipping.api.url}/v1/json`, batchSize: 100, flushIntervalMs: 1_000 }),
    );
    logger.warn('tslog: slow', { order: 7 });
    logger.fatal('tslog: down');
    await logger.flush();
    expect(await stored('tslog')).toEqual([
      expect.objectContaining({ severity: 'warning', attributes: expect.objectContaining({ order: 7 }) }),
      expect.objectContaining({ severity: 'error', attributes: expect.objectContaining({ level: 'FATAL' }) }),
    ]);
  });
});
