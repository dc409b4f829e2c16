import { Metrics } from '@aws-lambda-powertools/metrics';
import type { BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogEntry, SEVERITIES } from '../../../entities/entry.ts';
import type { Packing } from '../../../entities/table.ts';
import { createLogWriter } from '../../../entities/write/log-writer.ts';
import { createCheckAndStore } from '../../../handlers/ingest/check-and-store.ts';
import { countMatches } from '../../../handlers/ingest/count-matches.ts';
import { createPowertools } from '../../../handlers/start-function.ts';
import { SilentLogger } from '../../../handlers/warm-up.ts';
import { watchesSetting, watchesVariable } from '../../../stacks/watches.ts';
import { RUNS } from '../../support/arbitraries.ts';
import { entry } from '../../support/entries.ts';
import { get } from '../../support/http.ts';
import { type Service, startService } from '../../support/service.ts';
import { createTestClient, ENGINE_ENDPOINT } from '../../support/table.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** A watch as stages.ts has it, without what only its alarm needs. */
interface Filter {
  severity?: string[];
  contains?: string[];
  excludes?: string[];
  case?: 'sensitive' | 'smart';
  attributes?: Record<string, string>;
  excludedAttributes?: Record<string, string>;
}

/** Sends requests as an ingest function with such watches does, and returns what each counted. */
function startIngest(filters: Filter[], { client = service.client, packing = 'off' as Packing } = {}) {
  const watches = filters.map((filter, at) => ({ name: `w${at}`, ...filter, atLeast: 1, minutes: 1 }));
  const { WATCHES = '' } = watchesVariable(watchesSetting.parse(watches));
  const metrics = new Metrics({ namespace: 'LogService', serviceName: 'test' });
  const writer = createLogWriter({ client, table: service.table, shards: 1, retentionDays: 1, packing });
  const store = createCheckAndStore(
    { ...createPowertools('test', SilentLogger), metrics },
    writer,
    countMatches(JSON.parse(WATCHES)),
  );
  return async (...entries: LogEntry[]): Promise<(number | undefined)[]> => {
    const records = entries.map((value) => ({ value, text: () => JSON.stringify(value) }));
    await store(records, { bytes: 1_000 }).catch(() => {});
    const emitted = new Map(Object.entries(metrics.serializeMetrics()));
    metrics.clearMetrics();
    return watches.map(({ name }) => emitted.get(`Watch-${name}`) as number | undefined);
  };
}

/** The same filter in a request. */
function queryOf({ attributes = {}, excludedAttributes = {}, ...lists }: Filter): URLSearchParams {
  const query = new URLSearchParams({ limit: '1000' });
  for (const [name, values] of Object.entries(lists))
    for (const value of [values].flat()) query.append(name, value);
  for (const [name, text] of Object.entries(attributes)) query.append(`attributes[${name}]`, text);
  for (const [name, text] of Object.entries(excludedAttributes))
    query.append(`excludedAttributes[${name}]`, text);
  return query;
}

const some = <Value>(...values: Value[]) => fc.subarray(values, { minLength: 1, maxLength: 2 });
const attribute = (...values: string[]) => fc.record({ 'service.name': fc.constantFrom(...values) });
const filters: fc.Arbitrary<Filter> = fc.record(
  {
    severity: some<string>(...SEVERITIES),
    contains: some('card', 'Card', 'declined', '"n":1'),
    excludes: some('timeout', 'CARD'),
    case: fc.constantFrom('sensitive', 'smart'),
    attributes: attribute('checkout', '12', 'true'),
    excludedAttributes: attribute('cart', '1.5'),
  },
  { requiredKeys: [] },
);
const entries = fc.array(
  fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    message: fc.constantFrom('card declined', 'Card DECLINED: timeout', 'CARD', '{"n":1}', '{"n":12}', 'é'),
    attributes: fc.option(
      fc.oneof(
        fc.record({ 'service.name': fc.constantFrom<unknown>('checkout', 'cart', 12, true, 1.5) }),
        fc.record({ service: fc.record({ name: fc.constantFrom<unknown>('checkout', 'cart') }) }),
      ),
      { nil: undefined },
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('A watch', () => {
  test.each(['off', 'all'] as const)(
    'counts as many entries as GET /logs returns for the same words (packing %s)',
    async (packing) => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(filters, { minLength: 1, maxLength: 5 }),
          entries,
          async (watched, drawn) => {
            const start = Date.parse(packing === 'off' ? '2024-01-01' : '2024-01-02') + 1_000 * runs++;
            const span = { from: new Date(start).toISOString(), to: new Date(start + 1_000).toISOString() };
            const counted = await startIngest(watched, { packing })(
              ...drawn.map((fields, at) =>
                entry({ ...fields, datetime: new Date(start + at).toISOString() }),
              ),
            );
            for (const [at, filter] of watched.entries()) {
              const query = queryOf(filter);
              for (const [name, instant] of Object.entries(span)) query.set(name, instant);
              const found = (await get(service.url, `/logs?${query}`)) as object[];
              expect(counted[at] ?? 0).toBe(found.length);
            }
          },
        ),
        { numRuns: 20 * RUNS },
      );
    },
  );

  const declined = { contains: ['declined'] };
  const matching = () => entry({ message: 'card declined' });

  test('counts an entry once in a request, and again when it is sent again', async () => {
    const send = startIngest([declined]);
    const repeated = matching();
    expect(await send(repeated, matching(), repeated)).toEqual([2]);
    expect(await send(repeated)).toEqual([1]);
  });

  test('has no metric for a request without an entry for it', async () => {
    const send = startIngest([declined, { severity: ['error'] }]);
    expect(await send(matching())).toEqual([1, undefined]);
  });

  test('counts only what DynamoDB has confirmed', async () => {
    const client = createTestClient(ENGINE_ENDPOINT, { maxAttempts: 1 });
    client.middlewareStack.add(
      (next) => async (request) => {
        const { RequestItems } = request.input as BatchWriteItemCommandInput;
        if (JSON.stringify(RequestItems).includes('refuse me'))
          throw Object.assign(new Error('Refused'), { name: 'AccessDeniedException' });
        return next(request);
      },
      { step: 'initialize' },
    );
    const batch = Array.from({ length: 25 }, matching);
    const send = startIngest([declined], { client });
    expect(await send(...batch, entry({ message: 'declined: refuse me' }))).toEqual([25]);
    client.destroy();
  });
});
