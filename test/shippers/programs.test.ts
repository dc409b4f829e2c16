import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startProgram, stopPrograms, whereInstalled } from '../support/programs.ts';
import { freePort, sendSyslog, syslogMessage, toSyslog } from '../support/send-syslog.ts';
import { AFTER_RESTART, BEFORE_RESTART, expectEachLineOnce, untilArrived } from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

const here = (file: string) => join(import.meta.dirname, file);

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
    await sendSyslog(port, toSyslog('syslog-ng', BEFORE_RESTART));
    await shipping.api.nextAnswer();
    await stopPrograms();
    start('syslog-ng', args);
    await sendSyslog(port, toSyslog('syslog-ng', AFTER_RESTART));

    await untilArrived(shipping.api, shipping.service.url, 'syslog-ng:');
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, 'syslog-ng:', { messageOf: syslogMessage('syslog-ng') });
  });
});
