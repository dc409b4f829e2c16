import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { REAL_LINES } from './ingest/loggers/real-lines.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

async function post(body: string) {
  const response = await fetch(`${service.url}/v1/json`, { method: 'POST', body });
  return response.json() as Promise<{ accepted: number; rejected: { errors: object[] }[] }>;
}

describe('A line that a logger really wrote becomes the entry it was meant to be:', () => {
  test.each(REAL_LINES.map((real, number) => ({ ...real, number })))('$logger: $line', async (real) => {
    const { id = `line-${real.number}` } = JSON.parse(real.line);
    const line = real.line.includes(`"id":"${id}"`) ? real.line : `${real.line.slice(0, -1)},"id":"${id}"}`;
    expect(await post(line)).toEqual({ accepted: 1, rejected: [] });
    const response = await fetch(`${service.url}/logs/${id}`);
    expect(await response.text()).toBe(`[{"id":"${id}",${real.entry.slice(1)}]`);
  });
});

test('All of them in one body are stored once, however often they are sent', async () => {
  const body = REAL_LINES.map(({ line }) => line).join('\n');
  const before = (await getAll(service.url)).length;
  const withIds = REAL_LINES.filter(({ line }) => line.startsWith('{"id":')).length;
  for (let times = 0; times < 2; times++)
    expect(await post(body)).toEqual({ accepted: REAL_LINES.length, rejected: [] });
  expect(await getAll(service.url)).toHaveLength(before + REAL_LINES.length - withIds);
});

test('Lines of one millisecond keep the order of their numbers, as roarr writes them', async () => {
  const lines = REAL_LINES.filter(({ logger }) => logger.startsWith('roarr')).map(({ line }) => line);
  await post(lines.toReversed().join('\n'));
  const entries = await getAll(service.url, '/logs?attributes[version]=2.0.0');
  const derived = entries.filter(({ id }) => !id.startsWith('line-'));
  expect(derived.map(({ message }) => message)).toEqual(['child', 'slow', 'paid']);
});

describe('Objects of one body are read, whatever stands between them:', () => {
  test('two as JsonLayout of log4j2 2.19.0 writes them by default', async () => {
    const body = ['561819817', '956470076'].map(
      (nanoseconds) => `{
  "instant" : {
    "epochSecond" : 1795891711,
    "nanoOfSecond" : ${nanoseconds}
  },
  "thread" : "main",
  "level" : "WARN",
  "loggerName" : "shop",
  "message" : "slow",
  "endOfBatch" : false,
  "loggerFqcn" : "org.apache.logging.log4j.spi.AbstractLogger",
  "threadId" : 1,
  "threadPriority" : 5
}
`,
    );
    expect(await post(body.join(''))).toEqual({ accepted: 2, rejected: [] });
    const entries = await getAll(
      service.url,
      '/logs?from=2026-11-28T18:48:31Z&to=2026-11-28T18:48:33Z&severity=warning',
    );
    expect(entries.map(({ datetime }) => datetime)).toEqual([
      '2026-11-28T18:48:31.956470076Z',
      '2026-11-28T18:48:31.561819817Z',
    ]);
  });

  test('two on one line, as LogglyFormatter of Monolog 2.9.1 writes them', async () => {
    const body =
      '{"message":"paid","context":{},"level":200,"level_name":"INFO","channel":"shop","extra":{},"timestamp":"2026-11-28T19:48:21.323909+0100"}{"message":"slow","context":{},"level":300,"level_name":"WARNING","channel":"shop","extra":{},"timestamp":"2026-11-28T19:48:21.323926+0100"}';
    expect(await post(body)).toEqual({ accepted: 2, rejected: [] });
  });
});

const NO_TIME = { path: 'time', message: expect.stringContaining('has no time') };
const noZone = (path: string) => ({ path, message: expect.stringContaining('zone') });

describe('A line that a logger writes without a time, or without its zone, is refused with the way to set it:', () => {
  test.each([
    ['winston 3.19.0 by default', '{"level":"info","message":"paid","order":7}', NO_TIME],
    ['lambda-log 3.1.0', '{"_logLevel":"warn","msg":"slow","shop":"a","_tags":[]}', NO_TIME],
    ['python-json-logger 4.2.0 by default', '{"message": "slow: 812 ms"}', NO_TIME],
    ['structlog 22.3.0 without TimeStamper', '{"order": 7, "event": "slow", "level": "warning"}', NO_TIME],
    [
      'winston 3.19.0 with a format of its own',
      '{"level":"info","message":"paid","timestamp":"2026-11-28 18:48:17"}',
      noZone('timestamp'),
    ],
    [
      'python-json-logger 4.2.0 with asctime',
      '{"asctime": "2026-11-28 18:43:59,745", "levelname": "WARNING", "levelno": 30, "message": "slow: 812 ms", "exc_info": null}',
      noZone('asctime'),
    ],
    [
      'python-json-logger 4.2.0 with asctime and a time of the caller',
      '{"asctime": "2026-11-28 18:43:59,746", "levelname": "INFO", "levelno": 20, "message": "took", "exc_info": null, "time": 5.2, "level": "gold", "timestamp": "never"}',
      noZone('asctime'),
    ],
    [
      'Python’s logging by hand',
      '{"time": "2026-11-28 18:40:29,000", "level": "WARNING", "logger": "h", "msg": "slow"}',
      noZone('time'),
    ],
    [
      'structlog 22.3.0 with utc=False',
      '{"order": 7, "event": "paid", "level": "info", "timestamp": "2026-11-28T18:40:29.107172"}',
      noZone('timestamp'),
    ],
  ])('%s', async (_, line, error) => {
    const { rejected } = await post(line);
    expect(rejected.map(({ errors }) => errors)).toEqual([[error]]);
  });
});
