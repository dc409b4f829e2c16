import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { handler } from '../../examples/cloudwatch-logs/subscription.mjs';
import { TRYING_TIMES } from '../support/fault-api.ts';
import { getAll } from '../support/http.ts';
import {
  AFTER_RESTART,
  BEFORE_RESTART,
  expectEachLineOnce,
  type ShippedLine,
} from '../support/shipped-lines.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping(TRYING_TIMES);

/** The time of a line, or one that the service refuses. */
const millisecondsOf = ({ isPoison, datetime }: ShippedLine) =>
  isPoison ? Date.UTC(2200, 0) : Date.parse(datetime);

/** As the runtime of Node writes it. */
const lambdaLine = ({ level, number, datetime }: ShippedLine) =>
  `${datetime}\t8f507cfc-4abc-4e8f-b3c5-6e2d0c2f1a7e\t${level.toUpperCase()}\tcloudwatch ${number}`;

describe('Every line is stored exactly once, through faults and a restart:', () => {
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
