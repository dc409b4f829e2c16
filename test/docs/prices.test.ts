import { describe, expect, test } from '@jest/globals';
import * as model from './price-model.ts';
import {
  $,
  about,
  alarmMetrics,
  CLASS_ROWS,
  documents,
  fixed,
  MONTH,
  PACKED,
  provisioned,
  ROWS,
  rate,
  written,
} from './price-tables.ts';

const { PRICES } = model;
const [readme = '', scale = '', packing = '', deploy = ''] = Object.values(documents);

/** The cells of a row without emphasis and links. */
function cellsOf(row: string): string[] {
  const plain = row.replaceAll('*', '').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
  return plain
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

const { all, info } = PACKED;
const perMillion = ({ writeUnits }: { writeUnits: number }, entriesPerRequest = 100) =>
  model.writesOf(1e6, writeUnits) +
  model.millionRequests() / entriesPerRequest +
  model.lambdaTimeOf(1e6 / entriesPerRequest, model.millisecondsOf(entriesPerRequest));
const withStorage = (stored: typeof all, entriesPerRequest = 100) =>
  perMillion(stored, entriesPerRequest) + model.storageOf(1e6, stored);
const newest = model.millionNewest();
const bytes = model.JSON_BYTES_OF_A_UNIT;
const most = (100_000 * MONTH) / 1e6;
const tracesOfQuietSeconds = (0.95 * MONTH * PRICES.xray.perMillionTraces) / 1e6;
const queriesOfADay = (86_400 * 1_000 * (model.JSON_BYTES + 26)) / 1e9;

const rare = PRICES.dynamodb.infrequentAccess;
const withRetention = (days: number) => (model.storageOf(1e6) * days) / 30;

describe('A table', () => {
  test.each([...ROWS, ...CLASS_ROWS])('of %s has the computed costs in the row %j', (path, start, costs) => {
    const rows =
      documents[path]
        ?.split('\n')
        .filter((line) => line.startsWith('|'))
        .map(cellsOf) ?? [];
    const isRow = (cells: string[]) =>
      start.every(
        (cell, at) =>
          cell === undefined || cells[at] === cell || (/[a-z]/.test(cell) && cells[at]?.startsWith(cell)),
      ) && cells.slice(start.length).some((cell) => cell.includes('$'));
    const found = rows.filter(isRow).map((cells) => cells.slice(start.length, start.length + costs.length));
    expect(found).toContainEqual(costs);
  });
});

describe('A sentence', () => {
  test.each([
    `**${about(rate(10, 100).total)}** `,
    `**${about(rate(1_000, 100).total)}** `,
    `**${about(rate(100_000, 100).total)}**, or ${about(rate(100_000, 100, { capacity: provisioned }).total)} with`,
    `| ${about(rate(10, 1).total)}                              | ${about(rate(1_000, 1).total)} `,
    `8 to ${model.newestOf(2).units}, ${$(model.newestOf(1).perMillion)} to ${$(model.newestOf(2).perMillion)} `,
    `${model.newestOf(128).units}, ${$(model.newestOf(128).perMillion)} `,
    `${model.JSON_BYTES} bytes of JSON with a message of 250 bytes (${model.ITEM_BYTES} bytes as an item`,
    `2,592,000 s × ${(2 * (model.ITEM_BYTES + 100)).toLocaleString('en-US')} `,
    `${$(PRICES.dynamodb.perMillionWriteUnits, 3)} per million `,
    `${$(PRICES.dynamodb.perMillionReadUnits, 3)} per million `,
    `${$(PRICES.dynamodb.perGigabyteMonth)} per GB and month, recovery ${$(PRICES.dynamodb.recoveryPerGigabyteMonth)} `,
    `${$(PRICES.lambda.perMillionRequests)} per million requests, ${$(PRICES.lambda.perGigabyteSecond, 10)} per GB-second`,
    `API Gateway costs ${$(3.5)} per million for the first 333 million requests of a month, ${$(2.8)} for the next 667 million, and ${$(2.38)} beyond`,
    `${$(model.millionRequests() - 3.7)} per million requests, ${$(model.millionRequests(1) - 3.7)} if they are one per second`,
    `2 KB of log at ${$(PRICES.cloudWatch.logsPerGigabyte)} per GB`,
    `5 % of the others, at ${$(PRICES.xray.perMillionTraces, 0)} per million`,
    `| requests (${$(model.millionRequests())} / n) |`,
    `of up to ${bytes} bytes of JSON each`,
    `An item has ${1_024 - bytes} bytes more than the JSON of its entry, so **from ${bytes + 1} bytes of JSON on, an entry takes four units**, and a million in batches of 100 cost ${$(perMillion({ writeUnits: 4 }))}.`,
    `${$(model.millionRequests(1))} of the ${$(model.millionRequests())} and adds at most ${$(tracesOfQuietSeconds)} per month`,
    `2 × ${model.ITEM_BYTES + 100} MB, which is ${$((2 * (model.ITEM_BYTES + 100) * 0.25) / 1_000)}, plus ${$(((model.ITEM_BYTES + 100) * 0.2) / 1_000)} for recovery`,
    `cost ${$(perMillion(all))} per million without storage and ${$(withStorage(all))} with 30 days of storage and recovery (\`packing: 'all'\`), or ${$(perMillion(info))} and ${$(withStorage(info))} (\`packing: 'info'\`)`,
    `cost **${$(newest.total)}** on a quiet day: read units ${$(newest.reads)}, requests ${$(model.millionRequests())} (${$(model.millionRequests(1))} at one per second or fewer), 40 ms of Lambda ${$(newest.time)}, 6 KB of gzip each over the network ${$(newest.network)}.`,
    `${model.OWN_METRICS} custom metrics ${$(fixed.metrics)}, ${alarmMetrics} alarm metrics ${$(fixed.alarms)}, the key ${$(PRICES.kms.key)}, and a dashboard ${$(PRICES.cloudWatch.dashboard)} after`,
    `**${$(fixed.least)} to ${$(fixed.most)}**`,
    `each of the first two rotations adds ${$(PRICES.kms.rotation)} per month`,
    `${$(perMillion({ writeUnits: 2 }) + model.storageOf(1e6))} × _N_ with 100 entries per request, up to ${$(tracesOfQuietSeconds)} for traces, and the [fixed cost](#prices) of ${$(fixed.least)}`,
    `${$(withStorage(all))} × _N_ ([packing.md](packing.md#what-it-saves)), traces and ${$(fixed.least)} `,
    `${$(PRICES.cloudWatch.logsPerGigabyte)} per GB, stored at 15 % of the size for ${$(PRICES.cloudWatch.logsPerGigabyteMonth)} per GB [l]: ${$(model.elsewhere(1e6).cloudWatch, 3)} × _N_`,
    `the same at ${$(PRICES.cloudWatch.infrequentLogsPerGigabyte)} per GB: ${$(model.elsewhere(1e6).infrequent, 3)} × _N_`,
    `${$(PRICES.machine.hour, 4)} per hour [m], ${about(730 * PRICES.machine.hour)}; a gp3 disk at ${$(PRICES.machine.diskPerGigabyteMonth)} per GB`,
    `${$(PRICES.machine.hour, 4)} per hour for an m7g.large with Linux, ${$(0.08)} per GB and month of gp3, ${$(PRICES.machine.s3PerGigabyteMonth, 3)} per GB`,
    `Logs Insights takes ${$(PRICES.cloudWatch.insightsPerGigabyte, 3)} per GB scanned`,
    `Of ${about(rate(100_000, 100).total)}, three quarters are writes and one quarter is storage. [Packing](packing.md) takes the whole to ${about(rate(100_000, 100, { stored: all }).total)}, and to ${about(rate(100_000, 100, { stored: all, capacity: provisioned }).total)} with provisioned capacity.`,
    `from ${about(model.writesOf(most * 1e6))} to ${$(133_700, 0)}, and to ${$(30_800, 0)} when`,
    `7 days instead of 30 save ${about((model.storageOf(most * 1e6) * 23) / 30)}`,
    `5 write and 5 read units cost ${$(model.leastCapacity(), 0)} per month`,
    `${$(150, 0)} and ${$(0.0128, 4)} per hour for a year, ${$(180, 0)} and ${$(0.0081, 4)} for three years`,
  ])('of docs/scale.md says "%s"', (sentence) => {
    expect(scale).toContain(sentence);
  });

  test.each([
    `${$(PRICES.cloudWatch.insightsPerGigabyte, 3)} per GB scanned, which is ${$(queriesOfADay * PRICES.cloudWatch.insightsPerGigabyte)} for one query over a day of 1,000 entries per second`,
    `cost ${$(model.writesOf(1e6, 2 - all.writeUnits))} less in writes and ${$(model.storageOf(1e6) - model.storageOf(1e6, all))} less in storage for 30 days`,
    `costs ${$(withStorage(PACKED.off))} with \`off\`; with \`all\`, ${$(withStorage(all))} in requests of 100 entries and ${$(withStorage(model.packed(500).all, 500))} in requests of 500`,
  ])('of docs/packing.md says "%s"', (sentence) => {
    expect(packing).toContain(sentence);
  });

  test.each([
    `costs ${$(fixed.least)} to ${$(fixed.most)} a month when nothing happens`,
    `(${$(PRICES.cloudWatch.insightsPerGigabyte, 3)} per GB that a query scans)`,
  ])('of the README says "%s"', (sentence) => {
    expect(readme).toContain(sentence);
  });

  test.each([
    `A stage without any requests costs **${$(fixed.least)} to ${$(fixed.most)}** per month. A million entries cost ${$(perMillion({ writeUnits: 2 }))} in batches of 100, plus ${$(model.storageOf(1e6))} for 30 days of storage and recovery; a million queries for the newest 100 cost about ${$(newest.total, 0)}.`,
    `four metrics, which cost ${$(model.shippersOf(1))} per month if it sends all the time, and \`others\` cost the same: ${$(model.shippersOf(9 + 1))} for nine shippers`,
    `up to ${$(3 * costOfADay(8_000), 0)} a day with the default \`maxWriteUnits\` of 8,000`,
    `which is ${$(costOfADay(8_000), 0)} a day each at ${$(PRICES.dynamodb.perMillionWriteUnits, 3)} per million`,
    `at most 5,000,000 requests a day by default, ${$(model.gatewayOf(5e6))} at the gateway`,
    `${$(3.5)} per million. They are throttled to one request per second for each method and path, ${$(model.gatewayOf(86_400))} a day each`,
    `100 for the preflights that \`corsOrigin\` adds, ${$(model.gatewayOf(100 * 86_400), 0)} a day each`,
    `${$(withRetention(0.95 * 7 + 0.025 * 30 + 0.025 * 90))} for storage and recovery of a million entries instead of ${$(model.storageOf(1e6))}`,
    `${$(rare.perGigabyteMonth)} per GB and month instead of ${$(PRICES.dynamodb.perGigabyteMonth)}`,
    `(${$(rare.perMillionWriteUnits, 5)} per million units) and read (${$(rare.perMillionReadUnits, 5)})`,
    `${$(PRICES.dynamodb.recoveryPerGigabyteMonth)} per GB and month of the table, indexes not counted: ${$((model.ITEM_BYTES + 100) * 2e-4)} for a million entries that are kept for 30 days, ${$(all.bytes * 2e-4, 3)} with`,
    `a million lines cost ${$(linesBySubscription(100))} with 100 in an event, plus storage, and a million events of one line each cost ${$(linesBySubscription(1))}`,
    `takes ${$(PRICES.cloudWatch.logsPerGigabyte)} per GB for receiving them`,
    `The alarm on the queue adds ${$(2 * PRICES.cloudWatch.alarmMetric)} per month`,
    `a filter ${$(PRICES.cloudWatch.metric + PRICES.cloudWatch.alarmMetric)}, for a metric`,
    `a silence ${$(2 * PRICES.cloudWatch.alarmMetric + PRICES.cloudWatch.compositeAlarm)}, for two alarms`,
  ])('of docs/deploy.md says "%s"', (sentence) => {
    expect(deploy).toContain(sentence);
  });
});

test.each(Object.keys(documents))('No other figure is in the prose and tables of %s', (path) => {
  const prose = documents[path]?.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '') ?? '';
  const figures = [...prose.matchAll(/\$\d+(,\d{3})*(\.\d+)?/g)].map(([figure]) => figure);
  expect(figures.filter((figure) => !written.has(figure))).toEqual([]);
});

/** A million lines that CloudWatch Logs sends to the function, so many in an event: a request without the gateway. */
function linesBySubscription(linesPerEvent: number): number {
  const events = 1e6 / linesPerEvent;
  const each = (model.millionRequests() - model.gatewayOf(1e6)) / 1e6;
  const time = model.lambdaTimeOf(events, model.millisecondsOf(linesPerEvent));
  return events * each + time + model.writesOf(1e6);
}

/** A day in which a table or an index takes so many write units per second. */
function costOfADay(writeUnits: number): number {
  return model.writesOf(86_400 * writeUnits, 1);
}
