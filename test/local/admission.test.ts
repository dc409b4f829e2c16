import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { UNPACKED_LIMIT_BYTES } from '../../handlers/limits.ts';
import { Admission } from '../../local/server/admission.ts';
import { createLocalServer } from '../../local/server/local-server.ts';
import { readRequestBody } from '../../local/server/read-request-body.ts';
import { unpackedLength } from '../../local/server/unpacked-length.ts';

const MIB = 1_024 * 1_024;

test('Large bodies that never end leave room for small ones', () => {
  const admission = new Admission();
  const fill = () => {
    for (;;) admission.reserve(MIB, 4 * MIB);
  };
  expect(fill).toThrow('busy');
  expect(() => admission.reserve(1_000, 1_000)).not.toThrow();
});

test('A body of which nothing more arrives is given up with 408, and its connection is closed', async () => {
  const request = Object.assign(new Readable({ read() {} }), { headers: {} });
  request.push('[{');
  const reading = readRequestBody(request as unknown as IncomingMessage, new Admission(), 1);
  await expect(reading).rejects.toMatchObject({ status: 408, headers: { Connection: 'close' } });
});

test('A client that does not read its answer is disconnected', async () => {
  const body = ' '.repeat(64 * MIB);
  const invoke = async () => ({ statusCode: 200, body });
  const server = createLocalServer({ functions: { ingest: invoke, retrieval: invoke }, stallMs: 50 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connected = once(server, 'connection');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  client.pause().write('GET /logs HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [socket] = await connected;
  await once(socket, 'close');
  client.destroy();
  server.close();
});

test('A compressed body waits as what it unpacks to', async () => {
  const admission = new Admission();
  const small = deflateSync(Buffer.alloc(3 * MIB));
  let [running, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await Promise.all(Array.from({ length: 4 }, () => admission.write(small, 'deflate', work)));
  expect(most).toBe(1);
});

test('When too much of the answers is unread, the clients that have been reading longest are disconnected', () => {
  const admission = new Admission();
  const answers = Array.from({ length: 12 }, () => new PassThrough());
  for (const answer of answers.slice(0, 8)) admission.keep(answer, 8 * MIB);
  answers[1]?.emit('close');
  for (const answer of answers.slice(8)) admission.keep(answer, 8 * MIB);
  const disconnected = answers.flatMap(({ destroyed }, at) => (destroyed ? [at] : []));
  expect(disconnected).toEqual([0, 2, 3]);
});

test.each([
  ['plain', Buffer.alloc(100), '', 100],
  ['gzip', gzipSync(Buffer.alloc(9_000)), '', 9_000],
  ['several gzip members', Buffer.concat([gzipSync(Buffer.alloc(9_000)), gzipSync('a')]), '', 9_001],
  ['deflate', deflateSync(Buffer.alloc(9_000)), 'deflate', 9_000],
  ['deflate without an end', Buffer.alloc(100), 'deflate', UNPACKED_LIMIT_BYTES],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), '', UNPACKED_LIMIT_BYTES],
  ['large gzip', gzipSync(Buffer.alloc(MIB)), '', UNPACKED_LIMIT_BYTES],
])('A body that is %s counts as what it may unpack to', async (_, body, encoding, bytes) => {
  expect(await unpackedLength(body, encoding, 10_000)).toBe(bytes);
});
