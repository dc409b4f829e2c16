import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createTableIfAbsent } from '../../local/engine/create-table.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from '../../local/engine/embedded-engine.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { createTestClient } from '../support/table.ts';

(hasBrowser ? describe : describe.skip)('A web page of another origin', () => {
  let engine: EmbeddedEngine;
  let client: DynamoDBClient;
  let site: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    engine = await startEmbeddedEngine();
    client = createTestClient(engine.endpoint, {}, engine.accessKeyId);
    await createTableIfAbsent(client, 'logs');
    site = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Foreign</title>');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    client?.destroy();
    await engine?.close();
  });

  // Browsers send the first without asking the server; before the second they ask it with OPTIONS.
  test.each([
    ['a simple request', { 'Content-Type': 'text/plain' }],
    [
      'a request in the form of the SDK',
      {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'DynamoDB_20120810.DeleteTable',
        'X-Amz-Date': '20231115T120500Z',
        Authorization: 'AWS4-HMAC-SHA256 Credential=local/b, SignedHeaders=c, Signature=d',
      },
    ],
  ])('can neither read from the embedded engine nor delete its table with %s', async (_, headers) => {
    for (const mode of ['cors', 'no-cors'] as const) {
      const seen = await page.evaluate(
        ([endpoint, init]) =>
          fetch(endpoint, init).then(
            async (answer) => `${answer.status} ${await answer.text()}`,
            () => 'refused',
          ),
        [engine.endpoint, { method: 'POST', mode, headers, body: '{"TableName":"logs"}' }] as const,
      );
      // The browser shows a page nothing of an opaque answer.
      expect(seen).toBe(mode === 'cors' ? 'refused' : '0 ');
    }
    expect(await client.send(new ListTablesCommand())).toMatchObject({ TableNames: ['logs'] });
  });
});
