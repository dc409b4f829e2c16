import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { joinIntrinsics } from './support/join-intrinsics.ts';
import { type SynthesizedApp, synthesizeApp } from './support/synthesized-app.ts';

let app: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp({ githubRepository: 'octo/log-service', shards: '16', ingestConcurrency: '50' });
});
afterAll(() => app.remove());

describe('The app', () => {
  test('has a stack for each part of a stage, deployed in the order of its needs', () => {
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

  test('lets every stack be deployed alone: none imports what another exports', () => {
    for (const name of app.stackNames) expect(app.templateText(name)).not.toMatch(/Fn::ImportValue|"Export"/);
  });

  test('breaks no rule of cdk-nag but those acknowledged with a reason', async () => {
    const report = JSON.parse(await readFile(join(app.folder, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });

  test('says which context does not fit and how', async () => {
    const refused = synthesizeApp({ stage: 'Prod!', retentionDays: 'ever' });
    await expect(refused).rejects.toMatchObject({
      stderr: expect.stringMatching(/-c stage=\.\.\.: must be lower-case.*-c retentionDays=\.\.\.: /),
    });
  });

  test('refuses an environment that the functions would refuse at their start', async () => {
    const refused = synthesizeApp({ shards: '257' });
    await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('SHARDS must be') });
  });

  test('passes cfn-lint', async () => {
    const templates = app.stackNames.map((name) => join(app.folder, `${name}.template.json`));
    // Errors alone: the CDK itself makes what cfn-lint warns of, a DependsOn too many.
    const linted = await promisify(execFile)('cfn-lint', ['--ignore-checks', 'W', '--', ...templates]).catch(
      (error) => error,
    );
    if (linted.code === 'ENOENT') return console.warn('cfn-lint is not installed: templates not linted');
    expect(linted).toMatchObject({ stdout: '', stderr: '' });
  });
});

describe('Functions', () => {
  const table = 'arn:aws:dynamodb:us-east-1:${AWS::AccountId}:table/dev-logs';
  const functions = [
    { name: 'dev-log-ingest', mayDo: 'dynamodb:BatchWriteItem', on: [table] },
    {
      name: 'dev-log-retrieval',
      mayDo: 'dynamodb:Query',
      on: [table, `${table}/index/byDay`, `${table}/index/byRefusal`, `${table}/index/bySeverity`],
    },
  ];

  test.each(functions)('$name may do $mayDo, write its own log and traces, and nothing else', (expected) => {
    const { name, mayDo, on } = expected;
    const group = `arn:aws:logs:us-east-1:\${AWS::AccountId}:log-group:/aws/lambda/${name}:*`;
    expect(allowed(name)).toEqual([
      { actions: [mayDo], resources: on },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [group] },
      { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] },
    ]);
  });

  test.each(functions)('$name has no managed policy and no second role', ({ name }) => {
    const roles = Object.values(app.resources<{ ManagedPolicyArns?: [] }>(name, 'AWS::IAM::Role'));
    expect(roles).toHaveLength(1);
    expect(roles[0]?.Properties.ManagedPolicyArns).toBeUndefined();
  });

  test.each(functions)('$name runs traced on arm64 and ends before API Gateway gives it up', ({ name }) => {
    const [lambda] = Object.values(app.resources(name, 'AWS::Lambda::Function'));
    expect(lambda?.Properties).toMatchObject({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 28,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `/aws/lambda/${name}` },
    });
  });

  test.each([
    { name: 'dev-log-ingest', concurrency: 50 },
    { name: 'dev-log-retrieval', concurrency: undefined },
  ])(
    '$name takes its settings and reserved concurrency from context, and reports under its own name',
    ({ name, concurrency }) => {
      type Lambda = { ReservedConcurrentExecutions?: number; Environment: object };
      const [lambda] = Object.values(app.resources<Lambda>(name, 'AWS::Lambda::Function'));
      expect(lambda?.Properties.Environment).toEqual({
        Variables: {
          TABLE_NAME: 'dev-logs',
          SHARDS: '16',
          RETENTION_DAYS: '30',
          POWERTOOLS_SERVICE_NAME: name,
        },
      });
      expect(lambda?.Properties.ReservedConcurrentExecutions).toBe(concurrency);
    },
  );
});

describe('The alarm topic', () => {
  test("lets this account's alarms publish, over TLS alone", () => {
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

  test('is encrypted with the key that the storage stack lets CloudWatch use', () => {
    const [topic] = Object.values(
      app.resources<{ KmsMasterKeyId: unknown }>('dev-log-monitoring', 'AWS::SNS::Topic'),
    );
    const [alias] = Object.values(app.resources<{ AliasName: string }>('dev-log-storage', 'AWS::KMS::Alias'));
    expect(joinIntrinsics(topic?.Properties.KmsMasterKeyId)).toMatch(
      new RegExp(`:${alias?.Properties.AliasName}$`),
    );
  });
});

describe('The deploy role', () => {
  test("trusts the repository's develop branch and nobody else", () => {
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

  test("may assume the roles of cdk bootstrap's deployment and no other", () => {
    const account = '${AWS::AccountId}';
    expect(allowed('dev-log-deploy-role')).toEqual([
      {
        actions: ['sts:AssumeRole'],
        resources: [
          `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-us-east-1`,
          `arn:aws:iam::${account}:role/cdk-hnb659fds-file-publishing-role-${account}-us-east-1`,
        ],
      },
    ]);
  });

  test('is not there when no repository is named', async () => {
    const without = await synthesizeApp();
    expect(without.stackNames).not.toContain('dev-log-deploy-role');
    await without.remove();
  });
});

type Policy = { PolicyDocument: { Statement: { Effect: string; Action: unknown; Resource: unknown }[] } };

function allowed(stackName: string): { actions: string[]; resources: string[] }[] {
  const policies = Object.values(app.resources<Policy>(stackName, 'AWS::IAM::Policy'));
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({
      actions: [Action].flat().map(String),
      resources: [Resource].flat().map(joinIntrinsics),
    }));
}
