import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { type ApiFault, type FaultyApi, startFaultyApi, TRYING_TIMES } from '../support/fault-api.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { LogStream } from './log-stream.ts';

let service: Service;
let api: FaultyApi;
let faults: ApiFault[];
let folder: string;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  faults = [];
  api = await startFaultyApi(service.url, () => faults.shift() ?? 'none');
  folder = await mkdtemp(join(tmpdir(), 'unsent-'));
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});
afterAll(() => service.close());

const unsentFile = () => join(folder, 'unsent.ndjson');

function openStream(url = api.url): LogStream {
  return new LogStream({ url: `${url}/v1/json`, headers: { 'x-api-key': 'key' }, unsentFile: unsentFile() });
}

async function stored(logger: string): Promise<LogEntry[]> {
  const entries = await getAll(service.url);
  return entries
    .filter(({ message }) => message.startsWith(`${logger}:`))
    .sort((a, b) => a.message.localeCompare(b.message));
}

describe('What is written to a stream of logs', () => {
  test('has an id of its own or gets one, so that equal lines are all kept', async () => {
    const stream = openStream();
    const line = JSON.stringify({ time: new Date(), msg: 'stream: equal' });
    for (let request = 1; request <= 3; request++) {
      stream.write(`${line}\n`);
      await api.untilAcknowledged(request);
    }
    stream.end(`{"id":"mine",${line.slice(1)}\n`);
    await finished(stream);
    const ids = (await stored('stream')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toContain('mine');
  });

  test('is sent again until the service has taken it', async () => {
    faults = [...TRYING_TIMES];
    const stream = openStream();
    stream.write(`${JSON.stringify({ time: new Date(), msg: 'again: 1' })}\n`);
    await api.untilAcknowledged();
    stream.end();
    await finished(stream);
    expect(api.answers).toEqual([503, 503, 'reset', 200]);
    expect(await stored('again')).toHaveLength(1);
  });

  test('waits on disk while the service is down, and is sent when it is there again', async () => {
    faults = ['unavailable'];
    const ended = openStream();
    ended.end(`${JSON.stringify({ time: new Date(), msg: 'disk: 1' })}\n`);
    await finished(ended);
    expect(existsSync(unsentFile())).toBe(true);

    faults = ['unavailable'];
    const stream = openStream();
    stream.end(`${JSON.stringify({ time: new Date(), msg: 'disk: 2' })}\n`);
    await finished(stream);
    expect((await stored('disk')).map(({ message }) => message)).toEqual(['disk: 1', 'disk: 2']);
    expect(existsSync(unsentFile())).toBe(false);
  });

  test('is sent in smaller batches if it is too large, and alone on disk if a line is too large by itself', async () => {
    const gateway = await startFaultProxy(service.url, async ({ body }, forward) => {
      const lines = gunzipSync(body).toString().split('\n');
      const isTooLarge = lines.length > 8 || lines.some((line) => line.includes('huge'));
      return isTooLarge ? { status: 413, headers: {}, body: Buffer.from('') } : forward();
    });
    const stream = openStream(gateway.url);
    for (let at = 0; at < 40; at++)
      stream.write(`${JSON.stringify({ time: new Date(), msg: `large: ${at === 20 ? 'huge' : at}` })}\n`);
    stream.end();
    await finished(stream);
    await gateway.close();
    expect(await stored('large')).toHaveLength(39);
    expect(existsSync(unsentFile())).toBe(false);
    expect(existsSync(`${unsentFile()}.too-large`)).toBe(true);
  });
});
