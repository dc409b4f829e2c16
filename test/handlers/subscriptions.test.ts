import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeadLetter } from '../../entities/dead-letter.ts';
import { RUNS } from '../support/arbitraries.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { GET_EVENT, invoke } from '../support/gateway.ts';
import { hostileText } from '../support/hostile-bodies.ts';
import { getAll } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';
import { type LogEvent, logEvent, subscriptionEvent } from '../support/subscription.ts';
import { ENGINE_ENDPOINT } from '../support/table.ts';

/** How the engine fails a batch of writes; undefined if it does not. */
let faultOf: (batch: string) => string | undefined;

let proxy: FaultProxy;
let service: Service;
beforeAll(async () => {
  proxy = await startFaultProxy(ENGINE_ENDPOINT, async ({ body }, forward) => {
    const name = faultOf(body.toString());
    const failure = Buffer.from(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}` }));
    return name ? { status: 400, headers: {}, body: failure } : forward();
  });
  service = await startService({
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    OWN_LOG_GROUPS: '/aws/lambda/dev-log-ingest,/aws/apigateway/dev-log-api/access',
    AWS_LAMBDA_LOG_GROUP_NAME: 'given-by-lambda',
  });
});
beforeEach(() => {
  faultOf = () => undefined;
});
afterAll(async () => {
  await service.close();
  await proxy.close();
});

const send = (logEvents: unknown[], overrides?: Record<string, unknown>) =>
  invoke(service.ingest, subscriptionEvent(logEvents, overrides));

const entriesWith = (text: string) => getAll(service.url, `/logs?limit=1000&contains=${text}`);

async function deadLettersWith(text: string): Promise<DeadLetter[]> {
  const all = (await getAll(service.url, '/dead-letters?limit=1000')) as unknown as DeadLetter[];
  return all.filter(({ raw }) => raw.includes(text));
}

/** A log event that the service refuses, because it is of the far future. */
const refused = (message: string) => logEvent(message, Date.UTC(2200, 0));

describe('A subscription of CloudWatch Logs', () => {
  test('loses nothing and doubles nothing while the table fails: Lambda sends again what is not stored', async () => {
    const lines = Array.from({ length: 120 }, (_, at) =>
      at % 6 === 5 ? refused(`faulty ${at}`) : logEvent(`[ERROR] faulty ${at}`),
    );
    const event = subscriptionEvent(lines);

    faultOf = (batch) => (batch.includes('faulty 60') ? 'AccessDeniedException' : undefined);
    await expect(invoke(service.ingest, event)).rejects.toThrow('The event was not stored');
    faultOf = (batch) => (batch.includes('"S":"x#') ? 'AccessDeniedException' : undefined);
    await expect(invoke(service.ingest, event)).rejects.toThrow('The event was not stored');
    let throttles = 2;
    faultOf = () => (throttles-- > 0 ? 'ProvisionedThroughputExceededException' : undefined);
    await invoke(service.ingest, event);
    expect(throttles).toBeLessThan(0);

    const entries = await entriesWith('faulty');
    const isRefused = ({ timestamp }: LogEvent) => timestamp === Date.UTC(2200, 0);
    const accepted = lines.filter((line) => !isRefused(line));
    expect(entries).toHaveLength(100);
    expect(entries.map(({ message }) => message).sort()).toEqual(
      accepted.map(({ message }) => message).sort(),
    );
    const letters = await deadLettersWith('faulty');
    expect(letters).toHaveLength(20);
    for (const { message } of lines.filter(isRefused))
      expect(letters.filter(({ raw }) => JSON.parse(raw).message === message)).toHaveLength(1);
  });

  test('is served by the handler that serves the gateway', async () => {
    const line = { level: 'warn', message: 'by the gateway', time: new Date().toISOString() };
    const request = { ...GET_EVENT, resource: '/v1/json', httpMethod: 'POST', body: JSON.stringify(line) };
    expect(await invoke(service.ingest, request)).toMatchObject({ statusCode: 200 });
    await send([logEvent('by the subscription')]);
    expect(await entriesWith('by the ')).toHaveLength(2);
  });

  test('has one entry for an event that is sent twice, and one for each group that has an id', async () => {
    const event = logEvent('twice');
    await send([event, event]);
    await send([event]);
    expect(await entriesWith('twice')).toHaveLength(1);
    // The longest name of a log group.
    await send([event], { logGroup: 'g'.repeat(512) });
    await send([event], { owner: '210987654321' });
    const ids = (await entriesWith('twice')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(new RegExp(`^${event.id}-[\\w-]{11}$`));
  });

  test('gives lines of one millisecond in the order of their ids', async () => {
    const lines = ['ordered 1', 'ordered 2', 'ordered 3'].map((message) =>
      logEvent(message, 1_795_900_000_000),
    );
    await send(lines.toReversed());
    expect((await entriesWith('ordered')).map(({ message }) => message)).toEqual([
      'ordered 3',
      'ordered 2',
      'ordered 1',
    ]);
  });

  test('has a dead letter that names group and stream for each log event that is refused', async () => {
    await send([logEvent('beside'), refused('refused line'), { id: 7, message: 'refused line 2' }]);
    expect(await entriesWith('beside')).toHaveLength(1);
    const letters = await deadLettersWith('refused line');
    for (const { raw } of letters)
      expect(JSON.parse(raw)).toMatchObject({
        log_group: '/aws/lambda/checkout',
        log_stream: '2026/11/28/[$LATEST]8f50',
      });
    expect(letters.flatMap(({ errors }) => errors.map(({ message }) => message)).sort()).toEqual([
      expect.stringMatching(/^is more than 24 hours in the future/),
      expect.stringMatching(/^is not a log event/),
    ]);
  });

  test('stores nothing of a control message', async () => {
    const checking = logEvent('CWL CONTROL MESSAGE: Checking health of destination');
    await send([checking], { messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '' });
    expect(await entriesWith('CONTROL MESSAGE')).toEqual([]);
    expect(await deadLettersWith('CONTROL MESSAGE')).toEqual([]);
  });

  test.each(['/aws/lambda/dev-log-ingest', '/aws/apigateway/dev-log-api/access', 'given-by-lambda'])(
    "refuses the lines of %s, the service's own, with one dead letter that says so",
    async (logGroup) => {
      for (const message of ['own line 1', 'own line 2']) await send([logEvent(message)], { logGroup });
      expect(await entriesWith('own line')).toEqual([]);
      const [letter, ...more] = await deadLettersWith(logGroup);
      expect(more).toEqual([]);
      expect(letter?.errors[0]?.message).toMatch(
        /a log group of this service.*delete the subscription filter/,
      );
    },
  );

  test.each([
    ['no gzip', 'e30='],
    ['gzip that is cut off', subscriptionEvent([logEvent('cut')]).awslogs.data.slice(0, 40)],
    ['no batch of log events', subscriptionEvent([], { messageType: 'NEWS' }).awslogs.data],
    ['no data', undefined],
  ])('throws for %s, so that Lambda keeps the event', async (_, data) => {
    await expect(invoke(service.ingest, { awslogs: { data } })).rejects.toThrow('The event was not stored');
  });

  test('has an entry or a dead letter for each log event, whatever is in it', async () => {
    const marked: { mark: string; event: object }[] = [];
    const anything = hostileText.map((text) => {
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    });
    const messages = fc.oneof(
      hostileText.map((text) => (mark: string) => `${mark} ${text}`),
      hostileText.map((text) => (mark: string) => `{"msg":"${mark}","level":${text},"time":${text}}`),
      hostileText.map((text) => (mark: string) => `{"${mark}":${text},"id":${text}}`),
    );
    const logEvents = fc.record(
      {
        id: fc.oneof(fc.string({ maxLength: 300 }), anything),
        timestamp: timestamps(anything),
        beside: anything,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(logEvents, messages), { maxLength: 5 }), async (drawn) => {
        const events = drawn.map(([event, write]) => {
          const mark = `mark-${marked.length}-end`;
          marked.push({ mark, event });
          return { ...event, message: write(mark) };
        });
        await send(events);
      }),
      { numRuns: 100 * RUNS },
    );
    const kept = JSON.stringify([await entriesWith('mark-'), await deadLettersWith('mark-')]);
    expect(marked.length).toBeGreaterThan(100);
    expect(marked.filter(({ mark }) => !kept.includes(mark))).toEqual([]);
  });
});

function timestamps(anything: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const now = Date.now();
  return fc.oneof(fc.integer({ min: now - 60_000, max: now }), fc.double(), fc.maxSafeInteger(), anything);
}
