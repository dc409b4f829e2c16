import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { LogStream } from '../../examples/node/log-stream.js';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { getAll } from '../support/http.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const unsentFolder = () => join(shipping.folder, 'made', 'unsent');

function openStream(options: { url?: string; unsentFolder?: string } = {}): LogStream {
  const { url = shipping.api.url, ...others } = options;
  return new LogStream({
    url: `${url}/v1/json`,
    headers: { 'x-api-key': 'key' },
    unsentFolder: unsentFolder(),
    ...others,
  });
}

const line = (msg: string, time: Date | string = new Date()) =>
  `${JSON.stringify({ time, level: 'warn', msg })}\n`;

const INSTANT = '2026-01-02T03:04:05.678Z';

/** `name: 000` and so on, each of the same millisecond. */
const linesOfAnInstant = (name: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) =>
    line(`${name}: ${String(from + at).padStart(3, '0')}`, INSTANT),
  );

/** The messages of a name, oldest first as the service lists them. */
async function listed(name: string): Promise<string[]> {
  const entries = await getAll(shipping.service.url);
  return entries
    .map(({ message }) => message)
    .filter((message) => message.startsWith(`${name}:`))
    .toReversed();
}

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}: ${String(at).padStart(3, '0')}`);

describe('What is written to a stream of logs', () => {
  test('has an id of its own or gets one, so that equal lines are all kept', async () => {
    const stream = openStream();
    const equal = line('stream: equal');
    for (let request = 1; request <= 3; request++) {
      stream.write(equal);
      await shipping.api.untilAcknowledged(request);
    }
    stream.write(`{"id":7,${equal.slice(1)}`);
    stream.end(`{"id":"mine",${equal.slice(1)}`);
    await finished(stream);
    const ids = (await shipping.stored('stream')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(ids).toEqual(expect.arrayContaining(['mine', '7']));
  });

  test('is sent again until the service has taken it', async () => {
    shipping.faults = [...TRYING_TIMES];
    const stream = openStream();
    stream.write(line('again: 1', INSTANT));
    await shipping.api.untilAcknowledged();
    stream.end();
    await finished(stream);
    expect(shipping.api.answers).toEqual([503, 503, 'reset', 200]);
    expect(await shipping.stored('again')).toEqual([
      expect.objectContaining({ datetime: INSTANT, severity: 'warning', message: 'again: 1' }),
    ]);
    expect(readdirSync(unsentFolder())).toEqual([]);
  });

  test('keeps its order within a millisecond, in one batch, across batches, and after waiting on disk', async () => {
    const lines = linesOfAnInstant('order', 0, 90);
    const stream = openStream();
    for (const written of lines.slice(0, 30)) stream.write(written);
    await shipping.api.untilAcknowledged();
    shipping.faults = ['unavailable', 'unavailable'];
    for (const written of lines.slice(30, 60)) stream.write(written);
    stream.end();
    await finished(stream);
    expect(await listed('order')).toHaveLength(30);

    const next = openStream();
    for (const written of lines.slice(60)) next.write(written);
    next.end();
    await finished(next);
    expect(await listed('order')).toEqual(numbered('order', 90));
  });

  test('waits on disk while the service is down, and is sent when it is there again', async () => {
    shipping.faults = ['unavailable', 'unavailable'];
    const ended = openStream();
    ended.end(line('disk: 1'));
    await finished(ended);
    expect(readdirSync(unsentFolder())).toEqual([expect.stringMatching(/\.ndjson$/)]);

    shipping.faults = ['unavailable'];
    const stream = openStream();
    stream.end(line('disk: 2'));
    await finished(stream);
    expect((await shipping.stored('disk')).map(({ message }) => message)).toEqual(['disk: 1', 'disk: 2']);
    expect(readdirSync(unsentFolder())).toEqual([]);
  });

  test('is stored once when two streams share what is on disk', async () => {
    shipping.faults = ['unavailable', 'unavailable'];
    const ended = openStream();
    ended.end(linesOfAnInstant('shared', 0, 20).join(''));
    await finished(ended);

    const streams = [openStream(), openStream()];
    streams.forEach((stream, at) => void stream.end(linesOfAnInstant('shared', 20 + at, 21 + at)[0]));
    await Promise.all(streams.map((stream) => finished(stream)));
    expect(await listed('shared')).toEqual(numbered('shared', 22));
    expect(readdirSync(unsentFolder())).toEqual([]);
  });

  test('is sent in smaller batches if it is too large, and alone on disk if a line is too large by itself', async () => {
    const gateway = await startFaultProxy(shipping.service.url, async ({ body }, forward) => {
      const lines = gunzipSync(body).toString().split('\n');
      const isTooLarge = lines.length > 8 || lines.some((line) => line.includes('huge'));
      return isTooLarge ? { status: 413, headers: {}, body: Buffer.from('') } : forward();
    });
    const stream = openStream({ url: gateway.url });
    for (let at = 0; at < 40; at++) stream.write(line(`large: ${at === 20 ? 'huge' : at}`));
    stream.end();
    await finished(stream);
    await gateway.close();
    expect(await shipping.stored('large')).toHaveLength(39);
    const [kept = '', ...others] = readdirSync(unsentFolder());
    expect([kept, others]).toEqual([expect.stringMatching(/\.too-large$/), []]);
    expect(readFileSync(join(unsentFolder(), kept), 'utf8')).toContain('"large: huge"');
  });

  test('may come in pieces, of texts or bytes, with or without line ends, or as objects', async () => {
    const stream = openStream();
    const bytes = Buffer.from(line('pieces: 1 Zürich 😀', INSTANT));
    for (const byte of bytes) stream.write(Buffer.of(byte));
    stream.write(`${line('pieces: 2', INSTANT)}${line('pieces: 3', INSTANT).slice(0, 20)}`);
    stream.write(line('pieces: 3', INSTANT).slice(20));
    stream.write(line('pieces: 4', INSTANT).trimEnd());
    stream.write(line('pieces: 5', INSTANT).trimEnd());
    const circle: Record<string, unknown> = { time: INSTANT, msg: 'pieces: 6' };
    stream.write(circle);
    stream.write({ ...circle, msg: 'pieces: 7', circle, toJSON: undefined, big: 1 });
    stream.end();
    await finished(stream);
    expect(await listed('pieces')).toEqual([
      'pieces: 1 Zürich 😀',
      ...[2, 3, 4, 5, 6, 7].map((number) => `pieces: ${number}`),
    ]);
  });

  test('is a message of its own if it is not the JSON of an object', async () => {
    const stream = openStream();
    const texts = ['plain: listening', '[two]', '"quoted"', '{"half":', '    at pay (checkout.js:1:2)'];
    stream.write(`\n  \n${texts.join('\r\n')}\n{}\n`);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    stream.write(circle);
    stream.end('without a line end');
    await finished(stream);
    const messages = (await getAll(shipping.service.url)).map(({ message }) => message);
    expect(messages).toEqual(
      expect.arrayContaining([...texts, 'without a line end', expect.stringContaining('[Circular')]),
    );
  });

  test('goes on in order from memory while the folder cannot be written', async () => {
    const file = join(shipping.folder, 'a file');
    await writeFile(file, '');
    shipping.faults = [...TRYING_TIMES];
    const stream = openStream({ unsentFolder: join(file, 'folder') });
    for (const written of linesOfAnInstant('memory', 0, 50)) stream.write(written);
    await shipping.api.untilAcknowledged();
    for (const written of linesOfAnInstant('memory', 50, 60)) stream.write(written);
    stream.end();
    await finished(stream);
    expect(await listed('memory')).toEqual(numbered('memory', 60));
    expect(stream.dropped).toBe(0);
  });

  test('is dropped and counted once neither folder nor memory has room, and the log says so', async () => {
    const file = join(shipping.folder, 'a file');
    await writeFile(file, '');
    shipping.faults = ['unavailable'];
    const stream = openStream({ unsentFolder: file });
    // Too long for a message, so that only the last line is stored.
    for (let at = 0; at < 40; at++) stream.write(line('x'.repeat(1_000_000)));
    stream.write(line('dropped: last'));
    expect(stream.dropped).toBeGreaterThan(0);
    const { dropped } = stream;
    await shipping.api.untilAcknowledged();
    stream.end();
    await finished(stream);
    const messages = (await getAll(shipping.service.url)).map(({ message }) => message);
    expect(messages).toContain(`${dropped} log lines were dropped before this one`);
  });

  test('is kept on disk when it is written after the end, or when the stream is destroyed', async () => {
    const stream = openStream();
    stream.end();
    await finished(stream);
    stream.write(line('late: 1'));
    const destroyed = openStream();
    destroyed.write(line('late: 2'));
    destroyed.destroy(new Error('by the application'));
    const next = openStream();
    next.end();
    await finished(next);
    expect(await listed('late')).toEqual(['late: 1', 'late: 2']);
  });
});
