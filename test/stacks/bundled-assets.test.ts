import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BundledFunction, bundleFiles, startBundledFunction } from '../support/bundled-function.ts';
import { entry } from '../support/entries.ts';
import {
  alarmedMetrics,
  emittedMetrics,
  type MetricName,
  metricName,
  shownMetrics,
} from '../support/metrics-in-template.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { joinIntrinsics, type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';
import { ENGINE_ENVIRONMENT, openTables, type TestTable } from '../support/table.ts';

let app: SynthesizedApp;
let tables: TestTable;
let ingest: BundledFunction;
let retrieval: BundledFunction;

beforeAll(async () => {
  [app, tables] = await Promise.all([synthesizeApp({}, { bundle: true }), openTables()]);
  const environment = await environmentWithTable();
  ingest = await startBundledFunction(app, 'dev-log-ingest', environment);
  retrieval = await startBundledFunction(app, 'dev-log-retrieval', environment);
});

afterAll(async () => {
  await Promise.all([ingest.stop(), retrieval.stop()]);
  await tables.close();
});

describe('The functions as they are uploaded', () => {
  test.each(['dev-log-ingest', 'dev-log-retrieval'])('%s is one file and its source map', async (name) => {
    expect((await bundleFiles(app, name)).sort()).toEqual(['index.mjs', 'index.mjs.map']);
  });

  test.each(['dev-log-ingest', 'dev-log-retrieval'])(
    '%s does not import Node’s http as an ES module, with which Node loads an HTTP client that is not used',
    (name) => {
      const source = readFileSync(join(app.assetFolder(name), 'index.mjs'), 'utf8');
      expect(source.match(/from *"(node:)?http"/g)).toBeNull();
      expect(source).toContain('getBuiltinModule("node:http")');
    },
  );

  test.each(['dev-log-ingest', 'dev-log-retrieval'])(
    '%s warms up without sending a request and without printing anything',
    async (name) => {
      const engine = await startRecordingServer((_request, response) => response.end());
      const started = await startBundledFunction(app, name, {
        AWS_ENDPOINT_URL_DYNAMODB: engine.url,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        // Lambda sets it with the first request.
        _X_AMZN_TRACE_ID: '',
      });
      await started.stop();
      expect(engine.requests).toEqual([]);
      expect(`${started.output()}${started.errors()}`).toBe('');
      await engine.close();
    },
  );

  test('count the first request as a cold start, and announce the day of its entries', async () => {
    const environment = await environmentWithTable();
    const started = await startBundledFunction(app, 'dev-log-ingest', environment);
    // An entry of the same day as the warm-up's.
    const stored = entry({ datetime: '2000-01-01T00:00:00Z' });
    await started.invoke(gatewayEvent('POST', '/logs', stored));
    await started.stop();
    expect(started.output()).toContain('"ColdStart":1');

    const reading = await startBundledFunction(app, 'dev-log-retrieval', environment);
    const newest = await reading.invoke(gatewayEvent('GET', '/logs'));
    expect(JSON.parse(newest.body)).toEqual([stored]);
    await reading.stop();
  });

  test('store an entry and return it, with nothing but themselves', async () => {
    const stored = entry({ severity: 'error' });
    const posted = await ingest.invoke(gatewayEvent('POST', '/logs', stored));
    expect(posted).toMatchObject({ statusCode: 200, body: '{"accepted":1,"rejected":[]}' });

    const newest = await retrieval.invoke(gatewayEvent('GET', '/logs'));
    expect(newest).toMatchObject({ statusCode: 200, body: JSON.stringify([stored]) });
  });
});

describe('Monitoring', () => {
  let watched: SynthesizedApp;
  let emitted: Set<MetricName>;
  beforeAll(async () => {
    watched = await synthesizeApp({
      shippers: 'first-shipper,second-shipper',
      watches: [
        { name: 'declined', contains: ['card declined'], atLeast: 20, minutes: 5 },
        { name: 'errors', severity: ['error'], attributes: { service: 'a' }, atLeast: 1, minutes: 1 },
        { name: 'silent', shipper: 'second-shipper', silentMinutes: 15 },
      ],
    });
    const served = await environmentWithTable();
    const noTable = { ...served, TABLE_NAME: 'no-such-table' };
    const refused = entry({ id: '' });
    const damaged = { ...(await environmentWithTable()), PACKING: 'info' };
    await printedBy('dev-log-ingest', damaged, gatewayEvent('POST', '/logs', ENTRIES_OF_A_BLOCK));
    await damageBlock(damaged.TABLE_NAME);
    const outputs = await Promise.all([
      printedBy('dev-log-ingest', served, gatewayEvent('POST', '/logs', [entry(), refused])),
      printedBy('dev-log-ingest', noTable, gatewayEvent('POST', '/logs', entry())),
      printedBy(
        'dev-log-ingest',
        { ...served, WATCHES: watchesOfFunction() },
        gatewayEvent('POST', '/logs', [
          entry({ message: 'card declined' }),
          entry({ severity: 'error', attributes: { service: 'a' } }),
        ]),
      ),
      ...[...shipperKeys(), 'a-key-made-by-hand'].map((apiKeyId) =>
        printedBy('dev-log-ingest', served, eventOf(apiKeyId)),
      ),
      printedBy('dev-log-retrieval', served, gatewayEvent('GET', '/logs')),
      printedBy('dev-log-retrieval', noTable, gatewayEvent('GET', '/logs')),
      printedBy('dev-log-retrieval', damaged, gatewayEvent('GET', '/logs')),
    ]);
    emitted = emittedMetrics(outputs.join('\n'));
  });

  /** The variables of the stage, whose references to API keys stand for the ids of the keys. */
  function stageVariables(): Record<string, string> {
    type Stage = { Variables: Record<string, unknown> };
    const [stage] = Object.values(watched.resources<Stage>('dev-log-api', 'AWS::ApiGateway::Stage'));
    const variables = Object.entries(stage?.Properties.Variables ?? {});
    return Object.fromEntries(variables.map(([name, value]) => [name, joinIntrinsics(value)]));
  }

  function watchesOfFunction(): string {
    type Lambda = { Environment: { Variables: { WATCHES: string } } };
    const [lambda] = Object.values(watched.resources<Lambda>('dev-log-ingest', 'AWS::Lambda::Function'));
    return String(lambda?.Properties.Environment.Variables.WATCHES);
  }

  function shipperKeys(): string[] {
    const keys = Object.keys(watched.resources('dev-log-api', 'AWS::ApiGateway::ApiKey'));
    return keys.map((logicalId) => joinIntrinsics({ Ref: logicalId }));
  }

  function eventOf(apiKeyId: string): object {
    const event = gatewayEvent('POST', '/logs', entry());
    const requestContext = { ...event.requestContext, identity: { apiKeyId } };
    return { ...event, requestContext, stageVariables: stageVariables() };
  }

  async function printedBy(
    name: string,
    environment: Record<string, string>,
    event: object,
  ): Promise<string> {
    const bundle = await startBundledFunction(app, name, environment);
    await bundle.invoke(event);
    await bundle.stop();
    return bundle.output();
  }

  test('alarms on nothing but metrics that the functions emit or AWS publishes', () => {
    for (const [alarm, metrics] of Object.entries(alarmedMetrics(watched, 'dev-log-monitoring')))
      expect({ alarm, unknown: metrics.filter((metric) => !isKnown(metric)) }).toEqual({
        alarm,
        unknown: [],
      });
  });

  test('shows nothing but metrics that the functions emit or AWS publishes', () => {
    for (const [title, metrics] of Object.entries(shownMetrics(watched, 'dev-log-monitoring')))
      expect({ title, unknown: metrics.filter((metric) => !isKnown(metric)) }).toEqual({
        title,
        unknown: [],
      });
  });

  test('shows every metric that the functions emit', () => {
    const shown = new Set(Object.values(shownMetrics(watched, 'dev-log-monitoring')).flat());
    expect([...emitted].filter((metric) => !shown.has(metric))).toEqual([]);
  });

  test('answers in its first row what comes in, how much of it is errors or refused, and how late', () => {
    const [first, second, third, fourth] = Object.entries(shownMetrics(watched, 'dev-log-monitoring'));
    const service = { service: 'dev-log-ingest' };
    const ours = (name: string) => metricName('LogService', name, service);
    expect(first).toEqual([
      expect.stringMatching(/comes in/),
      [ours('InfoEntriesStored'), ours('WarningEntriesStored'), ours('ErrorEntriesStored')],
    ]);
    expect(second).toEqual([
      expect.stringMatching(/errors\? Percent/),
      [ours('ErrorEntriesStored'), ours('EntriesStored')],
    ]);
    expect(third?.[0]).toMatch(/refused/);
    expect(third?.[1]).toContain(ours('EntriesRefused'));
    expect(fourth).toEqual([expect.stringMatching(/late/), [ours('IngestLag'), ours('IngestLag')]]);
  });

  test('shows who sends: each shipper, and together those that the stage does not name', () => {
    const [, , , , fifth] = Object.entries(shownMetrics(watched, 'dev-log-monitoring'));
    expect(fifth).toEqual([
      expect.stringMatching(/^Who sends\? Entries/),
      ['first-shipper', 'second-shipper', 'others'].map((shipper) =>
        metricName('LogService', 'EntriesStored', { service: 'dev-log-ingest', shipper }),
      ),
    ]);
    const titles = Object.keys(shownMetrics(app, 'dev-log-monitoring'));
    expect(titles.filter((title) => title.startsWith('Who sends'))).toEqual([]);
  });

  test('tells somebody what is wrong, what to do first, and where to find the runbook', () => {
    type Alarm = { AlarmName: string; AlarmDescription: string; AlarmActions: object[] };
    const alarms = Object.values(app.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'));
    const runbook = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
    expect(alarms).not.toHaveLength(0);
    for (const { AlarmName, AlarmDescription, AlarmActions } of alarms.map(({ Properties }) => Properties)) {
      const heading = AlarmName.replace('dev-log-', '');
      expect(AlarmDescription).toMatch(/^.+\. First: .+\. Runbook: docs\/deploy\.md#/);
      expect(AlarmDescription.endsWith(`#${heading}`)).toBe(true);
      expect(runbook).toContain(`\n### ${heading}\n`);
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmTopic/) }]);
    }
  });

  test('has an alarm for each way to fail', () => {
    expect(Object.keys(alarmedMetrics(app, 'dev-log-monitoring')).sort()).toEqual(
      [
        'api-errors',
        'api-refusals',
        'dead-letters',
        'ingest-errors',
        'ingest-failing',
        'ingest-late',
        'ingest-refused',
        'ingest-throttles',
        'read-throttles',
        'retrieval-errors',
        'retrieval-failing',
        'retrieval-slow',
        'retrieval-throttles',
        'unreadable-blocks',
        'write-throttles',
      ].map((name) => `dev-log-${name}`),
    );
  });

  function isKnown(metric: MetricName): boolean {
    return emitted.has(metric) || PUBLISHED_BY_AWS.some((pattern) => pattern.test(metric));
  }
});

/** From AWS's lists of the metrics of Lambda, API Gateway (REST) and DynamoDB, with their dimensions. */
const PUBLISHED_BY_AWS = [
  /^AWS\/Lambda (Invocations|Errors|Throttles|Duration|ConcurrentExecutions) \{FunctionName=dev-log-(ingest|retrieval)\}$/,
  /^AWS\/ApiGateway (Count|4XXError|5XXError|Latency|IntegrationLatency) \{ApiName=dev-log-api,Stage=dev\}$/,
  /^AWS\/DynamoDB (ConsumedReadCapacityUnits|ConsumedWriteCapacityUnits|(Read|Write)(KeyRangeThroughput|MaxOnDemandThroughput)?ThrottleEvents) \{(GlobalSecondaryIndexName=(byDay|byRefusal),)?TableName=dev-logs\}$/,
];

const ENTRIES_OF_A_BLOCK = Array.from({ length: 10 }, () => entry({ datetime: '2024-01-01T00:00:00Z' }));

/** Damages the only block of a table. */
async function damageBlock(TableName: string): Promise<void> {
  const { Items = [] } = await tables.client.send(new ScanCommand({ TableName }));
  const block = Items.find(({ packed }) => packed);
  const packed = { B: Buffer.from('damaged') };
  await tables.client.send(new PutItemCommand({ TableName, Item: { ...block, packed } }));
}

async function environmentWithTable() {
  return { ...ENGINE_ENVIRONMENT, TABLE_NAME: await tables.create() };
}

function gatewayEvent(httpMethod: string, path: string, body?: object) {
  return {
    resource: path,
    path,
    httpMethod,
    headers: { Host: 'example.execute-api.us-east-1.amazonaws.com', 'Content-Type': 'application/json' },
    requestContext: { requestId: randomUUID(), path: `/dev${path}`, stage: 'dev' },
    body: body ? Buffer.from(JSON.stringify(body)).toString('base64') : null,
    isBase64Encoded: body !== undefined,
  };
}
