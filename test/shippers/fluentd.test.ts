import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { startProgram, stopPrograms, whereInstalled } from '../support/programs.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  type ShippedLine,
  untilArrived,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

/** Deeper than attributes may be. */
const POISON = Array.from({ length: 40 }).reduce<object>((inner) => ({ inner }), {});

/** Appends lines to the log file that Fluentd follows, as JSON. */
async function log(lines: ShippedLine[]): Promise<void> {
  const records = lines.map(({ number, level, datetime, isPoison }) =>
    JSON.stringify({
      datetime,
      log: `fluentd ${number}`,
      level: level.toUpperCase(),
      ...(isPoison && { POISON }),
    }),
  );
  await appendFile(join(shipping.folder, 'app.log'), `${records.join('\n')}\n`);
}

whereInstalled('fluentd')(
  'Fluentd stores every line of a file once, through faults and a restart',
  async () => {
    const env = { ...process.env, LOGS_URL: `${shipping.api.url}/v1/json`, LOGS_API_KEY: 'key' };
    const example = await readFile('examples/fluentd/fluentd.conf', 'utf8');
    const source = `<source>
  @type tail
  path ${shipping.folder}/app.log
  pos_file ${shipping.folder}/app.pos
  read_from_head true
  tag app.log
  <parse>
    @type json
  </parse>
</source>`;
    const config = example.replaceAll(/\/var\/(lib|log)\/[\w-]+/g, shipping.folder);
    await writeFile(join(shipping.folder, 'fluentd.conf'), `${source}\n${config}`);
    const start = () => startProgram('fluentd', ['-c', 'fluentd.conf'], shipping.folder, env);

    await log(BEFORE_RESTART);
    const answered = shipping.api.nextAnswer();
    start();
    await answered;
    await stopPrograms();
    start();
    await log(AFTER_RESTART);

    await untilArrived(shipping.api, shipping.service.url, 'fluentd');
    await shipping.api.untilAcknowledged();
    expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
    await expectEachLineOnce(shipping.service.url, 'fluentd');
  },
);
