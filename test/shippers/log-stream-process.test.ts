import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { getAll } from '../support/http.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const INSTANT = '2026-01-02T03:04:05.678Z';

/** What each application begins with. `logAll` writes 50 lines of one millisecond. */
const APPLICATION = `
import { LogStream } from 'log-service-stream';
const [url, unsentFolder] = process.argv.slice(2);
const stream = new LogStream({ url, unsentFolder });
function logAll(name) {
  for (let at = 100; at < 150; at++)
    stream.write(JSON.stringify({ time: '${INSTANT}', level: 'error', msg: name + ': ' + at }) + '\\n');
}
`;

const unsentFolder = () => join(shipping.folder, 'unsent');

beforeEach(async () => {
  const installed = join(shipping.folder, 'node_modules/log-service-stream');
  await mkdir(installed, { recursive: true });
  await cp('examples/node', installed, { recursive: true });
});

interface Application {
  child: ChildProcess;
  printed(): string;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

async function start(code: string, file = 'application.mjs'): Promise<Application> {
  const path = join(shipping.folder, file);
  await writeFile(path, code);
  return run(path, `${shipping.api.url}/v1/json`, unsentFolder());
}

function run(...parameters: string[]): Application {
  const child = spawn(process.execPath, parameters, { env: { ...process.env, NODE_OPTIONS: '' } });
  let text = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (text += chunk));
  const ended = once(child, 'close').then(([code, signal]) => signal ?? code);
  return { child, printed: () => text, ended };
}

/** What is stored of a name, oldest first. */
async function listed(name: string): Promise<string[]> {
  const entries = (await getAll(shipping.service.url)).filter(({ message }) =>
    message.startsWith(`${name}:`),
  );
  expect(new Set(entries.map(({ severity, datetime }) => `${severity} ${datetime}`))).toEqual(
    new Set([`error ${INSTANT}`]),
  );
  return entries.map(({ message }) => message).toReversed();
}

const numbered = (name: string) => Array.from({ length: 50 }, (_, at) => `${name}: ${100 + at}`);

describe('The lines of an application are stored once and in their order', () => {
  test('when it is killed while the service is down, and started again', async () => {
    shipping.faults = Array(1_000).fill('unavailable');
    const killed = await start(`${APPLICATION} logAll('killed'); setInterval(() => {}, 1_000);`);
    const files = () => readdirSync(unsentFolder()).filter((name) => name.endsWith('.ndjson'));
    do await shipping.api.nextAnswer();
    while (files().length === 0);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');

    shipping.faults = ['unavailable', 'unavailable', 'reset after it was stored'];
    const again = await start(`${APPLICATION} logAll('again'); setTimeout(() => stream.end(), 2_000);`);
    expect(await again.ended).toBe(0);
    expect(await listed('killed')).toEqual(numbered('killed'));
    expect(await listed('again')).toEqual(numbered('again'));
    expect(files()).toEqual([]);
    expect(again.printed().match(/The log service answers 503/g)).toHaveLength(1);
  });

  test.each([
    ['it comes to its end', '', 0],
    ['SIGTERM ends it', `process.kill(process.pid, 'SIGTERM');`, 'SIGTERM'],
    [
      'it waits for its stream at SIGTERM',
      `process.once('SIGTERM', () => stream.end()).kill(process.pid, 'SIGTERM');`,
      0,
    ],
  ])('when %s', async (name, code, end) => {
    const application = await start(`${APPLICATION} logAll(${JSON.stringify(name)}); ${code}`);
    expect([await application.ended, application.printed()]).toEqual([end, '']);
    expect(await listed(name)).toEqual(numbered(name));
  });

  test.each([
    ['calls process.exit()', 'process.exit(3);', 3],
    ['fails', 'throw new Error();', 1],
  ])('at the next start, when it %s', async (name, code, end) => {
    const application = await start(`${APPLICATION} logAll(${JSON.stringify(name)}); ${code}`);
    expect(await application.ended).toBe(end);
    expect(await (await start(APPLICATION)).ended).toBe(0);
    expect(await listed(name)).toEqual(numbered(name));
  });

  test('when pino writes them from a worker thread', async () => {
    const pino = JSON.stringify(import.meta.resolve('pino'));
    const application = await start(`
      import pino from ${pino};
      const [url, unsentFolder] = process.argv.slice(2);
      const target = import.meta.resolve('log-service-stream');
      const logger = pino({ timestamp: () => ',"time":"${INSTANT}"' }, pino.transport({ target, options: { url, unsentFolder } }));
      for (let at = 100; at < 150; at++) logger.error('worker: ' + at);
    `);
    expect([await application.ended, application.printed()]).toEqual([0, '']);
    expect(await listed('worker')).toEqual(numbered('worker'));
  });
});

test('An application goes on with one warning while the folder cannot be made and nothing listens', async () => {
  await writeFile(unsentFolder(), 'a file');
  await shipping.api.close();
  const application = await start(`${APPLICATION}
    for (let round = 0; round < 2; round++) { logAll('nobody'); await stream.flush(); }
    stream.end().once('close', () => console.log(stream.dropped, 'dropped'));`);
  expect(await application.ended).toBe(0);
  const warnings = application.printed().match(/LogStreamWarning: .+/g);
  expect(warnings).toEqual([
    expect.stringContaining('EEXIST'),
    expect.stringContaining('ECONNREFUSED'),
    expect.stringContaining('dropped'),
  ]);
  expect(application.printed()).toContain('100 dropped');
});

test('A stream is typed for TypeScript, and its declarations are those of its source', async () => {
  await writeFile(join(shipping.folder, 'package.json'), '{"type":"module"}');
  const path = join(shipping.folder, 'application.ts');
  await writeFile(
    path,
    `import type { Writable } from 'node:stream';
     import createLogStream, { LogStream, type LogStreamOptions } from 'log-service-stream';
     import type * as source from '${resolve('examples/node/log-stream.js')}';
     const options: LogStreamOptions = { url: 'http://localhost', unsentFolder: 'unsent' };
     const stream: LogStream = createLogStream(options);
     export const dropped: number = stream.dropped;
     type Members<Stream> = Pick<Stream, Exclude<keyof Stream, keyof Writable>>;
     export const declared = (of: Members<source.LogStream>): Members<LogStream> => of;
     export const written = (of: Members<LogStream>): Members<source.LogStream> => of;
     export const sourceOptions = (of: LogStreamOptions): source.LogStreamOptions => of;
     // @ts-expect-error: a URL is needed
     new LogStream({ unsentFolder: 'unsent' });`,
  );
  const typeRoots = join(process.cwd(), 'node_modules/@types');
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--skipLibCheck',
    '--strict',
    '--allowJs',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ];
  const compiler = run(
    'node_modules/typescript/bin/tsc',
    ...options,
    '--types',
    'node',
    '--typeRoots',
    typeRoots,
    path,
  );
  expect([await compiler.ended, compiler.printed()]).toEqual([0, '']);
});
