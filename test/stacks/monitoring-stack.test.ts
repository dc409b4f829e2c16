import { beforeAll, describe, expect, test } from '@jest/globals';
import { joinIntrinsics, type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';

let app: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp({ shards: '32' });
});

describe('The alarm topic', () => {
  test("lets only this account's alarms publish, and only over TLS", () => {
    type TopicPolicy = { PolicyDocument: { Statement: object[] } };
    const [policy] = Object.values(app.resources<TopicPolicy>('dev-log-monitoring', 'AWS::SNS::TopicPolicy'));
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });

  test('is encrypted with the key of the storage stack, which CloudWatch may use', () => {
    const [topic] = Object.values(
      app.resources<{ KmsMasterKeyId: unknown }>('dev-log-monitoring', 'AWS::SNS::Topic'),
    );
    const [alias] = Object.values(app.resources<{ AliasName: string }>('dev-log-storage', 'AWS::KMS::Alias'));
    expect(joinIntrinsics(topic?.Properties.KmsMasterKeyId)).toMatch(
      new RegExp(`:${alias?.Properties.AliasName}$`),
    );
  });
});

describe('The dashboard', () => {
  type Widget = { properties: { title: string; metrics?: unknown[][]; annotations?: object } };
  const widgets = () => {
    const [dashboard] = Object.values(
      app.resources<{ DashboardBody: unknown }>('dev-log-monitoring', 'AWS::CloudWatch::Dashboard'),
    );
    const body: { widgets: Widget[] } = JSON.parse(joinIntrinsics(dashboard?.Properties.DashboardBody));
    return body.widgets.map(({ properties }) => properties);
  };

  test('shows the ceiling of the context beside the shards in use', () => {
    expect(widgets().find(({ metrics }) => metrics?.[0]?.includes('ShardsInUse'))).toMatchObject({
      metrics: [['LogService', 'ShardsInUse', 'service', 'dev-log-ingest', { stat: 'Maximum' }]],
      annotations: { horizontal: [{ value: 32 }] },
    });
  });

  test.each([
    { cause: 'a partition is full', metric: 'KeyRangeThroughputThrottleEvents' },
    { cause: 'the ceiling is reached', metric: 'MaxOnDemandThroughputThrottleEvents' },
  ])(
    'shows apart the writes and reads, of the table and each index, throttled because $cause',
    ({ cause, metric }) => {
      const shown = widgets().find(({ title }) => title.includes(cause))?.metrics ?? [];
      const names = shown.map(([, name, ...dimensions]) => `${name} ${dimensions.slice(0, -1).join(' ')}`);
      const parts = ['', 'byDay', 'byRefusal'].map((index) =>
        index ? `GlobalSecondaryIndexName ${index} TableName dev-logs` : 'TableName dev-logs',
      );
      expect(names.sort()).toEqual(
        ['Read', 'Write'].flatMap((kind) => parts.map((part) => `${kind}${metric} ${part}`)).sort(),
      );
    },
  );
});

describe('The alarm for write throttles', () => {
  test('rings for a share of the writes, because the few throttles that add shards are no fault', () => {
    type Alarm = { AlarmName: string; Threshold: number; Metrics: { Expression?: string }[] };
    const alarms = Object.values(app.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(({ Properties }) => Properties.AlarmName === 'dev-log-write-throttles');
    expect(alarm?.Properties).toMatchObject({ Threshold: 1, EvaluationPeriods: 3, DatapointsToAlarm: 3 });
    expect(alarm?.Properties.Metrics[0]?.Expression).toMatch(/^IF\(.+ > 0, 100 \* /);
  });

  test('reads no more metrics than the 10 that CloudWatch allows one alarm', () => {
    type Alarm = { Metrics: { MetricStat?: object }[] };
    const alarms = Object.values(app.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'));
    for (const { Properties } of alarms)
      expect(Properties.Metrics.filter(({ MetricStat }) => MetricStat).length).toBeLessThanOrEqual(10);
  });
});
