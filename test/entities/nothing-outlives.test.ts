import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { LogDay } from '../../entities/log-day.ts';
import { createLogReader } from '../../entities/read/log-reader.ts';
import { createLogWriter } from '../../entities/write/log-writer.ts';
import { createAnnounceDays, DayNotAnnouncedError } from '../../entities/write/spread.ts';
import { checked, entry } from '../support/entries.ts';
import { createTestClient } from '../support/table.ts';

/** An engine that answers when the test says so. */
let engine: Server;
let client: DynamoDBClient;
/** Commands that the client has begun and not ended, with their retries. */
let underWay: number;

beforeEach(async () => {
  engine = createServer((request) => request.resume()).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  client = createTestClient(`http://127.0.0.1:${(engine.address() as AddressInfo).port}`, { maxAttempts: 3 });
  underWay = 0;
  client.middlewareStack.add(
    (next) => async (request) => {
      underWay++;
      try {
        return await next(request);
      } finally {
        underWay--;
      }
    },
    { step: 'initialize' },
  );
});
afterEach(() => {
  jest.useRealTimers();
  client.destroy();
  engine.closeAllConnections();
  engine.close();
});

const PATIENT = () => AbortSignal.timeout(60_000);
const DENIED = { __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException', message: 'denied' };
const STORED = { UnprocessedItems: {} };

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

describe('Reading', () => {
  test.each([
    { page: 'the newest entries', read: () => reader().newest({ limit: 100 }, () => true) },
    { page: 'dead letters', read: () => reader().deadLetters({ limit: 100 }, () => true) },
  ])('of $page ends all queries when one fails, and fails after them', async ({ read }) => {
    const page = expect(read().finally(() => expect(underWay).toBe(0))).rejects.toThrow('denied');
    const [, first] = await once(engine, 'request');
    const [, second] = await once(engine, 'request');
    expect(underWay).toBeGreaterThan(1);
    // This one is tried again.
    answer(second, 500, {});
    answer(first, 400, DENIED);
    await page;
  });

  test('ends when DynamoDB has not answered for 13 seconds, whatever is under way', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] });
    const page = expect(reader().newest({ limit: 100 }, () => true)).rejects.toThrow('not answer in time');
    await once(engine, 'request');
    jest.advanceTimersByTime(13_000);
    await page;
    expect(underWay).toBe(0);
  });

  const reader = () => createLogReader({ client, table: 'logs' });
});

describe('Writing', () => {
  test('of days fails after all that it has sent, when a day that another request writes fails', async () => {
    const announce = createAnnounceDays({ client, table: 'logs' }, 30);
    const other = expect(announce([day('2026-01-01')], PATIENT())).rejects.toThrow(DayNotAnnouncedError);
    const [, othersWrite] = await once(engine, 'request');
    const own = expect(
      announce([day('2026-01-01'), day('2026-01-02')], PATIENT()).finally(() => expect(underWay).toBe(0)),
    ).rejects.toThrow(DayNotAnnouncedError);
    const [, ownWrite] = await once(engine, 'request');
    answer(othersWrite, 400, DENIED);
    await other;
    answer(ownWrite, 200, STORED);
    await own;
  });

  test('ends before it throws what its entries have thrown', async () => {
    function* failing() {
      for (let count = 0; count < 60; count++) yield checked(entry());
      throw new Error('The next record cannot be read');
    }
    const writer = createLogWriter({ client, table: 'logs', shards: 1, retentionDays: 1 });
    engine.on('request', (_request, response) => answer(response, 200, STORED));
    const writing = writer.appendEntries(failing(), PATIENT());
    await expect(writing.finally(() => expect(underWay).toBe(0))).rejects.toThrow('cannot be read');
  });
});

function day(name: string): LogDay {
  return { timeline: 'info', day: name, shards: 1 };
}
