import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../../entities/dead-letter.ts';
import { getAll } from '../../support/http.ts';
import { type Service, startService } from '../../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** An hour for each test. */
let hour = 0;
const at = (second: number) => new Date(Date.UTC(2026, 9, 1, hour, 0, second)).toISOString();

/** Posts a body; returns the status and the entries of this hour, oldest first, without their ids. */
async function posted(body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${service.url}/v1/json`, { method: 'POST', body: text });
  const { rejected } = (await response.json()) as { rejected: { errors: { message: string }[] }[] };
  const entries = await getAll(service.url, `/logs?from=${at(0)}&to=${at(3_600)}`);
  hour++;
  return {
    status: response.status,
    reasons: rejected.map(({ errors }) => errors[0]?.message),
    entries: entries.toReversed().map(({ id, ...fields }) => fields),
  };
}

describe('POST /v1/json stores', () => {
  test('all arrays of Grafana Faro, each record with its meta', async () => {
    const meta = { app: { name: 'shop' }, page: { url: 'https://shop.example' } };
    const faro = {
      meta,
      logs: [{ timestamp: at(1), level: 'warn', message: 'slow' }],
      exceptions: [{ timestamp: at(2), type: 'TypeError', value: 'x is undefined' }],
      events: [{ timestamp: at(3), name: 'click' }],
    };
    const { status, reasons, entries } = await posted(faro);
    expect({ status, reasons }).toEqual({ status: 200, reasons: [] });
    expect(entries).toMatchObject([
      { datetime: faro.logs[0]?.timestamp, severity: 'warning', message: 'slow', attributes: { meta } },
      { datetime: faro.exceptions[0]?.timestamp, attributes: { meta, type: 'TypeError' } },
      { datetime: faro.events[0]?.timestamp, severity: 'info', attributes: { meta } },
    ]);
    for (const { message } of entries) expect(message).not.toBe('');
  });

  test('the logs of New Relic with what they have in common', async () => {
    const common = { attributes: { service: 'cart' } };
    const datetime = at(1);
    const { status, entries } = await posted([
      { common, logs: [{ timestamp: datetime, message: 'a', attributes: { n: 1 } }] },
    ]);
    expect(status).toBe(200);
    expect(entries).toEqual([
      { datetime, severity: 'info', message: 'a', attributes: { common, attributes: { n: 1 } } },
    ]);
  });

  test('indented objects after one another', async () => {
    const records = [1, 2].map((second) => ({
      time: at(second),
      level: 'error',
      msg: `m${second}`,
      a: { b: [second] },
    }));
    const { status, reasons, entries } = await posted(
      records.map((one) => JSON.stringify(one, null, 2)).join('\n'),
    );
    expect({ status, reasons }).toEqual({ status: 200, reasons: [] });
    expect(entries).toEqual(
      records.map(({ time, msg, a }) => ({
        datetime: time,
        severity: 'error',
        message: msg,
        attributes: { a },
      })),
    );
  });

  test('what AWS prints of filter-log-events, and refuses what has no time in it', async () => {
    const timestamp = Date.parse(at(1));
    const { status, reasons, entries } = await posted(
      JSON.stringify(
        {
          events: [{ logStreamName: 's', timestamp, message: 'START RequestId: 1', eventId: '7' }, 'text'],
          searchedLogStreams: [{ logStreamName: 's', searchedCompletely: true }],
          nextToken: 't',
        },
        null,
        4,
      ),
    );
    expect(status).toBe(200);
    expect(entries).toMatchObject([
      { severity: 'info', message: 'START RequestId: 1', attributes: { nextToken: 't', logStreamName: 's' } },
    ]);
    expect(reasons).toEqual([
      'is in `events` of an envelope, but is no record: send objects',
      expect.stringContaining('is in `searchedLogStreams` of an envelope, and has no time'),
    ]);
    const raws = ((await getAll(service.url, '/dead-letters')) as unknown as DeadLetter[]).map(({ raw }) =>
      JSON.parse(raw),
    );
    expect(raws).toContainEqual({ events: ['text'], nextToken: 't' });
  });
});

test.each([
  ['Records', { Records: [{ eventSource: 'aws:s3', s3: { bucket: 'b' } }] }],
  ['items', { kind: 'List', items: [{ metadata: { name: 'a' } }] }],
  ['records', { records: [{ data: 'aGk=' }] }],
  [
    'message',
    {
      message: { data: 'aGk=', messageId: '1', publishTime: '2026-10-01T10:00:00Z' },
      subscription: 'projects/p/subscriptions/s',
    },
  ],
])('An envelope of `%s` without times is one sentence', async (name, body) => {
  const { status, reasons } = await posted(body);
  expect(status).toBe(400);
  expect(reasons).toEqual([
    `is an envelope of \`${name}\`: send its members, each with a time and a message`,
  ]);
});

test('Where the members of an unknown envelope are records, they are read', async () => {
  for (const name of ['Records', 'items', 'events', 'records', 'anything']) {
    const datetime = at(1);
    const { status, entries } = await posted({ [name]: [{ time: datetime, msg: 'm', level: 30 }] });
    expect({ status, entries }).toEqual({
      status: 200,
      entries: [{ datetime, severity: 'info', message: 'm' }],
    });
  }
});

test('A message beside undated logs is not dropped', async () => {
  const { status, reasons } = await posted({ message: 'important', logs: [] });
  expect(status).toBe(400);
  expect(reasons).toEqual([expect.stringContaining('has no time')]);
});
