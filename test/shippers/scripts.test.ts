import { execFile } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import { whereInstalled } from '../support/programs.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  SHIPPED_LINES,
  type ShippedLine,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';
import { handler } from './cloudwatch-subscription.mjs';

const shipping = setUpShipping(TRYING_TIMES);

const run = promisify(execFile);

const here = (file: string) => join(import.meta.dirname, file);

/** The time of a line, or one that the service refuses. */
const millisecondsOf = ({ isPoison, datetime }: ShippedLine) =>
  isPoison ? Date.UTC(2200, 0) : Date.parse(datetime);

/** As the runtime of Node writes it. */
const lambdaLine = ({ level, number, datetime }: ShippedLine) =>
  `${datetime}\t8f507cfc-4abc-4e8f-b3c5-6e2d0c2f1a7e\t${level.toUpperCase()}\tcloudwatch ${number}`;

describe('Every line is stored exactly once, through faults and a restart:', () => {
  whereInstalled('jq', 'curl')('the journal', async () => {
    const priorities = { info: '6', warn: '4', error: '3' };
    const journal = SHIPPED_LINES.map((line) => ({
      __CURSOR: `s=0123456789abcdef;i=${line.number}`,
      __REALTIME_TIMESTAMP: `${millisecondsOf(line)}000`,
      PRIORITY: priorities[line.level],
      // journald writes what is not text as a list of bytes.
      MESSAGE: line.number % 2 ? `journal ${line.number}` : [...Buffer.from(`journal ${line.number}`)],
      _SYSTEMD_UNIT: 'checkout.service',
    }));
    // Stands in for journalctl, which reads only the journal of its machine.
    const journalctl = `#!/bin/sh
cursor=\${3#--after-cursor=}
if [ -n "$cursor" ]; then sed "1,/\\"$cursor\\"/d" journal; else cat journal; fi
`;
    await writeFile(join(shipping.folder, 'journalctl'), journalctl);
    await chmod(join(shipping.folder, 'journalctl'), 0o755);
    await symlink(here('post-file.sh'), join(shipping.folder, 'post-file'));
    const PATH = shipping.folder + delimiter + process.env.PATH;
    const options = {
      cwd: shipping.folder,
      env: { ...process.env, PATH, LOGS_URL: `${shipping.api.url}/v1/json`, LOGS_API_KEY: 'key' },
    };
    const write = (upTo: number) =>
      writeFile(
        join(shipping.folder, 'journal'),
        journal
          .slice(0, upTo)
          .map((line) => `${JSON.stringify(line)}\n`)
          .join(''),
      );

    await write(BEFORE_RESTART.length);
    const astray = { ...options.env, LOGS_URL: `${shipping.service.url}/nowhere` };
    await expect(run(here('post-journal.sh'), ['cursor'], { ...options, env: astray })).rejects.toThrow();
    const kill = new AbortController();
    shipping.api.nextAnswer().then(() => kill.abort());
    await run(here('post-journal.sh'), ['cursor'], { ...options, signal: kill.signal }).catch(() => {});
    await run(here('post-journal.sh'), ['cursor'], options);
    await write(journal.length);
    await run(here('post-journal.sh'), ['cursor'], options);
    await run(here('post-journal.sh'), ['cursor'], options);

    await expectEachLineOnce(shipping.service.url, 'journal');
    const [entry] = (await getAll(shipping.service.url)).filter(({ message }) => message === 'journal 0');
    expect(entry).toMatchObject({
      id: 's=0123456789abcdef;i=0',
      attributes: { unit: 'checkout.service' },
    });
  });

  test('a subscription of CloudWatch Logs', async () => {
    Object.assign(process.env, { LOGS_URL: `${shipping.api.url}/v1/json`, LOGS_API_KEY: 'key' });
    for (const lines of [BEFORE_RESTART, AFTER_RESTART]) {
      const logEvents = lines.map((line) => ({
        id: `event-${line.number}`,
        timestamp: millisecondsOf(line),
        message: lambdaLine(line),
      }));
      const content = {
        messageType: 'DATA_MESSAGE',
        logGroup: '/aws/lambda/checkout',
        logStream: 's',
        logEvents,
      };
      const event = { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
      // Lambda calls it again with the same event.
      await handler(event).catch(() => handler(event));
    }
    expect(shipping.api.answers).toEqual([503, 503, 'reset', 200, 200]);
    await expectEachLineOnce(shipping.service.url, 'cloudwatch', { messageOf: lambdaLine });
    const [entry] = await getAll(shipping.service.url, '/logs?contains=cloudwatch');
    expect(entry?.attributes).toMatchObject({ log_group: '/aws/lambda/checkout' });
  });
});
