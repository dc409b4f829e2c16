import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { startProgram, stopPrograms, whereInstalled } from '../support/programs.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  SHIPPED_LINES,
  type ShippedLine,
  untilArrived,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

const run = promisify(execFile);

const here = (file: string) => join(import.meta.dirname, file);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Syslog's numbers of severities. */
const LEVEL_NUMBERS = { info: 6, warn: 4, error: 3 };

/** A line longer than syslog daemons take by default, with a tab, which they escape. */
const LONG_TEXT = `\t${'long '.repeat(20_000)}.`;

const textOf = ({ number }: ShippedLine) => (number === 1 ? `1${LONG_TEXT}` : `${number}`);

/** Sends lines to a syslog daemon on a port of this machine as soon as it listens there. */
async function sendSyslog(port: number, tag: string, shipped: ShippedLine[]): Promise<void> {
  const lines = shipped.map((line) => {
    const date = line.isPoison ? '2099-01-01T00:00:00Z' : line.datetime;
    return `<${8 + LEVEL_NUMBERS[line.level]}>${date} web-1 ${tag}: ${textOf(line)}`;
  });
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.end(`${lines.join('\n')}\n`);
      await once(socket, 'close');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    }
  }
}

/** The variables that the configurations of the guide read. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${shipping.folder}:${process.env.PATH}`,
    LOGS_URL: `${shipping.api.url}/logs`,
    LOGS_API_KEY: 'key',
  };
}

const start = (program: string, args: string[]) =>
  startProgram(program, args, shipping.folder, environment());

const expectSyslogOnce = (tag: string) =>
  expectEachLineOnce(shipping.service.url, `${tag}:`, {
    messageOf: (line) => `web-1 ${tag}: ${textOf(line)}`,
  });

describe('Every line of a program is stored exactly once, through faults:', () => {
  whereInstalled('syslog-ng')('syslog-ng', async () => {
    const port = await freePort();
    const source = `source s_src { network(transport("tcp") ip("127.0.0.1") port(${port})); };`;
    const options = 'options { keep-hostname(yes); };';
    const conf = `@version: 3.38\n${options}\n${source}\n@include "${here('syslog-ng.conf')}"\n`;
    await writeFile(join(shipping.folder, 'main.conf'), conf);
    const files = ['--persist-file=persist', '--pidfile=pid', '--control=control'];
    const args = ['--foreground', '--no-caps', '--cfgfile=main.conf', ...files];
    start('syslog-ng', args);
    await sendSyslog(port, 'syslog-ng', BEFORE_RESTART);
    await shipping.api.nextAnswer();
    await stopPrograms();
    start('syslog-ng', args);
    await sendSyslog(port, 'syslog-ng', AFTER_RESTART);

    await untilArrived(shipping.api, shipping.service.url, 'syslog-ng:');
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectSyslogOnce('syslog-ng');
  });

  whereInstalled('rsyslogd')('rsyslog', async () => {
    const port = await freePort();
    const conf = await readFile(here('rsyslog.conf'), 'utf8');
    const source = `module(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="${port}")`;
    await writeFile(
      join(shipping.folder, 'main.conf'),
      `${source}\n${conf.replace('/var/spool/log-service', shipping.folder)}`,
    );
    await symlink(here('post-file.sh'), join(shipping.folder, 'post-file'));
    const startBoth = () => {
      start('rsyslogd', ['-n', '-f', 'main.conf', '-i', join(shipping.folder, 'pid')]);
      start(here('send-spool.sh'), [shipping.folder, join(shipping.folder, 'pid')]);
    };
    startBoth();
    await sendSyslog(port, 'rsyslog', BEFORE_RESTART);
    await shipping.api.nextAnswer();
    await stopPrograms();
    startBoth();
    await sendSyslog(port, 'rsyslog', AFTER_RESTART);

    await untilArrived(shipping.api, shipping.service.url, 'rsyslog:');
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectSyslogOnce('rsyslog');
  });

  whereInstalled('curl')('curl', async () => {
    const entries = SHIPPED_LINES.map(({ number, isPoison, level, datetime }) =>
      entry({
        severity: level === 'warn' ? 'warning' : level,
        message: `curl: ${number}`,
        datetime: isPoison ? 'yesterday' : datetime,
      }),
    );
    const file = join(shipping.folder, 'entries');
    await writeFile(file, entries.map((one) => JSON.stringify(one)).join('\n'));
    const { stdout } = await run(here('post-file.sh'), [file], { env: environment() });

    expect(stdout).toMatch(/\{"accepted":100,"rejected":\[.*\]\}$/m);
    expect(shipping.api.answers).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, 'curl:');
    const stored = (await getAll(shipping.service.url)).filter(({ message }) => message.startsWith('curl:'));
    const valid = entries.filter(({ datetime }) => datetime !== 'yesterday');
    expect(stored).toEqual(valid.toReversed());
  });

  whereInstalled('curl').each([
    ['200', 'is stored', 0, () => JSON.stringify(entry())],
    ['400', 'is refused', 2, () => 'no entry'],
    ['413', 'is too large', 1, () => 'x\n'.repeat(50_000)],
  ])('curl succeeds only with %s: a file that %s', async (_, __, code, content) => {
    shipping.faults = [];
    const file = join(shipping.folder, 'entries');
    await writeFile(file, content());
    const child = spawn(here('post-file.sh'), [file], { env: environment(), stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([code, null]);
  });
});
