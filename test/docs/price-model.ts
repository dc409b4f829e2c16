/** What the service costs, from list prices (docs/prices.json) and the model of docs/scale.md. */
import { readFileSync } from 'node:fs';
import { itemBytes } from '../../bench/stored-bytes.ts';
import { typicalEntry } from '../../bench/typical-entry.ts';
import { parseInstant } from '../../entities/instant.ts';
import { logEntryItem, placeLogEntryRow, toLogEntryRow } from '../../entities/log-entry.ts';
import { INGEST_METRICS, RETRIEVAL_METRICS, SHIPPER_METRICS } from '../../handlers/metric-names.ts';

export const PRICES = JSON.parse(readFileSync('docs/prices.json', 'utf8'));
const { dynamodb, apiGateway, lambda, cloudWatch, xray } = PRICES;

const MILLION = 1e6;
const GIGABYTE = 1e9;
export const MONTH_SECONDS = 2_592_000;
const MONTH_HOURS = 720;
/** Memory in GB: 1,769 MB and 1,024 MB (stacks/ingest-stack.ts, stacks/retrieval-stack.ts). */
const INGEST_GIGABYTES = 1.73;
const RETRIEVAL_GIGABYTES = 1;
const LOG_BYTES_PER_REQUEST = 2_000;
/** DynamoDB adds this to each stored item. */
const ITEM_OVERHEAD = 100;

const typical = typicalEntry();
export const JSON_BYTES = Buffer.byteLength(JSON.stringify(typical));
/** An item in a day on one shard, sent with an API key. */
const ROW = toLogEntryRow(
  { ...typical, instant: parseInstant(typical.datetime) },
  1_893_456_000,
  'a1b2c3d4e5',
);
export const ITEM_BYTES = itemBytes(logEntryItem(placeLogEntryRow(ROW, 1)));
/** JSON of more bytes than this is an item of more than 1 KB, which takes a second write unit. */
export const JSON_BYTES_OF_A_UNIT = 1_024 - (ITEM_BYTES - JSON_BYTES);

/** What an entry of 365 bytes takes when so many are sent per request, as docs/packing.md has measured it. */
export function packed(entriesPerRequest: number) {
  return takenOf('docs/packing.md', [String(entriesPerRequest)], 0.05);
}

/** What an entry of such a size takes, as docs/scale.md has measured it. */
export function measured(size: string, errors: number, entriesPerRequest: number) {
  return takenOf('docs/scale.md', [size, `${errors * 100} %`, String(entriesPerRequest)], errors);
}

/** Reads a row of a table: write units with packing off, info and all, and bytes in the table and its indexes. */
function takenOf(path: string, start: string[], errors: number) {
  const row = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .find((cells) => cells.length === start.length + 6 && start.every((cell, at) => cells[at] === cell));
  const [off, info, all, offBytes, infoBytes, allBytes] = (row ?? [])
    .slice(start.length)
    .map((cell) => Number(cell.replace(',', '')));
  if (!off || !info || !all || !offBytes || !infoBytes || !allBytes)
    throw new Error(`${path} has no row ${start}`);
  // Rows are in the index too, and have half of their bytes there. Blocks are in no index.
  return {
    off: { writeUnits: off, bytes: offBytes, bytesOfTable: offBytes / 2 },
    info: { writeUnits: info, bytes: infoBytes, bytesOfTable: infoBytes - (errors * offBytes) / 2 },
    all: { writeUnits: all, bytes: allBytes, bytesOfTable: allBytes },
  };
}
const UNPACKED = {
  writeUnits: 2,
  bytes: 2 * (ITEM_BYTES + ITEM_OVERHEAD),
  bytesOfTable: ITEM_BYTES + ITEM_OVERHEAD,
};

interface Load {
  /** Entries of a month. */
  entries: number;
  entriesPerRequest: number;
  stored?: typeof UNPACKED;
  /** Of the price of a write unit on demand. */
  capacity?: number;
}

/** What a month costs, without the fixed part. */
export function monthOf({ entries, entriesPerRequest, stored = UNPACKED, capacity = 1 }: Load) {
  const requests = entries / entriesPerRequest;
  const writes = capacity * writesOf(entries, stored.writeUnits);
  const storage = storageOf(entries, stored);
  const gateway = gatewayOf(requests);
  const functions =
    lambdaOf(requests, millisecondsOf(entriesPerRequest)) +
    logsOf(requests) +
    (requests * tracedPart(requests / MONTH_SECONDS) * xray.perMillionTraces) / MILLION;
  return { writes, storage, gateway, functions, total: writes + storage + gateway + functions };
}

export function writesOf(entries: number, units = 2): number {
  return (entries * units * dynamodb.perMillionWriteUnits) / MILLION;
}

export function storageOf(
  entries: number,
  { bytes, bytesOfTable }: Omit<typeof UNPACKED, 'writeUnits'> = UNPACKED,
): number {
  const gigabytes = (each: number) => (entries * each) / GIGABYTE;
  return (
    gigabytes(bytes) * dynamodb.perGigabyteMonth + gigabytes(bytesOfTable) * dynamodb.recoveryPerGigabyteMonth
  );
}

export function gatewayOf(requests: number): number {
  let left = requests;
  return apiGateway.perMillionRequests.reduce(
    (sum: number, { millions, price }: { millions: number; price: number }) => {
      const billed = Math.min(left, millions * MILLION);
      left -= billed;
      return sum + (billed * price) / MILLION;
    },
    0,
  );
}

export function millisecondsOf(entriesPerRequest: number): number {
  return 10 + 0.075 * entriesPerRequest;
}

export function lambdaTimeOf(requests: number, milliseconds: number, gigabytes = INGEST_GIGABYTES): number {
  return (requests * milliseconds * gigabytes * lambda.perGigabyteSecond) / 1_000;
}

function lambdaOf(requests: number, milliseconds: number): number {
  return lambdaTimeOf(requests, milliseconds) + (requests * lambda.perMillionRequests) / MILLION;
}

function logsOf(requests: number): number {
  return (requests * LOG_BYTES_PER_REQUEST * cloudWatch.logsPerGigabyte) / GIGABYTE;
}

/** X-Ray traces the first request of each second and 5 % of the others. */
export function tracedPart(requestsPerSecond: number): number {
  const first = Math.min(requestsPerSecond, 1);
  return (first + 0.05 * (requestsPerSecond - first)) / requestsPerSecond;
}

/** A million requests, without the time of the function. */
export function millionRequests(traced = 0.05): number {
  return gatewayOf(MILLION) + lambda.perMillionRequests + logsOf(MILLION) + traced * xray.perMillionTraces;
}

/** The newest 100 entries of a day with so many shards of info entries. */
export function newestOf(shards: number) {
  const mean = 100 / shards;
  const rows = Math.min(101, Math.ceil(mean + 3.5 * Math.sqrt(mean)));
  const units = (shards * Math.ceil((rows * ITEM_BYTES) / 4_096)) / 2 + 1.5;
  return { requests: shards + 3, units, perMillion: units * dynamodb.perMillionReadUnits };
}

export function millionNewest() {
  const reads = newestOf(1).perMillion;
  const time = lambdaTimeOf(MILLION, 40, RETRIEVAL_GIGABYTES);
  const network = (MILLION * 6_000 * PRICES.transferPerGigabyte) / GIGABYTE;
  return { reads, time, network, total: reads + millionRequests() + time + network };
}

/** ColdStart is a metric of each function, and once more with its second dimension. */
const COLD_START_METRICS = 2;
export const OWN_METRICS =
  Object.keys(INGEST_METRICS).length + Object.keys(RETRIEVAL_METRICS).length + COLD_START_METRICS;

/** The metrics of so many shippers. `others` are one more. */
export function shippersOf(count: number): number {
  return count * Object.keys(SHIPPER_METRICS).length * cloudWatch.metric;
}

export function fixedOf(alarmMetrics: number) {
  const metrics = OWN_METRICS * cloudWatch.metric;
  const alarms = alarmMetrics * cloudWatch.alarmMetric;
  const least = metrics + alarms + PRICES.kms.key;
  return { metrics, alarms, least, most: least + cloudWatch.dashboard };
}

/** A write unit of a second, for an hour. */
export const WRITE_UNIT_HOUR = {
  onDemand: (3_600 * dynamodb.perMillionWriteUnits) / MILLION,
  provisioned: dynamodb.writeUnitHour,
  oneYear: reserved(dynamodb.reservedPer100WriteUnits.oneYear, 1),
  threeYears: reserved(dynamodb.reservedPer100WriteUnits.threeYears, 3),
};

function reserved({ upfront, hour }: { upfront: number; hour: number }, years: number): number {
  return (upfront / (years * 8_760) + hour) / 100;
}

/** Capacity that follows the load at 70 %, of the price on demand. */
export function capacityOf(unitHour: number): number {
  return unitHour / 0.7 / WRITE_UNIT_HOUR.onDemand;
}

export function leastCapacity(): number {
  return 3 * 5 * MONTH_HOURS * (dynamodb.writeUnitHour + dynamodb.readUnitHour);
}

/** The same entries in other services, for a month. */
export function elsewhere(entries: number, jsonBytes = JSON_BYTES) {
  const { hour, diskPerGigabyteMonth, s3PerGigabyteMonth } = PRICES.machine;
  const json = (entries * jsonBytes) / GIGABYTE;
  const machine = 730 * hour;
  const ingested = (entries * (jsonBytes + 26)) / GIGABYTE;
  const kept = json * 0.15 * cloudWatch.logsPerGigabyteMonth;
  const machinesOfLoki = json / 30 > 20 ? 19 : 1;
  return {
    cloudWatch: ingested * cloudWatch.logsPerGigabyte + kept,
    infrequent: ingested * cloudWatch.infrequentLogsPerGigabyte + kept,
    victoriaLogs: machine + Math.max(20, (json / 10) * (4 / 3)) * diskPerGigabyteMonth,
    loki: machinesOfLoki * (machine + 20 * diskPerGigabyteMonth) + (json / 10) * s3PerGigabyteMonth,
  };
}
