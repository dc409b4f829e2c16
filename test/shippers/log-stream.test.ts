import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { setUpShipping } from '../support/shipping.ts';
import { LogStream } from './log-stream.ts';

const shipping = setUpShipping();

const unsentFile = () => join(shipping.folder, 'unsent.ndjson');

function openStream(url = shipping.api.url): LogStream {
  return new LogStream({ url: `${url}/v1/json`, headers: { 'x-api-key': 'key' }, unsentFile: unsentFile() });
}

describe('What is written to a stream of logs', () => {
  test('has an id of its own or gets one, so that equal lines are all kept', async () => {
    const stream = openStream();
    const line = JSON.stringify({ time: new Date(), msg: 'stream: equal' });
    for (let request = 1; request <= 3; request++) {
      stream.write(`${line}\n`);
      await shipping.api.untilAcknowledged(request);
    }
    stream.end(`{"id":"mine",${line.slice(1)}\n`);
    await finished(stream);
    const ids = (await shipping.stored('stream')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toContain('mine');
  });

  test('is sent again until the service has taken it', async () => {
    shipping.faults = [...TRYING_TIMES];
    const stream = openStream();
    stream.write(`${JSON.stringify({ time: new Date(), msg: 'again: 1' })}\n`);
    await shipping.api.untilAcknowledged();
    stream.end();
    await finished(stream);
    expect(shipping.api.answers).toEqual([503, 503, 'reset', 200]);
    expect(await shipping.stored('again')).toHaveLength(1);
  });

  test('waits on disk while the service is down, and is sent when it is there again', async () => {
    shipping.faults = ['unavailable'];
    const ended = openStream();
    ended.end(`${JSON.stringify({ time: new Date(), msg: 'disk: 1' })}\n`);
    await finished(ended);
    expect(existsSync(unsentFile())).toBe(true);

    shipping.faults = ['unavailable'];
    const stream = openStream();
    stream.end(`${JSON.stringify({ time: new Date(), msg: 'disk: 2' })}\n`);
    await finished(stream);
    expect((await shipping.stored('disk')).map(({ message }) => message)).toEqual(['disk: 1', 'disk: 2']);
    expect(existsSync(unsentFile())).toBe(false);
  });

  test('is sent in smaller batches if it is too large, and alone on disk if a line is too large by itself', async () => {
    const gateway = await startFaultProxy(shipping.service.url, async ({ body }, forward) => {
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
    expect(await shipping.stored('large')).toHaveLength(39);
    expect(existsSync(unsentFile())).toBe(false);
    expect(existsSync(`${unsentFile()}.too-large`)).toBe(true);
  });
});
