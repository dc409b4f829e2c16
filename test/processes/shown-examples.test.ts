import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { post } from '../support/http.ts';
import { type Service, startService } from '../support/service.ts';

const run = promisify(execFile);

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

/** The commands of the `console` blocks of a document, each with the output that is shown below it. */
function examplesOf(path: string): { command: string; output: string }[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^```console\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const lines = example.trimEnd().split('\n');
        // A command ends where its quotes are closed.
        const end = lines.findIndex(
          (_, at) =>
            lines
              .slice(0, at + 1)
              .join('')
              .split("'").length %
              2 ===
            1,
        );
        return { command: lines.slice(0, end + 1).join('\n'), output: lines.slice(end + 1).join('\n') };
      }),
  );
}

async function outputOf(command: string): Promise<string> {
  const here = command
    .replaceAll('http://127.0.0.1:3000', service.url)
    // A terminal shows both streams.
    .replace('npm run --silent logs --', '2>&1 node cli/logs.js');
  const { stdout } = await run('bash', ['-ec', here], { env: { ...process.env, LOGS_URL: service.url } });
  // The lines of CSV end in CRLF.
  return stdout.trimEnd().replaceAll('\r\n', '\n');
}

test('The README shows what its commands print', async () => {
  const examples = examplesOf('README.md');
  expect(examples).toHaveLength(3);
  for (const { command, output } of examples) expect(await outputOf(command)).toBe(output);
});

test('The HTTP contract shows what its commands print', async () => {
  const [batch, ...questions] = examplesOf('docs/http.md');
  expect(await outputOf(batch?.command ?? '')).toBe(batch?.output);
  expect(questions).toHaveLength(2);
  const shown = questions.map(({ output }) => JSON.parse(output));
  await post(service.url, shown[0]);
  for (const { command, output } of questions) expect(await outputOf(command)).toBe(output);
});

test('The page on reading shows what its commands print', async () => {
  const examples = examplesOf('docs/reading.md');
  expect(examples).toHaveLength(4);
  await post(service.url, [
    { id: 'boot', datetime: '2023-11-15T12:05:00Z', severity: 'info', message: 'Started' },
    { id: 'disk', datetime: '2023-11-15T13:05:01+01:00', severity: 'warning', message: 'Disk space low' },
    { id: 'crash', datetime: '2023-11-15T12:05:02.5Z', severity: 'error', message: 'Crashed\n  at a.js:1' },
  ]);
  for (const { command, output } of examples) expect(await outputOf(command)).toBe(output);
});
