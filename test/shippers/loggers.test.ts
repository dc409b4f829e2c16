import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { LogStream } from '../../examples/node/log-stream.js';
import {
  createBunyan,
  createConsole,
  createPino,
  createTslog,
  createWinston,
} from '../../examples/node/loggers.js';
import { TRYING_TIMES } from '../support/fault-api.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  type ShippedLine,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const unsentFolder = () => join(shipping.folder, 'unsent');

function openStream(url = shipping.api.url): LogStream {
  return new LogStream({
    url: `${url}/v1/json`,
    headers: { 'x-api-key': 'key' },
    unsentFolder: unsentFolder(),
  });
}

const fields = (entries: LogEntry[]) => entries.map(({ severity, message }) => [severity, message]);

type Log = (level: ShippedLine['level'], message: string, attributes: object) => void;

const LOGGERS: Record<string, (stream: LogStream) => Log> = {
  pino: (stream) => {
    const logger = createPino(stream);
    return (level, message, attributes) => logger[level](attributes, message);
  },
  winston: (stream) => {
    const logger = createWinston(stream);
    return (level, message, attributes) => logger.log(level, message, attributes);
  },
  bunyan: (stream) => {
    const logger = createBunyan(stream);
    return (level, message, attributes) => logger[level](attributes, message);
  },
  tslog: (stream) => {
    const logger = createTslog(stream);
    return (level, message, attributes) => logger[level](message, attributes);
  },
  console: (stream) => {
    const logger = createConsole(stream);
    // A text cannot have a name that is too long, so such a line is refused for its own length.
    return (level, message, attributes) => logger[level](message, ...Object.keys(attributes).map(tooLong));
  },
};

const tooLong = () => ' '.repeat(300_000);

describe('Every line of a logger is stored exactly once, through faults and a restart:', () => {
  test.each(Object.entries(LOGGERS))('%s', async (name, create) => {
    shipping.faults = [...TRYING_TIMES];
    const loggedSince = new Date();
    const logAll = (lines: ShippedLine[]) => {
      const stream = openStream();
      const log = create(stream);
      for (const { level, number, isPoison } of lines)
        log(level, `${name} ${number}`, isPoison ? { ['k'.repeat(257)]: 'too long a name' } : {});
      return stream;
    };
    const stopped = logAll(BEFORE_RESTART);
    stopped.end();
    await finished(stopped);
    const stream = logAll(AFTER_RESTART);
    await shipping.api.untilAcknowledged();
    stream.end();
    await finished(stream);

    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, name, { loggedSince });
    expect(readdirSync(unsentFolder())).toEqual([]);
  });
});

describe('A logger needs nothing but a stream, and nothing of a line is lost:', () => {
  test('pino', async () => {
    const stream = openStream();
    const logger = createPino(stream);
    logger.info({ order: 7, at: { shop: 'a' } }, 'pino: paid');
    logger.error(new Error('card declined'), 'pino: failed');
    stream.end();
    await finished(stream);
    const entries = await shipping.stored('pino');
    expect(fields(entries)).toEqual([
      ['error', 'pino: failed'],
      ['info', 'pino: paid'],
    ]);
    expect(entries[1]?.attributes).toEqual({
      pid: process.pid,
      hostname: expect.any(String),
      order: 7,
      at: { shop: 'a' },
    });
    expect(entries[0]?.attributes).toMatchObject({
      err: { message: 'card declined', stack: expect.stringContaining('loggers.test.ts') },
    });
  });

  test('winston, with its timestamp switched on', async () => {
    const stream = openStream();
    const logger = createWinston(stream);
    logger.warn('winston: slow', { order: 7 });
    logger.info('winston: done');
    stream.end();
    await finished(stream);
    const entries = await shipping.stored('winston');
    expect(fields(entries)).toEqual([
      ['info', 'winston: done'],
      ['warning', 'winston: slow'],
    ]);
    expect(entries[0]).not.toHaveProperty('attributes');
    expect(entries[1]?.attributes).toEqual({ order: 7 });
  });

  test('bunyan', async () => {
    const stream = openStream();
    const logger = createBunyan(stream);
    logger.fatal({ err: new Error('gone') }, 'bunyan: down');
    logger.debug('bunyan: not logged by default');
    logger.info('bunyan: up');
    stream.end();
    await finished(stream);
    const entries = await shipping.stored('bunyan');
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
    const stream = openStream();
    const logger = createTslog(stream);
    logger.warn('tslog: slow', { order: 7 });
    logger.fatal('tslog: down');
    stream.end();
    await finished(stream);
    const entries = await shipping.stored('tslog');
    expect(fields(entries)).toEqual([
      ['error', 'tslog: down'],
      ['warning', 'tslog: slow'],
    ]);
    expect(entries[0]?.attributes).toMatchObject({ level: 'FATAL' });
    expect(entries[1]?.attributes).toMatchObject({ order: 7 });
  });
});
