import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { entry } from '../support/entries.ts';
import { type FaultyApi, inTurn, startFaultyApi, TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

let service: Service;
let api: FaultyApi;
let folder: string;
let daemon: ChildProcess | undefined;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  api = await startFaultyApi(service.url, inTurn(...TRYING_TIMES));
  folder = await mkdtemp(join(tmpdir(), 'shipper-'));
});
afterEach(async () => {
  if (daemon?.kill()) await once(daemon, 'exit');
  daemon = undefined;
  await api.close();
  await rm(folder, { recursive: true });
});
afterAll(() => service.close());

const run = promisify(execFile);

const here = (file: string) => join(import.meta.dirname, file);

/** Runs where a program is installed, which is what it is called with. */
function whereInstalled(program: string) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return test;
  } catch {
    return test.skip;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Syslog's numbers of severities, and ours. */
const SYSLOG_LINES = Array.from({ length: 30 }, (_, at) => ({
  number: at,
  level: [6, 4, 3][at % 3] ?? 6,
  severity: ['info', 'warning', 'error'][at % 3],
}));

/** Sends lines to a syslog daemon on a port of this machine as soon as it listens there. */
async function sendSyslog(port: number, tag: string): Promise<void> {
  const lines = SYSLOG_LINES.map(
    ({ number, level }) => `<${8 + level}>Nov 15 12:05:00 web-1 ${tag}: line ${number}`,
  );
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
  return { ...process.env, LOGS_URL: `${api.url}/logs`, LOGS_API_KEY: 'key' };
}

function start(program: string, args: string[]): void {
  daemon = spawn(program, args, {
    cwd: folder,
    env: environment(),
    stdio: 'ignore',
  });
}

async function expectEachOnce(tag: string): Promise<void> {
  const stored = (await getAll(service.url)).filter(({ message }) => message.includes(` ${tag}: `));
  const expected = SYSLOG_LINES.map(({ number, severity }) => `${severity} web-1 ${tag}: line ${number}`);
  expect(stored.map(({ severity, message }) => `${severity} ${message}`).sort()).toEqual(expected.sort());
}

describe('Every line of a program is stored exactly once, through faults:', () => {
  whereInstalled('syslog-ng')('syslog-ng', async () => {
    const port = await freePort();
    const source = `source s_src { network(transport("tcp") ip("127.0.0.1") port(${port})); };`;
    const options = 'options { keep-hostname(yes); };';
    const conf = `@version: 3.38\n${options}\n${source}\n@include "${here('syslog-ng.conf')}"\n`;
    await writeFile(join(folder, 'main.conf'), conf);
    const files = ['--persist-file=persist', '--pidfile=pid', '--control=control'];
    start('syslog-ng', ['--foreground', '--no-caps', '--cfgfile=main.conf', ...files]);
    await sendSyslog(port, 'syslog-ng');

    await api.untilAcknowledged();
    expect(api.answers).toEqual([503, 503, 'reset', 200]);
    await expectEachOnce('syslog-ng');
  });

  whereInstalled('rsyslogd')('rsyslog', async () => {
    const port = await freePort();
    const conf = await readFile(here('rsyslog.conf'), 'utf8');
    const source = `module(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="${port}")`;
    const local = conf.replace('/usr/local/bin/post-log-entries', here('post-log-entries.sh'));
    await writeFile(join(folder, 'main.conf'), `global(workDirectory="${folder}")\n${source}\n${local}`);
    start('rsyslogd', ['-n', '-f', 'main.conf', '-i', join(folder, 'pid')]);
    await sendSyslog(port, 'rsyslog');

    await api.untilAcknowledged(SYSLOG_LINES.length);
    expect(api.answers.slice().sort().slice(-3)).toEqual([503, 503, 'reset']);
    await expectEachOnce('rsyslog');
  });

  whereInstalled('curl')('curl', async () => {
    const entries = Array.from({ length: 100 }, (_, at) => entry({ message: `web-1 curl: ${at}` }));
    const file = join(folder, 'entries');
    await writeFile(file, entries.map((one) => JSON.stringify(one)).join('\n'));
    const { stdout } = await run(here('post-file.sh'), [file], { env: environment() });

    expect(stdout).toMatch(/\{"accepted":100,"rejected":\[\]\}$/);
    expect(api.answers).toEqual([503, 503, 'reset', 200]);
    const stored = (await getAll(service.url)).filter(({ message }) => message.includes(' curl: '));
    expect(stored).toEqual(entries.toReversed());
  });
});
