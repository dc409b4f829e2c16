import { type AttributeValue, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { LogEntry } from '../../entities/entry.ts';
import { createLogWriter } from '../../entities/log-writer.ts';
import { TABLE } from '../../entities/table.ts';
import { bucketOf, firstDayOf, shardOf, type Timeline } from '../../entities/timeline.ts';
import { createTableIfAbsent } from '../../local/create-table.ts';
import { startEmbeddedEngine } from '../../local/embedded-engine.ts';
import { itemBytes } from '../support/item-bytes.ts';
import { createLocalClient } from '../support/local-client.ts';
import type { Section } from '../support/section.ts';
import { MESSAGE_BYTES, typicalEntry } from '../support/typical-entry.ts';
import { TABLE_NAME } from '../variants/raw-items.ts';

const SHARDS = 8;

/** Bytes of one write unit (DynamoDB developer guide, "Read and write operations"). */
const WRITE_UNIT_BYTES = 1_024;

export async function measure(): Promise<Section> {
  const info = typicalEntry({ severity: 'info' });
  const error = typicalEntry({ severity: 'error' });
  const rows = [await store(info), await store(error)];
  const largest = Math.max(...rows.flatMap(({ table, byDay, json }) => [table / json, byDay / json]));
  return {
    title: 'Stored bytes',
    text: `Bytes of one entry with a message of ${MESSAGE_BYTES} bytes, as DynamoDB counts an item: names and values. Read back from the engine, so nothing is left out. An item of up to ${WRITE_UNIT_BYTES.toLocaleString('en')} bytes costs one write unit.`,
    tables: [
      {
        columns: [
          'entry',
          'its JSON',
          'item of the table',
          'item of byDay',
          'item of bySeverity',
          'write units',
        ],
        rows: rows.map(({ severity, json, table, byDay, bySeverity }) => [
          severity,
          json,
          `${table} (${(table / json).toFixed(2)}×)`,
          `${byDay} (${(byDay / json).toFixed(2)}×)`,
          bySeverity || 'none',
          [table, byDay, bySeverity].reduce((units, bytes) => units + Math.ceil(bytes / WRITE_UNIT_BYTES), 0),
        ]),
      },
    ],
    ratios: [{ name: 'Stored bytes, the larger of table and index / JSON', value: largest }],
    goals: [
      { name: 'Stored bytes, table and index each', measured: largest, unit: 'times the JSON', atMost: 1.6 },
    ],
  };
}

async function store(entry: LogEntry) {
  const engine = await startEmbeddedEngine();
  const client = createLocalClient(engine.endpoint);
  await createTableIfAbsent(client, TABLE_NAME);
  const writer = createLogWriter({ client, table: TABLE_NAME, shards: SHARDS, retentionDays: 30 });
  await writer.appendEntries([entry], AbortSignal.timeout(10_000));

  const bytesIn = async (index: { name: string; partitionKey: string }, bucket: string) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: TABLE_NAME,
        IndexName: index.name,
        KeyConditionExpression: '#key = :bucket',
        ExpressionAttributeNames: { '#key': index.partitionKey },
        ExpressionAttributeValues: { ':bucket': { S: bucket } },
      }),
    );
    return bytesOf(Items);
  };
  const { Items } = await client.send(new ScanCommand({ TableName: TABLE_NAME }));
  const bucket = (timeline: Timeline) =>
    bucketOf(timeline, firstDayOf(entry.datetime), shardOf(entry.id, SHARDS));
  const bytes = {
    severity: entry.severity,
    json: Buffer.byteLength(JSON.stringify(entry)),
    table: bytesOf(Items?.filter((item) => item.message)),
    byDay: await bytesIn(TABLE.indexes.byDay, bucket('all')),
    bySeverity: await bytesIn(TABLE.indexes.bySeverity, bucket('error')),
  };
  client.destroy();
  await engine.close();
  return bytes;
}

function bytesOf(items: Record<string, AttributeValue>[] = []): number {
  return items.reduce((sum, item) => sum + itemBytes(item), 0);
}
