import { Metrics } from '@aws-lambda-powertools/metrics';
import type { BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../../entities/entry.ts';
import { PACKINGS, type Packing } from '../../../entities/table.ts';
import { createLogWriter } from '../../../entities/write/log-writer.ts';
import { createCheckAndStore } from '../../../handlers/ingest/check-and-store.ts';
import { createPowertools } from '../../../handlers/start-function.ts';
import { SilentLogger } from '../../../handlers/warm-up.ts';
import { entry } from '../../support/entries.ts';
import { createTestClient, openTables, type TestTable } from '../../support/table.ts';

let tables: TestTable;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

/** Keeps what would be printed. */
class KeptMetrics extends Metrics {
  readonly lines: object[] = [];

  override publishStoredMetrics(): this {
    this.lines.push(this.serializeMetrics());
    this.clearMetrics();
    this.clearDimensions();
    return this;
  }
}

/** Stores entries where DynamoDB refuses each batch with "refuse me" in it, and returns the lines of metrics. */
async function linesFor(
  sent: Partial<LogEntry>[],
  { packing, shipper }: { packing?: Packing; shipper?: string } = {},
): Promise<object[]> {
  const client = createTestClient(tables.endpoint, { maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => async (request) => {
      if (JSON.stringify((request.input as BatchWriteItemCommandInput).RequestItems).includes('"refuse me"'))
        throw Object.assign(new Error('Refused'), { name: 'AccessDeniedException' });
      return next(request);
    },
    { step: 'initialize' },
  );
  const metrics = new KeptMetrics({ namespace: 'LogService', serviceName: 'test' });
  const table = await tables.create();
  const writer = createLogWriter({ client, table, shards: 1, retentionDays: 1, packing });
  const store = createCheckAndStore({ ...createPowertools('test', SilentLogger), metrics }, writer);
  const records = sent.map((value) => ({ value, text: () => JSON.stringify(value) }));
  await store(records, { bytes: 1_000, shipper }).catch(() => {});
  metrics.publishStoredMetrics();
  return metrics.lines;
}

const MIXED = [
  ...Array.from({ length: 3 }, () => entry({ severity: 'error' })),
  ...Array.from({ length: 2 }, () => entry({ severity: 'warning' })),
  entry(),
];

describe('The metrics of a request', () => {
  test.each(PACKINGS)('count stored entries by severity, each once (packing: %s)', async (packing) => {
    const [repeated] = MIXED;
    const lines = await linesFor([...MIXED, repeated ?? {}, { id: '' }], { packing });
    expect(lines).toEqual([
      expect.objectContaining({
        EntriesStored: 6,
        InfoEntriesStored: 1,
        WarningEntriesStored: 2,
        ErrorEntriesStored: 3,
        EntriesRefused: 1,
      }),
    ]);
  });

  test('count only what DynamoDB has confirmed', async () => {
    const batchOfInfo = Array.from({ length: 25 }, () => entry());
    const lines = await linesFor([
      ...batchOfInfo,
      ...MIXED,
      entry({ severity: 'error', message: 'refuse me' }),
    ]);
    expect(lines).toEqual([
      expect.objectContaining({
        EntriesStored: 25,
        InfoEntriesStored: 25,
        WarningEntriesStored: 0,
        ErrorEntriesStored: 0,
      }),
    ]);
  });

  test('have a line for the shipper alone, with what it sent', async () => {
    const [ofShipper, ofAll, ...more] = await linesFor([...MIXED, { id: '' }], {
      shipper: 'first-shipper',
    });
    expect(ofShipper).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'LogService',
            Dimensions: [['service', 'shipper']],
            Metrics: [
              { Name: 'EntriesStored', Unit: 'Count' },
              { Name: 'ErrorEntriesStored', Unit: 'Count' },
              { Name: 'EntriesRefused', Unit: 'Count' },
              { Name: 'IngestBytes', Unit: 'Bytes' },
            ],
          },
        ],
      },
      service: 'test',
      shipper: 'first-shipper',
      EntriesStored: 6,
      ErrorEntriesStored: 3,
      EntriesRefused: 1,
      IngestBytes: 1_000,
    });
    expect(ofAll).toMatchObject({ EntriesStored: 6, EntriesRefused: 1, IngestBytes: 1_000 });
    expect(ofAll).not.toHaveProperty('shipper');
    expect(more).toEqual([]);
  });

  test('have no line for a shipper where the stage names none', async () => {
    expect(await linesFor(MIXED)).toHaveLength(1);
  });
});
