import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLING } from '../stacks/bundling.ts';
import { bundle, lambdaEnvironment, synthesizeFunctions } from './bundle.ts';
import type { Section } from './report.ts';
import { interleave, median } from './statistics.ts';
import { typicalEntries } from './typical-entry.ts';

const run = promisify(execFile);

const ROUNDS = { rounds: 25, warmUp: 1 };

/** Each function, and a request as support and shippers send it. */
const FUNCTIONS = {
  'dev-log-ingest': { httpMethod: 'POST', body: JSON.stringify(typicalEntries(25)) },
  'dev-log-retrieval': { httpMethod: 'GET' },
};
const NAMES = Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[];

/** Requests per process. The second half of them counts as warm. */
const REQUESTS = 20;

/** The smallest bundle that could write to the table. */
const FLOOR = '@aws-sdk/client-dynamodb (the floor)';
const FLOOR_SOURCE = `
  import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
  export default [new DynamoDBClient({}), BatchWriteItemCommand];
`;

const BYTES_PER_KIB = 1_024;

/** The answer of a table that stores everything and contains nothing. */
const ANSWER = '{"UnprocessedItems":{},"Items":[],"Count":0,"ScannedCount":0}';

/** How long Node takes to import the functions as they are deployed, and how long their first request takes. */
export async function measure(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cold-start-'));
  const bare = join(folder, 'bare.mjs');
  const floor = join(folder, 'floor.mjs');
  try {
    await writeFile(bare, 'export default 0;\n');
    await bundle({ text: FLOOR_SOURCE }, floor, { ...BUNDLING, esbuildArgs: {} });
    const paths = await synthesizeFunctions(join(folder, 'app'), NAMES);
    paths.set(FLOOR, floor);
    const kibibytes = new Map<string, number>();
    for (const [name, path] of paths) kibibytes.set(name, (await stat(path)).size / BYTES_PER_KIB);

    const times = await interleave(
      Object.fromEntries([['bare', bare], ...paths].map(([name, path]) => [name, () => importTime(path)])),
      ROUNDS,
    );
    return toSection(kibibytes, times, await measureRequests(paths));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds from the start of a Node process until it has imported a module and ends. */
async function importTime(path = ''): Promise<number> {
  const importAndEnd = `await import(${JSON.stringify(path)}); process.exit();`;
  const start = performance.now();
  await run(process.execPath, ['--input-type=module', '--eval', importAndEnd], {
    env: lambdaEnvironment('not sampled'),
  });
  return performance.now() - start;
}

interface RequestTimes {
  first: number;
  warm: number;
}

/** Medians over new processes, in milliseconds. A server in this process takes the place of the table. */
async function measureRequests(paths: Map<string, string>): Promise<Map<string, RequestTimes>> {
  const table = createServer((request, response) => {
    request.resume();
    response.setHeader('Content-Type', 'application/x-amz-json-1.0').end(ANSWER);
  }).listen(0, '127.0.0.1');
  await once(table, 'listening');
  const tableUrl = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
  const times = new Map<string, RequestTimes>();
  for (const name of NAMES) {
    const runs: number[][] = [];
    for (let round = 0; round < ROUNDS.rounds; round++)
      runs.push(await requestTimes(paths.get(name) ?? '', FUNCTIONS[name], tableUrl));
    times.set(name, {
      first: median(runs.map(([first = Number.NaN]) => first)),
      warm: median(runs.flatMap((run) => run.slice(REQUESTS / 2))),
    });
  }
  table.closeAllConnections();
  table.close();
  return times;
}

/** Milliseconds of each request of a new process, from the event to the response. */
async function requestTimes(path: string, request: object, tableUrl: string): Promise<number[]> {
  const event = { resource: '/logs', path: '/logs', headers: {}, requestContext: {}, ...request };
  const callAndEnd = `
    const { handler } = await import(${JSON.stringify(path)});
    const event = JSON.parse(process.env.EVENT);
    const times = [];
    for (let count = 0; count < ${REQUESTS}; count++) {
      const start = performance.now();
      const { statusCode, body } = await handler(event, { functionName: 'function' });
      times.push(performance.now() - start);
      if (statusCode !== 200) throw new Error(body);
    }
    console.log(JSON.stringify(times));
    process.exit();
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', callAndEnd], {
    env: {
      ...lambdaEnvironment('not sampled'),
      AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
      EVENT: JSON.stringify(event),
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

function toSection(
  kibibytes: Map<string, number>,
  times: Record<string, number[]>,
  requests: Map<string, RequestTimes>,
): Section {
  const bare = times.bare ?? [];
  const overBare = (name: string) =>
    median((times[name] ?? []).map((time, round) => time - (bare[round] ?? Number.NaN)));
  const sizeOf = (name: string) => kibibytes.get(name) ?? Number.NaN;
  const requestsOf = (name: string) => requests.get(name) ?? { first: Number.NaN, warm: Number.NaN };
  const firstToWarm = (name: string) => requestsOf(name).first / requestsOf(name).warm;
  const row = (name: string, title: string) => [title, overBare(name).toFixed(0), sizeOf(name).toFixed(0)];
  return {
    title: 'Cold start',
    text: `Milliseconds from the start of Node until a bundle is imported, minus those of an empty module (${median(bare).toFixed(0)} ms), and the size of the bundle. The functions are the assets that CDK synthesizes, with tracing on. The second table is of requests after the import, \`POST /logs\` with 25 entries and \`GET /logs\`, with a server in place of DynamoDB that stores nothing.`,
    tables: [
      {
        columns: ['bundle', 'ms over bare Node', 'KiB'],
        rows: [...NAMES.map((name) => row(name, `**${name}**`)), row(FLOOR, FLOOR)],
      },
      {
        columns: ['function', 'ms of the first request', 'of a warm one'],
        rows: NAMES.map((name) => {
          const { first, warm } = requestsOf(name);
          return [name, first.toFixed(1), warm.toFixed(1)];
        }),
      },
    ],
    ratios: NAMES.flatMap((name) => [
      { name: `Cold import, ${name} / raw SDK`, value: overBare(name) / overBare(FLOOR) },
      { name: `First request / warm one, ${name}`, value: firstToWarm(name) },
    ]),
    goals: NAMES.flatMap((name) => [
      { name: `Cold import of ${name}`, measured: overBare(name), unit: 'ms over bare Node', atMost: 75 },
      { name: `First request of ${name}`, measured: firstToWarm(name), unit: 'times a warm one', atMost: 5 },
      { name: `Bundle of ${name}`, measured: sizeOf(name), unit: 'KiB', atMost: 700 },
    ]),
  };
}
