// A process that synthesizes the app for all test files. It loads aws-cdk-lib once, which takes longer than an app.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

const root = mkdtempSync(join(tmpdir(), 'log-service-synth-'));

/** The folder of each app, by the variables that it was synthesized with. */
const apps = new Map<string, Promise<string>>();
let last: Promise<unknown> = Promise.resolve();

const server = createServer(async (request, response) => {
  const variables = (await json(request)) as Record<string, string>;
  const key = JSON.stringify(variables);
  const app = apps.get(key) ?? last.then(() => synthesize(variables));
  apps.set(key, app);
  last = app.catch(() => {});
  const answer = await app.then(
    (folder) => ({ folder }),
    (error: Error) => ({ error: error.message }),
  );
  response.end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

process.once('disconnect', () => {
  rmSync(root, { recursive: true });
  process.exit();
});

/** Does what the CDK's command line does with these variables, and returns the folder of the result. */
async function synthesize(variables: Record<string, string>): Promise<string> {
  const folder = join(root, String(apps.size));
  const environment = { ...variables, CDK_OUTDIR: folder };
  Object.assign(process.env, environment);
  try {
    // A query runs the app anew, without what it imports.
    await import(`../../stacks/app.ts?${apps.size}`);
    // It is synthesized at the end of the process that has constructed it.
    process.emit('beforeExit', 0);
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
  return folder;
}
