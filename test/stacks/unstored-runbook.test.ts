import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { invoke } from '../support/gateway.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { logEvent, subscriptionEvent } from '../support/subscription.ts';

const run = promisify(execFile);

const guide = await readFile('docs/deploy.md', 'utf8');
const [, section = ''] = guide.split('### ingest-unstored\n');
const [, block = ''] = /^ *```sh\n([\s\S]*?)^ *```$/m.exec(section) ?? [];
const commands = block.replaceAll(/^ {3}/gm, '');

const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/dev-log-unstored';

interface Message {
  ReceiptHandle: string;
  Body: string;
}

let queue: Message[];
let service: Service;
let server: Server;
let bin: string;

beforeAll(async () => {
  service = await startService();
  server = createServer(async (request, response) => {
    const call = (await json(request)) as Call;
    const answer = await answerTo(call).catch(() => undefined);
    response.writeHead(answer === undefined ? 500 : 200).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bin = await mkdtemp(join(tmpdir(), 'log-service-aws-'));
  const program = fileURLToPath(new URL('../support/aws-queue-stand-in.mjs', import.meta.url));
  await writeFile(join(bin, 'aws'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  });
});
beforeEach(() => {
  queue = [];
});
afterAll(async () => {
  server.close();
  await Promise.all([service.close(), rm(bin, { recursive: true })]);
});

interface Call {
  command: string;
  options: string[];
  payload?: string;
}

/** What the AWS CLI prints, from the references of SQS and Lambda. */
async function answerTo({ command, options, payload = '' }: Call): Promise<string | undefined> {
  const optionOf = (option: string) => options[options.indexOf(option) + 1];
  switch (command) {
    case 'sqs get-queue-url':
      return optionOf('--queue-name') === 'dev-log-unstored' ? `${QUEUE_URL}\n` : undefined;
    case 'sqs receive-message': {
      // A message that was received is invisible for a time.
      const message = queue[0];
      return message ? JSON.stringify({ Messages: [{ MessageId: randomUUID(), ...message }] }) : '';
    }
    case 'sqs delete-message':
      queue = queue.filter(({ ReceiptHandle }) => ReceiptHandle !== optionOf('--receipt-handle'));
      return '';
    case 'lambda invoke':
      return invoke(service.ingest, JSON.parse(payload)).then(
        () => 'None\n',
        () => 'Unhandled\n',
      );
  }
}

/** The record of an invocation that failed, as Lambda sends it to the destination. */
function failed(event: object | undefined): Message {
  const requestContext = { condition: 'RetriesExhausted', approximateInvokeCount: 3 };
  const body = {
    version: '1.0',
    requestContext,
    requestPayload: event,
    responsePayload: { errorType: 'Error' },
  };
  return { ReceiptHandle: randomUUID(), Body: JSON.stringify(body) };
}

async function sendIn() {
  const env = {
    AWS_STAND_IN_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
  const { stdout } = await run('bash', ['--norc', '-c', commands], { env }).catch((error) => error);
  return { stdout, left: queue.length };
}

const testWithJq = spawnSync('jq', ['--version']).error ? test.skip : test;

testWithJq('The commands send every event in again, and empty the queue', async () => {
  // Larger than an argument of a program may be.
  const lines = ['one', 'two'].map((name) => logEvent(`sent in again: ${name} ${'ü'.repeat(100_000)}`));
  queue = lines.map((line) => failed(subscriptionEvent([line, logEvent('beside')])));
  expect(await sendIn()).toEqual({ stdout: 'All is sent in.\n', left: 0 });
  expect(await getAll(service.url, '/logs?contains=sent+in+again')).toHaveLength(2);
});

testWithJq('They print that all is sent in if the queue is empty', async () => {
  expect(await sendIn()).toEqual({ stdout: 'All is sent in.\n', left: 0 });
});

testWithJq.each([
  ['that the function refuses', { awslogs: { data: 'e30=' } }],
  ['whose payload Lambda left out', undefined],
])('They stop at an event %s, and keep it', async (_, event) => {
  queue = [failed(event), failed(subscriptionEvent([logEvent('behind it')]))];
  expect(await sendIn()).toEqual({ stdout: '', left: 2 });
});
