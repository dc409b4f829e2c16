import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { parse } from 'yaml';
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

/** Appends lines to the log file that an agent follows, as JSON. */
async function log(agent: string, lines: ShippedLine[]): Promise<void> {
  const records = lines.map(({ number, level, datetime, isPoison }) =>
    JSON.stringify({
      datetime,
      log: `${agent} ${number}`,
      level: level.toUpperCase(),
      ...(isPoison && { POISON }),
    }),
  );
  await appendFile(join(shipping.folder, 'app.log'), `${records.join('\n')}\n`);
}

/** The configuration of the guide, with its folders in the test's. */
async function configOf(file: string): Promise<string> {
  const config = await readFile(join(import.meta.dirname, file), 'utf8');
  return config.replaceAll(/\/var\/(lib|log)\/[\w-]+/g, shipping.folder);
}

async function expectThroughRestart(agent: string, program: string, args: string[]): Promise<void> {
  const env = { ...process.env, LOGS_URL: `${shipping.api.url}/v1/json`, LOGS_API_KEY: 'key' };
  await log(agent, BEFORE_RESTART);
  const answered = shipping.api.nextAnswer();
  startProgram(program, args, shipping.folder, env);
  await answered;
  await stopPrograms();
  startProgram(program, args, shipping.folder, env);
  await log(agent, AFTER_RESTART);

  await untilArrived(shipping.api, shipping.service.url, agent);
  await shipping.api.untilAcknowledged();
  expect(shipping.api.answers.slice(0, 4)).toEqual([503, 503, 'reset', 200]);
  await expectEachLineOnce(shipping.service.url, agent);
}

describe('Every line of a followed file is stored exactly once, through faults and a restart:', () => {
  whereInstalled('fluentd')('Fluentd', async () => {
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
    await writeFile(
      join(shipping.folder, 'fluentd.conf'),
      `${source}\n${await configOf('../../examples/fluentd/fluentd.conf')}`,
    );
    await expectThroughRestart('fluentd', 'fluentd', ['-c', 'fluentd.conf']);
  });

  whereInstalled('fluent-bit')('Fluent Bit', async () => {
    const { hostname, port } = new URL(shipping.api.url);
    const config = parse(await configOf('fluent-bit.yaml'));
    config.parsers = [{ name: 'json', format: 'json' }];
    Object.assign(config.pipeline.inputs[0], { path: join(shipping.folder, '*.log'), parser: 'json' });
    Object.assign(config.pipeline.outputs[0], { host: hostname, port, tls: 'off', uri: '/v1/json' });
    await writeFile(join(shipping.folder, 'fluent-bit.yaml'), JSON.stringify(config));
    await expectThroughRestart('fluent-bit', 'fluent-bit', ['-c', 'fluent-bit.yaml']);
  });
});
