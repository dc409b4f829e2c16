import { readFileSync } from 'node:fs';
import type { AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PACKINGS, type Packing, TABLE } from '../entities/table.ts';
import { createLogWriter } from '../entities/write/log-writer.ts';
import { type EntrySize, realisticEntries } from './realistic-entries.ts';
import type { Table } from './report.ts';
import { itemBytes } from './stored-bytes.ts';
import { checked } from './typical-entry.ts';

/** Bytes of one write unit, and of the overhead that DynamoDB charges for the storage of an item. */
const WRITE_UNIT_BYTES = 1_024;
const STORAGE_OVERHEAD_BYTES = 100;

/** Entries of a measurement. */
const ENTRIES = 5_000;

const LOGS: { size: EntrySize; shares: number[] }[] = [
  { size: '250 B', shares: [0.05, 0.5] },
  { size: '365 B', shares: [0.01, 0.05, 0.15, 0.5] },
  { size: '1 KB', shares: [0.05, 0.5] },
];

interface WriteCost {
  perRequest: number;
  errors: number;
  size: EntrySize;
  packing: Packing;
  /** Of an entry, in the table and its indexes. */
  writeUnits: number;
  bytes: number;
  /** Of an entry, in the table alone, which is what recovery is paid for. */
  bytesOfTable: number;
}

/** Write units and stored bytes by the size of entries, the share of errors and the entries of a request. */
export async function tableOfWrites(): Promise<Table> {
  const costs: WriteCost[] = [];
  for (const { size, shares } of LOGS)
    for (const perRequest of [100, 500])
      for (const errors of shares) costs.push(...(await writeCosts(perRequest, errors, size)));
  return {
    columns: [
      'JSON of an entry',
      'entries per request',
      'errors',
      'packing',
      'write units / entry',
      'bytes stored / entry',
      '$ a million, 30 days kept',
    ],
    rows: costs.map((cost) => [
      cost.size,
      cost.perRequest,
      `${cost.errors * 100} %`,
      cost.packing,
      cost.writeUnits.toFixed(3),
      Math.round(cost.bytes),
      dollarsOfMillion(cost).toFixed(2),
    ]),
  };
}

/** Counted on the items that the writer sends, with packing off, info and all. */
export async function writeCosts(
  perRequest: number,
  errors = 0.05,
  size: EntrySize = '365 B',
): Promise<WriteCost[]> {
  const costs: WriteCost[] = [];
  for (const packing of PACKINGS) {
    const total = { writeUnits: 0, bytes: 0, bytesOfTable: 0 };
    const client = countingClient((item) => {
      const indexes = Object.values(TABLE.indexes).filter(({ partitionKey }) => partitionKey in item);
      const copies = 1 + indexes.length;
      const stored = itemBytes(item) + STORAGE_OVERHEAD_BYTES;
      total.writeUnits += copies * Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES);
      total.bytes += copies * stored;
      total.bytesOfTable += stored;
    });
    const writer = createLogWriter({ client, table: 'logs', shards: 1, retentionDays: 30, packing });
    for (let sent = 0; sent < ENTRIES; sent += perRequest) {
      const entries = realisticEntries(perRequest, errors, size).map(checked);
      await writer.appendEntries(entries, AbortSignal.timeout(10_000));
    }
    costs.push({
      perRequest,
      errors,
      size,
      packing,
      writeUnits: total.writeUnits / ENTRIES,
      bytes: total.bytes / ENTRIES,
      bytesOfTable: total.bytesOfTable / ENTRIES,
    });
  }
  return costs;
}

/** List prices of us-east-1. */
const { dynamodb } = JSON.parse(readFileSync(new URL('../docs/prices.json', import.meta.url), 'utf8'));

/** What it costs to write a million entries, and to keep them for a month, recoverable. */
function dollarsOfMillion({ writeUnits, bytes, bytesOfTable }: WriteCost): number {
  const storage = bytes * dynamodb.perGigabyteMonth + bytesOfTable * dynamodb.recoveryPerGigabyteMonth;
  return writeUnits * dynamodb.perMillionWriteUnits + storage / 1_000;
}

/** A client that stores nothing. */
function countingClient(count: (item: Record<string, AttributeValue>) => void): DynamoDBClient {
  const send = async ({ input }: BatchWriteItemCommand) => {
    for (const { PutRequest } of Object.values(input.RequestItems ?? {}).flat())
      count(PutRequest?.Item ?? {});
    return {};
  };
  return { send } as unknown as DynamoDBClient;
}
