import { expect, test } from '@jest/globals';
import { getAll } from '../support/http.ts';
import { setUpShipping } from '../support/shipping.ts';

const shipping = setUpShipping();

/** When an agent reads a line, and when its program wrote it. */
const [READ, WRITTEN] = ['2026-11-28T10:00:00.000Z', '2026-11-27T09:00:00.123Z'];

/** What an agent sends for the lines of a file that it reads in one instant: records as its configuration makes them. */
const AGENTS: [agent: string, recordOf: (line: string, number: number) => object][] = [
  [
    'Vector',
    (message, number) => ({
      file: '/var/log/app/app.log',
      host: 'web-1',
      message,
      offset: number * 37,
      source_type: 'file',
      timestamp: READ,
    }),
  ],
  [
    'Fluentd',
    (message, number) => ({
      message,
      sequence: 1_795_860_000_000_000_000n + BigInt(number * 1_000),
      receiveTimestamp: READ,
    }),
  ],
];

const toJson = (record: object) =>
  JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? `${value}` : value));

async function send(records: object[]): Promise<void> {
  const response = await fetch(`${shipping.service.url}/v1/json`, {
    method: 'POST',
    body: records.map(toJson).join('\n'),
  });
  expect(await response.json()).toMatchObject({ accepted: records.length, rejected: [] });
}

async function storedOf(agent: string) {
  const entries = await getAll(shipping.service.url);
  return entries.filter(({ message }) => message.startsWith(agent)).toReversed();
}

test.each(AGENTS)(
  '%s: lines of one instant keep their order, and equal lines are kept apart',
  async (agent, recordOf) => {
    const lines = Array.from({ length: 50 }, (_, number) => `${agent} line ${number - (number % 2)}`);
    const records = lines.map(recordOf);
    await send(records);
    // The answer was lost: sent again, in other batches.
    await send(records.slice(0, 7));
    await send(records.slice(7));
    expect((await storedOf(`${agent} line`)).map(({ message }) => message)).toEqual(lines);
  },
);

test.each(AGENTS)(
  '%s: the time and the level in a line of JSON win over the time of reading',
  async (agent, recordOf) => {
    const line = JSON.stringify({ time: WRITTEN, level: 'warn', msg: `${agent} JSON` });
    await send([recordOf(line, 0)]);
    expect(await storedOf(`${agent} JSON`)).toEqual([
      expect.objectContaining({ datetime: WRITTEN, severity: 'warning' }),
    ]);
  },
);

test.each([
  ['Vector', { timestamp: READ }],
  ['Fluentd', { receiveTimestamp: READ }],
  ['Logstash', { '@timestamp': READ }],
])('%s: a line of text has the time of reading, and the level that was found in it', async (agent, time) => {
  await send([{ message: `${agent} text`, level: 'E1128', ...time }]);
  expect(await storedOf(`${agent} text`)).toEqual([
    expect.objectContaining({ datetime: READ, severity: 'error' }),
  ]);
});

test.each([
  ['Fluentd', 'receiveTimestamp'],
  ['Logstash', '@timestamp'],
])('%s: a time among the fields of a record wins over the time of reading', async (agent, name) => {
  for (const own of ['time', 'ts', 'timestamp'])
    await send([{ [name]: READ, message: `${agent} fields ${own}`, [own]: WRITTEN }]);
  expect((await storedOf(`${agent} fields`)).map(({ datetime }) => datetime)).toEqual([
    WRITTEN,
    WRITTEN,
    WRITTEN,
  ]);
});

test('The Collector: lines of one instant keep the order of their offsets, and an unmapped level counts', async () => {
  const lines = Array.from({ length: 50 }, (_, number) => `Collector line ${number}`);
  const logRecords = lines.map((line, number) => ({
    observedTimeUnixNano: `${Date.parse(READ)}000000`,
    severityText: 'E1128',
    body: { stringValue: line },
    attributes: [
      {
        key: 'log.record.uid',
        value: { stringValue: `web-1:/var/log/app/app.log:${String(number * 37).padStart(15, '0')}` },
      },
    ],
  }));
  // The answer to the first request was lost.
  for (const sent of [logRecords.slice(0, 20), logRecords]) {
    const response = await fetch(`${shipping.service.url}/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: sent }] }] }),
    });
    expect(await response.json()).toEqual({});
  }
  expect((await storedOf('Collector')).map(({ severity, message }) => ({ severity, message }))).toEqual(
    lines.map((message) => ({ severity: 'error', message })),
  );
});
