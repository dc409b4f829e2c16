import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  allowedActions,
  lintTemplates,
  type SynthesizedApp,
  synthesizeApp,
} from '../support/synthesized-app.ts';

let app: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp(
    {
      githubRepository: 'octo/log-service',
      shards: '32',
      packing: 'info',
      retentionDays: '7',
      ingestConcurrency: '50',
    },
    { validate: true },
  );
});

describe('The app', () => {
  test('has one stack for each part of a stage, and deploys each after the stacks that it needs', () => {
    expect(app.stackNames).toEqual([
      'dev-log-storage',
      'dev-log-ingest',
      'dev-log-retrieval',
      'dev-log-api',
      'dev-log-monitoring',
      'dev-log-deploy-role',
    ]);
    expect(app.stacksBefore('dev-log-ingest')).toEqual(['dev-log-storage']);
    expect(app.stacksBefore('dev-log-retrieval')).toEqual(['dev-log-storage']);
    expect(app.stacksBefore('dev-log-api')).toEqual(['dev-log-ingest', 'dev-log-retrieval']);
  });

  test('has no exports and imports, so that every stack can be deployed alone', () => {
    for (const name of app.stackNames) expect(app.templateText(name)).not.toMatch(/Fn::ImportValue|"Export"/);
  });

  test('breaks no cdk-nag rule that is not acknowledged with a reason', async () => {
    const report = JSON.parse(await readFile(join(app.folder, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });

  test('names each wrong setting and what is wrong with it', async () => {
    const refused = synthesizeApp({ stage: 'Prod!', retentionDays: 'ever' });
    await expect(refused).rejects.toThrow(/-c stage=\.\.\.: must be lower-case.*-c retentionDays=\.\.\.: /);
  });

  test('refuses settings that the functions would refuse at start', async () => {
    const refused = synthesizeApp({ shards: '257', retentionDays: '3651' });
    await expect(refused).rejects.toThrow(/SHARDS must be .* 1 to 256; RETENTION_DAYS must be .* 1 to 3650/);
  });

  test('passes cfn-lint', async () => {
    expect(await lintTemplates(app)).toBe('');
  });
});

describe('The functions', () => {
  const table = 'arn:aws:dynamodb:us-east-1:${AWS::AccountId}:table/dev-logs';
  const functions = [
    { name: 'dev-log-ingest', mayDo: 'dynamodb:BatchWriteItem', on: [table] },
    {
      name: 'dev-log-retrieval',
      mayDo: 'dynamodb:Query',
      on: [table, `${table}/index/byDay`, `${table}/index/byRefusal`],
    },
  ];

  test.each(functions)(
    '$name may call $mayDo, write its own log and traces, and do nothing else',
    (expected) => {
      const { name, mayDo, on } = expected;
      const group = `arn:aws:logs:us-east-1:\${AWS::AccountId}:log-group:/aws/lambda/${name}:*`;
      expect(allowedActions(app, name)).toEqual([
        { actions: [mayDo], resources: on },
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [group] },
        { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] },
      ]);
    },
  );

  test.each(functions)('$name has one role, and it has no managed policy', ({ name }) => {
    const roles = Object.values(app.resources<{ ManagedPolicyArns?: [] }>(name, 'AWS::IAM::Role'));
    expect(roles).toHaveLength(1);
    expect(roles[0]?.Properties.ManagedPolicyArns).toBeUndefined();
  });

  test.each(functions)(
    '$name is traced, runs on arm64, and ends before API Gateway stops waiting',
    ({ name }) => {
      const [lambda] = Object.values(app.resources(name, 'AWS::Lambda::Function'));
      expect(lambda?.Properties).toMatchObject({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 28,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: `/aws/lambda/${name}` },
      });
    },
  );

  test.each([
    {
      name: 'dev-log-ingest',
      settings: {
        SHARDS: '32',
        RETENTION_DAYS: '7',
        PACKING: 'info',
        OWN_LOG_GROUPS: expect.stringContaining('/aws/lambda/dev-log-ingest'),
      },
      concurrency: 50,
    },
    { name: 'dev-log-retrieval', settings: {}, concurrency: undefined },
  ])(
    '$name gets the settings that it reads and its reserved concurrency from context, and reports under its own name',
    ({ name, settings, concurrency }) => {
      type Lambda = { ReservedConcurrentExecutions?: number; Environment: object };
      const [lambda] = Object.values(app.resources<Lambda>(name, 'AWS::Lambda::Function'));
      expect(lambda?.Properties.Environment).toEqual({
        Variables: { TABLE_NAME: 'dev-logs', ...settings, POWERTOOLS_SERVICE_NAME: name },
      });
      expect(lambda?.Properties.ReservedConcurrentExecutions).toBe(concurrency);
    },
  );
});

describe('The deploy role', () => {
  test('trusts only the develop branch of the repository', () => {
    const [role] = Object.values(app.resources('dev-log-deploy-role', 'AWS::IAM::Role'));
    expect(role?.Properties).toMatchObject({
      RoleName: 'dev-log-deploy',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': 'repo:octo/log-service:ref:refs/heads/develop',
              },
            },
          },
        ],
      },
    });
  });

  test('may only assume the deployment roles of cdk bootstrap, and look whether the table exists', () => {
    const account = '${AWS::AccountId}';
    expect(allowedActions(app, 'dev-log-deploy-role')).toEqual([
      {
        actions: ['sts:AssumeRole'],
        resources: [
          `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-us-east-1`,
          `arn:aws:iam::${account}:role/cdk-hnb659fds-file-publishing-role-${account}-us-east-1`,
        ],
      },
      {
        actions: ['dynamodb:DescribeTable'],
        resources: [`arn:aws:dynamodb:us-east-1:${account}:table/dev-logs`],
      },
    ]);
  });
});
