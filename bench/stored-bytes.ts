import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { StoredEntry } from '../entities/log-entry.ts';
import { TABLE } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { startEngine } from './engine.ts';
import type { Section } from './report.ts';
import { checked, MESSAGE_BYTES, typicalEntry } from './typical-entry.ts';

/** Bytes of one write unit (DynamoDB developer guide, "Read and write operations"). */
const WRITE_UNIT_BYTES = 1_024;

/** Those of entries. */
const INDEXES = Object.values(TABLE.indexes).filter(({ name }) => name !== TABLE.indexes.byRefusal.name);

/** The size of an entry in the table and in each index, beside its JSON. */
export async function measure(): Promise<Section> {
  const { client, stop } = await startEngine();
  const rows = [
    await store(client, typicalEntry({ severity: 'info' })),
    await store(client, typicalEntry({ severity: 'error' })),
  ];
  await stop();
  const largest = Math.max(...rows.flatMap(({ sizes, json }) => sizes.map((bytes) => bytes / json)));
  return {
    title: 'Stored bytes',
    text: `Bytes of one entry with a message of ${MESSAGE_BYTES} bytes, as DynamoDB counts an item: names and values, read back from the engine. An item of up to ${WRITE_UNIT_BYTES.toLocaleString('en')} bytes costs one write unit.`,
    tables: [
      {
        columns: [
          'entry',
          'its JSON',
          'item of the table',
          ...INDEXES.map(({ name }) => `item of ${name}`),
          'write units',
        ],
        rows: rows.map(({ severity, json, sizes }) => [
          severity,
          json,
          ...sizes.map((bytes) => (bytes > 0 ? `${bytes} (${(bytes / json).toFixed(2)}×)` : 'none')),
          sizes.reduce((units, bytes) => units + Math.ceil(bytes / WRITE_UNIT_BYTES), 0),
        ]),
      },
    ],
    ratios: [{ name: 'Stored bytes, the larger of table and index / JSON', value: largest }],
    goals: [
      { name: 'Stored bytes, table and index each', measured: largest, unit: 'times the JSON', atMost: 1.6 },
    ],
  };
}

/** Stores an entry in a table of its own. */
async function store(client: DynamoDBClient, entry: StoredEntry) {
  const name = `stored-bytes-${entry.severity}`;
  await createTableIfAbsent(client, name);
  const writer = createLogWriter({ client, table: name, shards: 8, retentionDays: 30 });
  await writer.appendEntries([checked(entry)], AbortSignal.timeout(10_000));

  const bytesIn = async (index?: string) => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: name, IndexName: index }));
    // The table contains the catalogue of days too.
    return Items.filter((item) => item.message).reduce((sum, item) => sum + itemBytes(item), 0);
  };
  return {
    severity: entry.severity,
    json: Buffer.byteLength(JSON.stringify(entry)),
    /** In the table and in each index. */
    sizes: await Promise.all([bytesIn(), ...INDEXES.map(({ name }) => bytesIn(name))]),
  };
}

/**
 * The size of an item of strings, bytes and numbers: the UTF-8 bytes of every name and string, and of a number one
 * byte per two significant digits and one more (developer guide, "DynamoDB item sizes and formats").
 */
export function itemBytes(item: Record<string, AttributeValue>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.length;
  if (N === undefined) throw new Error('Only strings, bytes and numbers are expected in an item');
  const significant = N.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(significant / 2) + 1;
}
