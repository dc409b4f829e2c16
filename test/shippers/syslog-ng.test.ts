import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { startProgram, stopPrograms, whereInstalled } from '../support/programs.ts';
import { freePort, sendSyslog, syslogMessage, toSyslog } from '../support/send-syslog.ts';
import { AFTER_RESTART, BEFORE_RESTART, expectEachLineOnce, untilArrived } from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

let port: number;
beforeEach(async () => {
  port = await freePort();
  const source = `source s_src { network(transport("tcp") ip("127.0.0.1") port(${port})); };`;
  const example = resolve('examples/syslog-ng/log-service.conf');
  const conf = `@version: 3.38\noptions { keep-hostname(yes); };\n${source}\n@include "${example}"\n`;
  await writeFile(join(shipping.folder, 'main.conf'), conf);
});

function startSyslogNg(): void {
  const files = ['--persist-file=persist', '--pidfile=pid', '--control=control'];
  startProgram('syslog-ng', ['--foreground', '--no-caps', '--cfgfile=main.conf', ...files], shipping.folder, {
    ...process.env,
    LOGS_URL: `${shipping.api.url}/logs`,
    LOGS_API_KEY: 'key',
  });
}

describe('syslog-ng', () => {
  whereInstalled('syslog-ng')('stores each line once, through faults and a restart', async () => {
    startSyslogNg();
    await sendSyslog(port, toSyslog('syslog-ng', BEFORE_RESTART));
    await shipping.api.nextAnswer();
    await stopPrograms();
    startSyslogNg();
    await sendSyslog(port, toSyslog('syslog-ng', AFTER_RESTART));

    await untilArrived(shipping.api, shipping.service.url, 'syslog-ng:');
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, 'syslog-ng:', { messageOf: syslogMessage('syslog-ng') });
  });

  whereInstalled('syslog-ng')('keeps equal lines apart, and lines of one instant in order', async () => {
    const messages = Array.from({ length: 100 }, (_, number) => `web-1 instant: ${number - (number % 2)}`);
    const lines = messages.map((message) => `<14>2026-11-27T10:00:00.123456+01:00 ${message}\n`);
    startSyslogNg();
    await sendSyslog(port, lines.join(''));
    await shipping.api.untilAcknowledged();

    const entries = await getAll(shipping.service.url);
    const stored = entries.filter(({ message }) => message.includes('instant:')).toReversed();
    expect(stored.map(({ message }) => message)).toEqual(messages);
    expect(new Set(stored.map(({ datetime }) => datetime))).toEqual(
      new Set(['2026-11-27T10:00:00.123456+01:00']),
    );
  });
});
