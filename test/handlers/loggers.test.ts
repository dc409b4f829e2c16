import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../entities/dead-letter.ts';
import { get, getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const post = (body: string | Buffer, headers = {}) =>
  fetch(`${service.url}/v1/json`, { method: 'POST', body, headers });
const TIME = '2023-11-15T12:05:00.123Z';

/** The one entry that a record becomes. */
async function entryOf(record: object | string) {
  const json = typeof record === 'string' ? record : JSON.stringify(record);
  const id = `own-${Math.random()}`;
  const response = await post(`${json.slice(0, -1)},"id":"${id}"}`);
  expect(await response.json()).toEqual({ accepted: 1, rejected: [] });
  const [entry] = await get(service.url, `/logs/${id}`);
  return entry;
}

describe('The time of a record', () => {
  test.each([
    ['datetime', `"${TIME}"`, TIME],
    ['time', '1700049900123', TIME],
    ['timestamp', '1700049900.123', TIME],
    ['@timestamp', '"2023-11-15T13:05:00.123+01:00"', '2023-11-15T13:05:00.123+01:00'],
    ['ts', '1700049900123456789', '2023-11-15T12:05:00.123456789Z'],
    ['ts', '1700049900.123456789', '2023-11-15T12:05:00.123456789Z'],
    ['ts', '1700049900123456', '2023-11-15T12:05:00.123456Z'],
    ['ts', '1700049900123.5', '2023-11-15T12:05:00.1235Z'],
    ['date', '"1700049900"', '2023-11-15T12:05:00Z'],
    ['time', '5', '1970-01-01T00:00:05Z'],
    ['time', '1.700049903123e9', '2023-11-15T12:05:03.123Z'],
    ['timestamp', '"2023-11-15 12:05:00,494+0000"', '2023-11-15T12:05:00.494+00:00'],
    ['ts', '"2023-11-15 12:05:00Z"', '2023-11-15T12:05:00Z'],
    ['ts', '{"seconds":1}', '1970-01-01T00:00:01Z'],
    ['instant', '{"epochSecond":1700049900,"nano":123456789}', '2023-11-15T12:05:00.123456789Z'],
  ])('is %s: %s is %s', async (name, value, datetime) => {
    const entry = await entryOf(`{"${name}":${value},"msg":"m"}`);
    expect(entry).toEqual({ id: expect.any(String), datetime, severity: 'info', message: 'm' });
  });

  test('is the first of several, the others stay', async () => {
    const entry = await entryOf({ ts: 7, timestamp: TIME, message: 'm' });
    expect(entry).toMatchObject({ datetime: TIME, attributes: { ts: 7 } });
  });

  test.each([
    [{ msg: 'm' }, 'time', 'winston'],
    [{ msg: 'm', time: null, ts: '' }, 'time', 'has no time'],
    [{ msg: 'm', ts: '2023-11-15 12:05:00' }, 'ts', 'has no time zone'],
    [{ msg: 'm', ts: { minutes: 1, seconds: 1 } }, 'ts', 'epoch number'],
    [{ msg: 'm', time: -5 }, 'time', 'epoch number'],
    [['m'], '', 'JSON object'],
    ['m', '', 'JSON object'],
  ])('is needed: %j is refused and kept', async (record, path, says) => {
    const raw = JSON.stringify(record);
    const response = await post(`[${raw}]`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      rejected: [{ errors: [{ path, message: expect.stringContaining(says) }] }],
    });
    const letters = (await getAll(service.url, '/dead-letters')) as unknown as DeadLetter[];
    expect(letters.map((letter) => letter.raw)).toContain(raw);
  });
});

describe('The severity of a record', () => {
  test.each([
    [{ severity: 'ERROR' }, 'error', undefined],
    [{ level: 'Warning' }, 'warning', undefined],
    [{ level: 50 }, 'error', undefined],
    [{ level: 60 }, 'error', { level: 60 }],
    [{ level: 20 }, 'info', { level: 20 }],
    [{ priority: '3' }, 'error', { priority: '3' }],
    [{ 'log.level': 'warn' }, 'warning', undefined],
    [{ log: { level: 'fatal' } }, 'error', { log: { level: 'fatal' } }],
    [{ levelname: 'CRITICAL' }, 'error', { levelname: 'CRITICAL' }],
    [{ lvl: 'debug' }, 'info', { lvl: 'debug' }],
    [{ level: { value: 5 } }, 'info', { level: { value: 5 } }],
    [{}, 'info', undefined],
  ])('of %j is %s, and what says more stays', async (members, severity, attributes) => {
    const entry = await entryOf({ time: TIME, msg: 'm', ...members });
    expect(entry?.severity).toBe(severity);
    expect(entry?.attributes).toEqual(attributes);
  });
});

describe('A record', () => {
  test.each([
    [{ message: 'a', msg: 'b' }, 'a', { msg: 'b' }],
    [{ log: 'a\n' }, 'a\n', undefined],
    [{ short_message: 'a' }, 'a', undefined],
    [{ MESSAGE: 'a' }, 'a', undefined],
    [{ msg: 5 }, '5', undefined],
    [{ message: { a: 1 } }, '{"a":1}', { message: { a: 1 } }],
    [{ event: 'login' }, 'login', undefined],
    [{ event: 'login', message: 'a' }, 'a', { event: 'login' }],
    [{ action: 'login' }, '{"action":"login"}', { action: 'login' }],
  ])('%j has the message %j', async (members, message, attributes) => {
    const entry = await entryOf({ time: TIME, ...members });
    expect(entry).toMatchObject({ message });
    expect(entry?.attributes).toEqual(attributes);
  });

  test('keeps everything else as it was sent', async () => {
    const rest = '"n":12345678901234567890,"f":1.50,"logs":[1],"__proto__":{"a":[ ]}';
    const id = 'exactly';
    await post(`{"id":"${id}", "time":"${TIME}", ${rest}, "msg":"m"}`);
    const text = await (await fetch(`${service.url}/logs/${id}`)).text();
    expect(text).toContain(`"attributes":{${rest.replace('[ ]', '[]')}}`);
  });

  test('without an id is stored once however often its body is sent, and twice if it is twice in it', async () => {
    const line = JSON.stringify({ time: TIME, msg: 'twice' });
    for (let sent = 0; sent < 2; sent++) await post(`${line}\n${line}\n`);
    await post(line);
    const entries = await getAll(service.url, `/logs?contains=twice`);
    expect(entries).toHaveLength(2);
  });

  test.each([
    ['object', (line: string) => line],
    ['array', (line: string) => `[${line}]`],
    ['envelope', (line: string) => `{"logs":[${line}]}`],
    ['NDJSON', (line: string) => `\uFEFFstarting\n${line}\n`],
  ])('comes in an %s, plain and gzip', async (form, write) => {
    for (const pack of [Buffer.from, gzipSync]) {
      const id = `${form} ${pack.name}`;
      const response = await post(pack(write(JSON.stringify({ id, time: TIME, msg: form }))));
      expect(response.status).toBe(200);
      expect(await get(service.url, `/logs/${encodeURIComponent(id)}`)).toMatchObject([{ message: form }]);
    }
  });
});
