import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An answer, and how large the process has been at its largest. */
export interface MeasuredAnswer {
  statusCode: number;
  body: string;
  peakBytes: number;
}

export interface IngestProcess {
  post(body: Buffer, resource?: string, headers?: Record<string, string>): Promise<MeasuredAnswer>;
  stop(): Promise<void>;
}

/** Makes the event itself, as Lambda's runtime does: handed over whole, it would count twice. */
const RUNTIME = `
import { readFileSync } from 'node:fs';
import { handler } from './index.mjs';
process.on('message', async ({ resource, headers, file }) => {
  const body = readFileSync(file, 'base64');
  const event = { httpMethod: 'POST', resource, path: resource, headers, body, isBase64Encoded: true };
  const { statusCode, body: answer } = await handler(event, { functionName: 'ingest' });
  process.send({ statusCode, body: answer, peakBytes: peakBytes() });
});
process.send('ready');

// On Linux the usage also knows the peak of the process that started this one, which may be larger.
function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
`;

/** What Lambda's Node runtime sets for a function of so many megabytes. */
const heapFlags = (megabytes: number) => [
  `--max-old-space-size=${Math.floor(megabytes * 0.9)}`,
  `--max-semi-space-size=${Math.floor(megabytes * 0.05)}`,
];

/** Runs the ingest function alone in a process, bundled into one file, with the memory of a Lambda function. */
export async function startIngestProcess(
  megabytes: number,
  environment: Record<string, string>,
): Promise<IngestProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'ingest-process-'));
  await writeFile(join(folder, 'runtime.mjs'), RUNTIME);
  bundle('handlers/ingest-logs.ts', join(folder, 'index.mjs'));
  const child = fork(join(folder, 'runtime.mjs'), {
    execArgv: heapFlags(megabytes),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  });
  await nextMessage(child);

  return {
    post: async (body, resource = '/logs', headers = {}) => {
      const file = join(folder, 'body');
      await writeFile(file, body);
      child.send({ resource, headers, file });
      return nextMessage<MeasuredAnswer>(child);
    },
    stop: async () => {
      if (child.kill()) await once(child, 'close');
      await rm(folder, { recursive: true });
    },
  };
}

/** By esbuild's command: its API does not run within jest. */
function bundle(entry: string, outfile: string): void {
  const banner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
  const flags = ['--bundle', '--platform=node', '--format=esm', '--minify', '--main-fields=module,main'];
  execFileSync(
    'node_modules/.bin/esbuild',
    [entry, ...flags, `--banner:js=${banner}`, `--outfile=${outfile}`],
    {
      stdio: 'ignore',
    },
  );
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`The function ended with ${code ?? signal}`);
  });
  exit.catch(() => {});
  try {
    const [message] = await Promise.race([once(child, 'message'), exit]);
    return message;
  } finally {
    ended.abort();
  }
}
