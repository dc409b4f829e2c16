import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { LAYOUT_1 } from '../support/layout-1.ts';
import { startService } from '../support/service.ts';

const run = promisify(execFile);

test('The commands of the guide carry all entries of version 1.0.0 over', async () => {
  const guide = await readFile('docs/deploy.md', 'utf8');
  const [, commands = ''] = /```sh\n( *npm run --silent logs [\s\S]*?)```/.exec(guide) ?? [];
  const service = await startService();
  // An API whose retrieval function is the old one, and whose ingest function is the new one.
  const api = createServer(async (request, response) => {
    if (request.method === 'GET') return response.end(JSON.stringify(LAYOUT_1.newest));
    const { status, headers } = await fetch(service.url + request.url, {
      method: 'POST',
      body: await buffer(request),
    });
    response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' }).end();
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port } = api.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'log-service-upgrade-'));

  const script = commands.replaceAll('old.ndjson', join(folder, 'old.ndjson')).replace('500', '7');
  const { stdout } = await run('bash', ['-ec', script], {
    env: { PATH: process.env.PATH, URL: `http://127.0.0.1:${port}/logs`, KEY: 'any' },
  });
  expect(stdout).toMatch(new RegExp(`^${LAYOUT_1.newest.length} `));
  expect(await (await fetch(`${service.url}/logs?limit=1000`)).json()).toEqual(LAYOUT_1.newest);

  api.close();
  await service.close();
  await rm(folder, { recursive: true });
});
