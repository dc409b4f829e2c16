import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../entities/entry.ts';
import { entry } from '../support/entries.ts';
import { GET_EVENT, invoke } from '../support/gateway.ts';
import { get, getAll, getCounts } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const MINUTE = 'from=2023-11-15T12:05:00Z&to=2023-11-15T12:06:00Z';

describe.each(['off', 'all'])('With PACKING=%s, the sender of an entry', (PACKING) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ PACKING });
  });
  afterAll(() => service.close());

  /** Posts as API Gateway does for a request with an API key of this id. */
  async function send(sender: string | undefined, body: unknown, resource = '/logs'): Promise<void> {
    const { statusCode } = await invoke(service.ingest, {
      ...GET_EVENT,
      resource,
      path: resource,
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      requestContext: { domainName: 'logs.example.com', identity: { apiKeyId: sender } },
    });
    expect(statusCode).toBe(200);
  }

  test('is answered only if it is asked for, and is that of the request, whatever the entry claims', async () => {
    const sent = together();
    await send(
      'key-1',
      sent.map((one) => ({ ...one, sender: 'key-of-somebody' })),
    );
    const [newest] = sent;
    expect(await getAll(service.url, `/logs?${MINUTE}`)).toEqual(sent);
    expect(await getAll(service.url, `/logs?fields=sender&limit=2&${MINUTE}`)).toEqual(
      sent.map((one) => ({ ...one, sender: 'key-1' })),
    );
    expect(await get(service.url, `/logs/${newest?.id}`)).toEqual([newest]);
    expect(await get(service.url, `/logs/${newest?.id}?fields=sender`)).toEqual([
      { ...newest, sender: 'key-1' },
    ]);
  });

  test('selects entries of all severities and of one, their pages, and their counts', async () => {
    const [mine, others] = [together('2023-11-15T13:05:0'), together('2023-11-15T13:05:0')];
    await send('key-2', mine);
    await send('key-3', others);
    const hour = 'from=2023-11-15T13:00:00Z&to=2023-11-15T14:00:00Z';
    expect(await getAll(service.url, `/logs?sender=key-2&limit=2&${hour}`)).toEqual(mine);
    expect(await getAll(service.url, `/logs?sender=key-3&severity=error&${hour}`)).toEqual(
      others.filter(({ severity }) => severity === 'error'),
    );
    expect(await getAll(service.url, `/logs?sender=key&${hour}`)).toEqual([]);
    const { counts } = await getCounts(service.url, `sender=key-3&step=3600&${hour}`);
    expect(counts.buckets).toEqual([{ start: '2023-11-15T13:00:00.000Z', info: 5, warning: 1, error: 1 }]);
  });

  test('is the last one where another key sends the same request again, and no entry is doubled', async () => {
    const sent = together('2023-11-15T14:05:0');
    await send('key-4', sent);
    await send('key-5', sent);
    const hour = 'from=2023-11-15T14:00:00Z&to=2023-11-15T15:00:00Z';
    expect(await getAll(service.url, `/logs?fields=sender&${hour}`)).toEqual(
      sent.map((one) => ({ ...one, sender: 'key-5' })),
    );
    expect(await getAll(service.url, `/logs?sender=key-4&${hour}`)).toEqual([]);
  });

  test('is absent where no key was used', async () => {
    const sent = together('2023-11-15T15:05:0');
    await send(undefined, sent);
    const hour = 'from=2023-11-15T15:00:00Z&to=2023-11-15T16:00:00Z';
    expect(await getAll(service.url, `/logs?fields=sender&${hour}`)).toEqual(sent);
  });

  test.each([
    ['/v1/json', { time: '2023-11-15T16:05:00Z', level: 'info', msg: 'Started' }],
    [
      '/v1/logs',
      {
        resourceLogs: [
          {
            scopeLogs: [
              { logRecords: [{ timeUnixNano: '1700064300000000000', body: { stringValue: 'a' } }] },
            ],
          },
        ],
      },
    ],
  ])('is kept of what is sent to %s', async (resource, body) => {
    await send(`key of ${resource}`, body, resource);
    const found = await getAll(service.url, `/logs?fields=sender&sender=key+of+${resource}`);
    expect(found).toMatchObject([{ sender: `key of ${resource}` }]);
  });
});

/** Entries of one window of ten seconds, newest first: a block where info is packed. */
function together(window = '2023-11-15T12:05:0'): LogEntry[] {
  const severities = ['info', 'info', 'warning', 'info', 'error', 'info', 'info'] as const;
  return severities.map((severity, at) => entry({ datetime: `${window}${9 - at}Z`, severity }));
}
