import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { type FaultyApi, startFaultyApi } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import {
  createPlainBunyan,
  createPlainPino,
  createPlainTslog,
  createPlainWinston,
} from './loggers-as-they-are.ts';

let service: Service;
let api: FaultyApi;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  api = await startFaultyApi(service.url, () => 'none');
});
afterEach(() => api.close());
afterAll(() => service.close());

const inlet = () => ({ url: `${api.url}/v1/json`, headers: { 'x-api-key': 'key' } });

async function stored(logger: string): Promise<LogEntry[]> {
  const entries = await getAll(service.url);
  return entries.filter(({ message }) => message.startsWith(`${logger}:`)).toReversed();
}

const fields = (entries: LogEntry[]) => entries.map(({ severity, message }) => [severity, message]);

describe('A logger needs nothing but the URL, and nothing of a line is lost:', () => {
  test('pino', async () => {
    const logger = createPlainPino(inlet());
    logger.info({ order: 7, at: { shop: 'a' } }, 'pino: paid');
    logger.error(new Error('card declined'), 'pino: failed');
    await api.untilAcknowledged();
    const entries = await stored('pino');
    expect(fields(entries)).toEqual([
      ['info', 'pino: paid'],
      ['error', 'pino: failed'],
    ]);
    expect(entries[0]?.attributes).toEqual({
      pid: process.pid,
      hostname: expect.any(String),
      order: 7,
      at: { shop: 'a' },
    });
    expect(entries[1]?.attributes).toMatchObject({
      err: { message: 'card declined', stack: expect.stringContaining('loggers.test.ts') },
    });
  });

  test("winston's HTTP transport, with its timestamp switched on", async () => {
    const logger = createPlainWinston(inlet());
    logger.warn('winston: slow', { order: 7 });
    await api.untilAcknowledged();
    logger.info('winston: done');
    await api.untilAcknowledged(2);
    const entries = await stored('winston');
    expect(fields(entries)).toEqual([
      ['warning', 'winston: slow'],
      ['info', 'winston: done'],
    ]);
    expect(entries[0]?.attributes).toEqual({ order: 7 });
    expect(entries[1]).not.toHaveProperty('attributes');
  });

  test('bunyan', async () => {
    const logger = createPlainBunyan(inlet());
    logger.fatal({ err: new Error('gone') }, 'bunyan: down');
    logger.debug('bunyan: not logged by default');
    logger.info('bunyan: up');
    await api.untilAcknowledged(2);
    const entries = await stored('bunyan');
    expect(fields(entries)).toEqual([
      ['error', 'bunyan: down'],
      ['info', 'bunyan: up'],
    ]);
    expect(entries[0]?.attributes).toMatchObject({
      level: 60,
      name: 'checkout',
      err: { message: 'gone', stack: expect.stringContaining('loggers.test.ts') },
    });
  });

  test('tslog', async () => {
    const logger = createPlainTslog(inlet());
    logger.warn('tslog: slow', { order: 7 });
    logger.fatal('tslog: down');
    await logger.flush();
    const entries = await stored('tslog');
    expect(fields(entries)).toEqual([
      ['warning', 'tslog: slow'],
      ['error', 'tslog: down'],
    ]);
    expect(entries[0]?.attributes).toMatchObject({ order: 7 });
    expect(entries[1]?.attributes).toMatchObject({ level: 'FATAL' });
  });
});
