import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { getAll } from '../support/http.ts';
import { startProgram, stopPrograms, whereInstalled } from '../support/programs.ts';
import { freePort, sendSyslog, syslogMessage, toSyslog } from '../support/send-syslog.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  SHIPPED_LINES,
  type ShippedLine,
  untilArrived,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

const run = promisify(execFile);

const example = (file: string) => join(import.meta.dirname, '../../examples', file);

const inFolder = (...names: string[]) => join(shipping.folder, ...names);

/** Its name has a blank, and a dash after it. */
const spool = () => inFolder('rsyslog -log-service');

/** Puts a program into the PATH of the scripts, in place of the real one. */
async function standIn(name: string, script: string): Promise<void> {
  await writeFile(inFolder('bin', `${name}.new`), `#!/bin/sh\n${script}\n`);
  await chmod(inFolder('bin', `${name}.new`), 0o755);
  await rename(inFolder('bin', `${name}.new`), inFolder('bin', name));
}

/** What systemd does with `systemctl kill -s HUP rsyslog`. */
const SYSTEMCTL = '[ "$*" = "kill -s HUP rsyslog" ] && kill -HUP "$(cat rsyslogd)"';

const environment = (url: string) => ({
  ...process.env,
  PATH: `${inFolder('bin')}:${process.env.PATH}`,
  LOGS_URL: `${url}/logs`,
  LOGS_API_KEY: 'key',
});

/** Debian's configuration, with Ubuntu's filter of repeated lines, its files in the test's folder, and a port. */
async function configure(): Promise<number> {
  const port = await freePort();
  await mkdir(inFolder('bin'));
  await mkdir(spool());
  await symlink(example('curl/post-file'), inFolder('bin', 'post-file'));
  await standIn('systemctl', `cd "${shipping.folder}" && ${SYSTEMCTL}`);
  // Waits as often, but not as long.
  await standIn('sleep', 'exec /bin/sleep 0.1');
  const conf = await readFile(example('rsyslog/log-service.conf'), 'utf8');
  await writeFile(inFolder('60-log-service.conf'), conf.replace('/var/spool/rsyslog/log-service', spool()));
  const main = `
module(load="imuxsock" SysSock.Name="${inFolder('log')}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="${port}")
$RepeatedMsgReduction on
$FileCreateMode 0640
$WorkDirectory ${shipping.folder}
$IncludeConfig ${inFolder('60-log-service.conf')}
*.*;auth,authpriv.none -${inFolder('syslog')}
`;
  await writeFile(inFolder('rsyslog.conf'), main);
  return port;
}

/** With the command line of Debian's unit, which makes no pid file. */
async function startRsyslog(): Promise<ChildProcess> {
  const args = ['-n', '-iNONE', '-f', inFolder('rsyslog.conf')];
  const rsyslog = startProgram('rsyslogd', args, shipping.folder, process.env);
  await writeFile(inFolder('rsyslogd'), String(rsyslog.pid));
  return rsyslog;
}

/** @param printed is called with what it prints */
function startSendSpool(url = shipping.api.url, printed = (_: string) => {}): ChildProcess {
  const sendSpool = startProgram(example('rsyslog/send-spool'), [spool()], shipping.folder, environment(url));
  sendSpool.stderr?.setEncoding('utf8').on('data', printed);
  return sendSpool;
}

async function end(program: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  program.kill(signal);
  await once(program, 'exit');
}

/** Resolves once rsyslog has read lines: what it has not read of a connection is lost when it ends. */
async function hasRead(tag: string, lines: ShippedLine[]): Promise<void> {
  const last = syslogMessage(tag)(lines.at(-1) as ShippedLine);
  const read = () => readFile(inFolder('syslog'), 'utf8').catch(() => '');
  while (!(await read()).includes(last)) await setTimeout(20);
}

const arrived = (tag: string) => untilArrived(shipping.api, shipping.service.url, `${tag}:`);

const expectOnce = (tag: string) =>
  expectEachLineOnce(shipping.service.url, `${tag}:`, { messageOf: syslogMessage(tag) });

const TENTHS = Array.from({ length: 10 }, (_, tenth) => SHIPPED_LINES.slice(tenth * 12, tenth * 12 + 12));

describe('Every line that rsyslog receives is stored exactly once:', () => {
  whereInstalled('rsyslogd', 'curl')(
    'through faults of the service and a restart of both programs',
    async () => {
      shipping.faults = [...TRYING_TIMES];
      const port = await configure();
      await startRsyslog();
      startSendSpool();
      await sendSyslog(port, toSyslog('restart', BEFORE_RESTART));
      await shipping.api.nextAnswer();
      await hasRead('restart', BEFORE_RESTART);
      await stopPrograms();
      await startRsyslog();
      startSendSpool();
      await sendSyslog(port, toSyslog('restart', AFTER_RESTART));

      await arrived('restart');
      await shipping.api.untilAcknowledged();
      expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
      await expectOnce('restart');
    },
  );

  whereInstalled('rsyslogd', 'curl')('through kill -9 of send-spool at any point', async () => {
    const port = await configure();
    await startRsyslog();
    for (const [at, lines] of TENTHS.entries())
      for (const kill of [0, 1]) {
        const sendSpool = startSendSpool();
        if (kill === 0) await sendSyslog(port, toSyslog('kill', lines));
        // A round takes some hundred milliseconds here.
        await setTimeout((at * 2 + kill) * 40);
        await end(sendSpool, 'SIGKILL');
      }
    startSendSpool();
    await arrived('kill');
    await expectOnce('kill');
  });

  whereInstalled('rsyslogd', 'curl')(
    'through restarts of rsyslog and rotations of its other files',
    async () => {
      const port = await configure();
      let rsyslog = await startRsyslog();
      startSendSpool();
      for (const [at, lines] of TENTHS.entries()) {
        await sendSyslog(port, toSyslog('rotate', lines));
        if (at % 3 === 1) {
          await hasRead('rotate', lines);
          await end(rsyslog, 'SIGTERM');
          rsyslog = await startRsyslog();
        } else rsyslog.kill('SIGHUP');
      }
      await arrived('rotate');
      await expectOnce('rotate');
    },
  );

  whereInstalled('rsyslogd', 'curl').each([
    ['fails', 'exit 1'],
    ['reaches another process', 'exit 0'],
  ])('where the signal %s at first, which is said', async (_, script) => {
    const tag = script.replace(' ', '');
    const port = await configure();
    await standIn('systemctl', script);
    await startRsyslog();
    await sendSyslog(port, toSyslog(tag, BEFORE_RESTART));
    const said = new Promise<void>((resolve) => {
      startSendSpool(shipping.api.url, (text) => text.includes('has not opened a new') && resolve());
    });
    await said;
    await sendSyslog(port, toSyslog(tag, AFTER_RESTART));
    expect(shipping.api.answers).toEqual([]);
    await standIn('systemctl', `cd "${shipping.folder}" && ${SYSTEMCTL}`);

    await arrived(tag);
    await expectOnce(tag);
  });

  whereInstalled('rsyslogd', 'curl')('by two instances of send-spool', async () => {
    const port = await configure();
    await startRsyslog();
    const first = startSendSpool();
    const waits = new Promise<void>((resolve) => {
      startSendSpool(shipping.api.url, (text) => text.includes('another send-spool') && resolve());
      startSendSpool(shipping.api.url, (text) => text.includes('another send-spool') && resolve());
    });
    await sendSyslog(port, toSyslog('two', BEFORE_RESTART));
    await waits;
    await end(first, 'SIGKILL');
    await sendSyslog(port, toSyslog('two', AFTER_RESTART));
    await arrived('two');
    await expectOnce('two');
  });

  whereInstalled('rsyslogd', 'curl')(
    'through a gateway that takes smaller requests, but for a huge line',
    async () => {
      const port = await configure();
      const gateway = await startFaultProxy(shipping.api.url, async ({ headers, body }, forward) => {
        expect(headers['x-api-key']).toBe('key');
        const isTooLarge = body.length > 3_000;
        return isTooLarge ? { status: 413, headers: {}, body: Buffer.from('too large') } : forward();
      });
      await startRsyslog();
      startSendSpool(gateway.url);
      const noise = Array.from({ length: 4_000 }, (_, at) =>
        ((at * at * 7919) % 1_000_003).toString(36),
      ).join('');
      await sendSyslog(
        port,
        `${toSyslog('large', BEFORE_RESTART)}<14>2023-11-14T22:13:20Z web-1 large: huge ${noise}\n`,
      );
      await sendSyslog(port, toSyslog('large', AFTER_RESTART));
      await arrived('large');
      await gateway.close();
      await expectOnce('large');
      expect(await readFile(join(spool(), 'too-large'), 'utf8')).toMatch(/^\{.*large: huge .*\}\n$/);
    },
  );
});

describe('send-spool', () => {
  whereInstalled('flock')(
    'keeps lines that are refused with a status of post-file that it does not prove',
    async () => {
      await configure();
      // As a shell exits that cannot read the script.
      await standIn('post-file', 'exit 2');
      await appendFile(join(spool(), 'sending.0'), 'a line\n');
      await new Promise<void>((resolve) => {
        startSendSpool(shipping.api.url, (text) => text.includes('not sent') && resolve());
      });
      await stopPrograms();
      expect(await readFile(join(spool(), 'sending.0'), 'utf8')).toBe('a line\n');
    },
  );

  whereInstalled('flock')('says what rsyslog needs if it writes nothing', async () => {
    await configure();
    const text = await new Promise<string>((resolve) => startSendSpool(shipping.api.url, resolve));
    expect(text).toContain(`"${spool()}/** rw,"`);
    expect(text).toContain('/etc/apparmor.d/rsyslog.d/');
  });
});

describe('A line of rsyslog keeps', () => {
  /** Sends messages in the form that allows any byte, and returns what is stored of them. */
  async function storedOf(tag: string, ...messages: (string | Buffer)[]): Promise<string[]> {
    const port = await configure();
    await startRsyslog();
    startSendSpool();
    const frames = messages.map((message) => {
      const bytes = Buffer.concat([
        Buffer.from(`<14>1 2023-11-14T22:13:20.5Z web-1 ${tag} 7 - - `),
        Buffer.from(message),
      ]);
      return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
    });
    await sendSyslog(port, Buffer.concat(frames));
    for (;;) {
      const answered = shipping.api.nextAnswer();
      const entries = await getAll(shipping.service.url, `/logs?contains=${tag}`);
      if (entries.length >= messages.length) return entries.map(({ message }) => message).toReversed();
      await answered;
    }
  }

  whereInstalled('rsyslogd', 'curl')('its newlines, tabs, colours and leading blanks', async () => {
    const texts = [
      'plain',
      'two\nlines\tand #012',
      '\u001b[31mred\u001b[0m',
      '  indented',
      '✓ é',
      '{"a":"\\"}',
    ];
    expect(await storedOf('whole', ...texts)).toEqual(texts.map((text) => `web-1 whole[7] ${text}`));
  });

  whereInstalled('rsyslogd', 'curl')('no byte order mark, and no blank after a tag alone', async () => {
    expect(await storedOf('mark', '\ufeffmarked \ufeff', '')).toEqual([
      'web-1 mark[7] marked \ufeff',
      'web-1 mark[7]',
    ]);
  });

  whereInstalled('rsyslogd', 'curl')('all but the bytes that are not UTF-8', async () => {
    const latin = Buffer.from('caf\xe9 \xff', 'latin1');
    expect(await storedOf('latin', latin, 'after')).toEqual([
      'web-1 latin[7] caf? ?',
      'web-1 latin[7] after',
    ]);
  });

  whereInstalled('rsyslogd', 'curl')('its place among lines of one instant, equal or not', async () => {
    const texts = Array.from({ length: 200 }, (_, number) => `line ${number >> 2}`);
    expect(await storedOf('instant', ...texts)).toEqual(texts.map((text) => `web-1 instant[7] ${text}`));
  });

  whereInstalled(
    'rsyslogd',
    'curl',
    'logger',
  )('the form that /var/log/syslog shows', async () => {
    await configure();
    await startRsyslog();
    startSendSpool();
    const log = (text: string) => run('logger', ['--socket', inFolder('log'), '--tag', 'local', text]);
    while (
      await log('of a program').then(
        () => false,
        () => true,
      )
    );
    await shipping.api.untilAcknowledged();
    const [entry] = await getAll(shipping.service.url, '/logs?contains=local');
    expect(entry?.message).toMatch(/^\S+ local: of a program$/);
  });
});
