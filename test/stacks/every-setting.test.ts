import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { StageSettings } from '../../stacks/stage-settings.ts';
import {
  joinIntrinsics,
  lintTemplates,
  type SynthesizedApp,
  synthesizeApp,
} from '../support/synthesized-app.ts';

/** Each different from its default. */
const EVERY_SETTING: Record<keyof StageSettings, string> = {
  stage: 'prod',
  region: 'eu-west-1',
  shards: '64',
  retentionDays: 'info=7,warning=30,error=365',
  recovery: 'false',
  tableClass: 'STANDARD_INFREQUENT_ACCESS',
  packing: 'info',
  capacity: 'provisioned',
  minWriteUnits: '100',
  maxWriteUnits: '9000',
  minReadUnits: '10',
  maxReadUnits: '3000',
  apiRate: '10',
  apiBurst: '20',
  keyRate: '5',
  keyBurst: '10',
  keyDailyQuota: '1000',
  shippers: 'first-shipper,second_shipper.2',
  ingestConcurrency: '50',
  retrievalConcurrency: '20',
  cloudWatchLogs: '/aws/lambda/checkout,/aws/rds/instance/orders#1/error',
  watches: JSON.stringify([{ name: 'declined', contains: ['declined'], atLeast: 20, minutes: 5 }]),
  corsOrigin: 'https://app.example.com',
  alarmEmail: 'on-call@example.com',
  gatewayLogRole: 'existing',
  readerPolicyDescription: 'Reads logs',
  githubRepository: 'octocat@123456/my-repo@456789',
  githubProvider: 'existing',
};

let app: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp(EVERY_SETTING, { validate: true });
});

test('Every setting is in the guide', async () => {
  const guide = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key),
  );
  expect(documented).toEqual(expect.arrayContaining(Object.keys(EVERY_SETTING)));
});

describe('A stage with every setting', () => {
  test('is synthesized without an account, and passes cdk-nag and cfn-lint', async () => {
    const report = JSON.parse(await readFile(join(app.folder, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
    expect(await lintTemplates(app)).toBe('');
  });

  test('has provisioned capacity that follows the load between its bounds, in the table and each index', () => {
    type Capacity = { GlobalSecondaryIndexes: object[]; Replicas: { GlobalSecondaryIndexes: object[] }[] };
    const [table] = Object.values(app.resources<Capacity>('prod-log-storage', 'AWS::DynamoDB::GlobalTable'));
    const between = (kind: string, MinCapacity: number, MaxCapacity: number) => ({
      [`${kind}ProvisionedThroughputSettings`]: {
        [`${kind}CapacityAutoScalingSettings`]: {
          MinCapacity,
          MaxCapacity,
          TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
        },
      },
    });
    const [writes, reads] = [between('Write', 100, 9_000), between('Read', 10, 3_000)];
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PROVISIONED',
      ...writes,
      GlobalSecondaryIndexes: [writes, writes],
      Replicas: [{ ...reads, GlobalSecondaryIndexes: [reads, reads] }],
    });
    expect(app.templateText('prod-log-storage')).not.toContain('OnDemandThroughput');
  });

  test('has the table class of its settings and no recovery', () => {
    const [table] = Object.values(app.resources('prod-log-storage', 'AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties).toMatchObject({
      Replicas: [
        {
          TableClass: 'STANDARD_INFREQUENT_ACCESS',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        },
      ],
    });
  });

  test('hands the retention of each severity to the ingest function', () => {
    const [lambda] = Object.values(app.resources('prod-log-ingest', 'AWS::Lambda::Function'));
    expect(lambda?.Properties).toMatchObject({
      Environment: { Variables: { RETENTION_DAYS: 'info=7,warning=30,error=365' } },
    });
  });

  test('shows on its dashboard the throttles that a ceiling of provisioned capacity causes', () => {
    const monitoring = app.templateText('prod-log-monitoring');
    expect(monitoring).toContain('WriteProvisionedThroughputThrottleEvents');
    expect(monitoring).not.toContain('MaxOnDemandThroughputThrottleEvents');
  });

  test('mails its alarms to the address', () => {
    const subscriptions = Object.values(app.resources('prod-log-monitoring', 'AWS::SNS::Subscription'));
    expect(subscriptions).toMatchObject([
      { Properties: { Protocol: 'email', Endpoint: 'on-call@example.com' } },
    ]);
  });

  test("leaves the account's role for the logs of API Gateway as it is", () => {
    expect(app.resources('prod-log-api', 'AWS::ApiGateway::Account')).toEqual({});
    expect(app.resources('prod-log-api', 'AWS::IAM::Role')).toEqual({});
  });

  test("trusts the account's provider for the subject of a repository whose tokens contain ids, and no other", () => {
    type Role = {
      AssumeRolePolicyDocument: { Statement: { Principal: { Federated: unknown }; Condition: object }[] };
    };
    const [role] = Object.values(app.resources<Role>('prod-log-deploy-role', 'AWS::IAM::Role'));
    const [statement, ...more] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(more).toEqual([]);
    expect(joinIntrinsics(statement?.Principal.Federated)).toMatch(
      /:oidc-provider\/token\.actions\.githubusercontent\.com$/,
    );
    expect(statement?.Condition).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub':
          'repo:octocat@123456/my-repo@456789:ref:refs/heads/develop',
      },
    });
  });
});
