import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { createTableIfAbsent } from '../local/engine/create-table.ts';
import { lambdaEnvironment } from './bundle.ts';
import { startEngine } from './engine.ts';
import { importCircles, readTree, type SourceFile } from './source-tree.ts';
import { median } from './statistics.ts';
import { typicalEntries, typicalEntry } from './typical-entry.ts';
import { visitedFiles } from './visited-files.ts';

const ROOT = new URL('../', import.meta.url);

const PRODUCT = ['entities', 'handlers', 'openapi', 'stacks', 'client', 'cli', 'page', 'local'];

/** Where a request is served. */
const SERVING = ['entities', 'handlers'];

const GOALS = { visited: 17, files: 240, medianLines: 95, largest: 220, circles: 0 };

/** More than a page, so that the response links to the next one. */
const ENTRIES = 150;

type Handler = (event: object, context: Context) => Promise<APIGatewayProxyResult>;

const TABLE_NAME = 'logs';

// Prints which files a request runs through, and how large the tree is. Fails if one of GOALS is missed.
const files = await readTree(fileURLToPath(ROOT), PRODUCT);
const missed = [...(await reportRequests(files)), ...reportTree(files)];
for (const goal of missed) console.log(`Goal missed: ${goal}`);
process.exit(missed.length > 0 ? 1 : 0);

/** Each request is sent after one of its kind, so that days are announced and caches are filled. */
async function reportRequests(tree: SourceFile[]): Promise<string[]> {
  Object.assign(process.env, lambdaEnvironment('not sampled'), {
    TABLE_NAME,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const { client, endpoint, accessKeyId, stop } = await startEngine();
  await createTableIfAbsent(client, TABLE_NAME);
  Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ACCESS_KEY_ID: accessKeyId });
  const { handler: ingest }: { handler: Handler } = await import('../handlers/ingest-logs.ts');
  const { handler: retrieve }: { handler: Handler } = await import('../handlers/retrieve-logs.ts');

  await call(ingest, { httpMethod: 'POST', body: JSON.stringify(typicalEntries(ENTRIES)) });
  const post = await visitedFiles(ROOT.href, SERVING, () =>
    call(ingest, { httpMethod: 'POST', body: JSON.stringify(typicalEntry()) }),
  );
  await call(retrieve, { httpMethod: 'GET' });
  const get = await visitedFiles(ROOT.href, SERVING, async () => {
    const { headers = {} } = await call(retrieve, { httpMethod: 'GET' });
    if (!headers.Link) throw new Error('The page of entries has no link to the next one');
  });
  await stop();
  return [...reportRequest('POST /logs', post, tree), ...reportRequest('GET /logs', get, tree)];
}

async function call(handler: Handler, request: { httpMethod: string; body?: string }) {
  const event = {
    resource: '/logs',
    path: '/logs',
    headers: {},
    multiValueHeaders: {},
    requestContext: { requestId: 'path' },
    ...request,
    // The gateway encodes every body, because it takes bodies of any media type.
    body: request.body === undefined ? null : Buffer.from(request.body).toString('base64'),
    isBase64Encoded: request.body !== undefined,
  };
  const result = await handler(event, { functionName: 'path' } as Context);
  if (result.statusCode !== 200) throw new Error(`${request.httpMethod} /logs failed: ${result.body}`);
  return result;
}

function reportRequest(title: string, visited: string[], tree: SourceFile[]): string[] {
  const linesOf = new Map(tree.map(({ path, lines }) => [path, lines]));
  const lines = visited.map((path) => linesOf.get(path) ?? 0);
  console.log(`\n${title} runs through ${visited.length} files, in the order of their first call:\n`);
  for (const [at, path] of visited.entries()) console.log(row(String(at + 1), lines[at] ?? 0, path));
  console.log(row('', sum(lines), 'lines'));
  return check(`${title}, files`, visited.length, GOALS.visited);
}

function reportTree(tree: SourceFile[]): string[] {
  console.log('\nSource files and lines of each folder:\n');
  for (const folder of PRODUCT) {
    const own = tree.filter(({ path }) => path.startsWith(`${folder}/`));
    console.log(row(String(own.length), sum(own.map(({ lines }) => lines)), folder));
  }
  const lines = tree.map((file) => file.lines);
  console.log(row(String(tree.length), sum(lines), 'all'));

  const circles = importCircles(tree);
  const [largest] = [...tree].sort((a, b) => b.lines - a.lines);
  console.log(
    `\nMedian of lines: ${median(lines)}. Largest file: ${largest?.path}, ${largest?.lines} lines.`,
  );
  console.log(`Import circles: ${circles.length}`);
  for (const circle of circles) console.log(`  ${circle.join(' <-> ')}`);
  return [
    ...check('source files', tree.length, GOALS.files),
    ...check('median of lines', median(lines), GOALS.medianLines),
    ...check('lines of the largest file', largest?.lines ?? 0, GOALS.largest),
    ...check('import circles', circles.length, GOALS.circles),
  ];
}

function check(name: string, measured: number, atMost: number): string[] {
  return measured > atMost ? [`${name}: ${measured}, at most ${atMost} wanted`] : [];
}

function row(first: string, lines: number, last: string): string {
  return `${first.padStart(4)} ${lines.toLocaleString('en').padStart(8)}  ${last}`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
