import { meter, type ReadCost, startEngine } from './engine.ts';
import { type Answer, askLongLog, askQuietLog, askSparseLog, askSpreadLog } from './newest-questions.ts';
import type { Goal, Section } from './report.ts';
import { median, percentile } from './statistics.ts';

type Count = 'requests' | 'readUnits' | 'roundTrips';

const UNITS: Record<Count, string> = {
  requests: 'requests',
  readUnits: 'read units',
  roundTrips: 'round trips',
};

/** What reading the newest entries costs, by the shape of the log. */
export async function measure(): Promise<Section> {
  const { client, stop } = await startEngine();
  const bench = { client, measure: meter(client) };
  const quiet = await askQuietLog(bench);
  const sparse = await askSparseLog(bench);
  const spread = await askSpreadLog(bench);
  const long = await askLongLog(bench);
  await stop();
  const answers = [quiet, sparse, spread, ...long.answers];
  return {
    title: 'Reading: the newest entries',
    text: 'Requests, round trips and read units are medians, with the 99th percentile in brackets where it differs. The embedded engine counts read units by the rules of DynamoDB. Below each question is its floor: the same page from one index partition without shards, which takes at most 1,000 writes per second. Milliseconds are those of the embedded engine.',
    tables: [
      {
        columns: ['question', 'log', 'requests', 'round trips', 'read units', 'p50 ms', 'p99 ms'],
        rows: answers.flatMap(({ question, log, costs, floor }) => [
          row(question, log, costs),
          ...(floor ? [row('floor', log, floor)] : []),
        ]),
      },
    ],
    ratios: answers.flatMap(({ question, log, costs, floor }) =>
      floor
        ? [
            {
              name: `Read units, ${question} / one partition: ${log}`,
              value: median(all(costs, 'readUnits')) / median(all(floor, 'readUnits')),
            },
          ]
        : [],
    ),
    goals: [
      ...goals(quiet, { requests: 4, roundTrips: 1, readUnits: 8.5 }),
      ...goals(sparse, { requests: 130, roundTrips: 3 }),
      ...goals(spread, { roundTrips: 1 }),
      ...goals(long.errors, { requests: 103, roundTrips: 4, readUnits: 51.5 }),
    ],
  };
}

function goals({ question, log, costs }: Answer, atMost: Partial<Record<Count, number>>): Goal[] {
  return (Object.keys(atMost) as Count[]).map((count) => ({
    name: `${question}: ${log}, p99`,
    measured: percentile(all(costs, count), 0.99),
    unit: UNITS[count],
    atMost: atMost[count],
  }));
}

function row(question: string, log: string, costs: ReadCost[]): string[] {
  const counts = (['requests', 'roundTrips', 'readUnits'] as const).map((count) => {
    const [typical, worst] = [0.5, 0.99].map((part) =>
      percentile(all(costs, count), part).toLocaleString('en'),
    );
    return typical === worst ? String(typical) : `${typical} (${worst})`;
  });
  const milliseconds = [0.5, 0.99].map((part) => percentile(all(costs, 'milliseconds'), part).toFixed(1));
  return [question, log, ...counts, ...milliseconds];
}

function all(costs: ReadCost[], count: keyof ReadCost): number[] {
  return costs.map((cost) => cost[count]);
}
