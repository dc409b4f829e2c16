import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { alarmedMetrics } from '../support/metrics-in-template.ts';
import {
  allowedActions,
  joinIntrinsics,
  type SynthesizedApp,
  synthesizeApp,
} from '../support/synthesized-app.ts';

const GROUPS = ['/aws/lambda/checkout', '/aws/rds/instance/orders#1/error'];
const STACK = 'dev-log-ingest';
const QUEUE = 'dev-log-unstored';
const MONITORING = 'dev-log-monitoring';

let app: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp({ cloudWatchLogs: GROUPS }, { validate: true });
});

/** The only resource of a type in the ingest stack. */
function only<Properties = Record<string, unknown>>(type: string) {
  const [[id, resource] = [], ...more] = Object.entries(app.resources<Properties>(STACK, type));
  if (id === undefined || resource === undefined || more.length > 0) throw new Error(`not one ${type}`);
  return { id, ...resource };
}

describe('A stage with log groups of CloudWatch Logs', () => {
  test('has a subscription filter for each, which sends all lines to the ingest function', () => {
    const lambda = only('AWS::Lambda::Function').id;
    const first = ['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Permission'].map((type) => only(type).id);
    const filters = Object.values(app.resources(STACK, 'AWS::Logs::SubscriptionFilter'));
    expect(filters).toHaveLength(GROUPS.length);
    for (const [at, LogGroupName] of GROUPS.entries())
      expect(filters[at]).toMatchObject({
        DependsOn: first,
        Properties: {
          LogGroupName,
          FilterName: STACK,
          FilterPattern: '',
          DestinationArn: { 'Fn::GetAtt': [lambda, 'Arn'] },
        },
      });
  });

  test('lets only CloudWatch Logs of this account and region invoke the function', () => {
    const { Properties } = only<{ SourceArn: unknown }>('AWS::Lambda::Permission');
    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
    expect(joinIntrinsics(Properties.SourceArn)).toMatch(
      /:logs:us-east-1:\$\{AWS::AccountId\}:log-group:\*$/,
    );
  });

  test('keeps what three invocations could not store for 14 days, encrypted and over TLS only', () => {
    const { id, Properties } = only('AWS::SQS::Queue');
    expect(Properties).toEqual(
      expect.objectContaining({
        QueueName: QUEUE,
        MessageRetentionPeriod: 14 * 86_400,
        SqsManagedSseEnabled: true,
      }),
    );
    expect(only('AWS::SQS::QueuePolicy').Properties).toMatchObject({
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      },
    });
    expect(only('AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 6 * 3_600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [id, 'Arn'] } } },
    });
  });

  test('lets the function send to that queue, as the permissions boundary allows', () => {
    const { id } = only('AWS::SQS::Queue');
    const actions = allowedActions(app, STACK).find(
      ({ resources }) => resources[0] === `\${${id}.Arn}`,
    )?.actions;
    expect(actions).toContain('sqs:SendMessage');
    const boundary = JSON.parse(readFileSync('docs/permissions-boundary.json', 'utf8'));
    expect(boundary.Statement[0].Action).toEqual(expect.arrayContaining(actions ?? []));
    expect(readFileSync('docs/deployment-policy.json', 'utf8')).toContain('"sqs:*"');
  });

  test('tells the function the log groups of the service, whose lines it refuses', () => {
    expect(only('AWS::Lambda::Function').Properties).toMatchObject({
      Environment: {
        Variables: {
          OWN_LOG_GROUPS:
            '/aws/lambda/dev-log-ingest,/aws/lambda/dev-log-retrieval,/aws/apigateway/dev-log-api/access',
        },
      },
    });
  });

  test('has an alarm on events that wait in the queue or did not reach it, and a runbook for it', () => {
    expect(alarmedMetrics(app, MONITORING)['dev-log-ingest-unstored']).toEqual([
      `AWS/SQS ApproximateNumberOfMessagesVisible {QueueName=${QUEUE}}`,
      'AWS/Lambda DestinationDeliveryFailures {FunctionName=dev-log-ingest}',
    ]);
    type Alarm = { AlarmName: string };
    const alarms = Object.values(app.resources<Alarm>(MONITORING, 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(({ Properties }) => Properties.AlarmName === 'dev-log-ingest-unstored');
    expect(alarm?.Properties).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 1,
      AlarmActions: [{ Ref: expect.stringMatching(/^AlarmTopic/) }],
      AlarmDescription: expect.stringMatching(/Runbook: docs\/deploy\.md#ingest-unstored$/),
    });
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain('\n### ingest-unstored\n');
  });

  test('breaks no cdk-nag rule that is not acknowledged with a reason', () => {
    const report = JSON.parse(readFileSync(`${app.folder}/validation-report.json`, 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });
});

test('A stage without log groups has no queue and no alarm for them', async () => {
  const without = await synthesizeApp();
  expect(without.templateText(STACK)).not.toMatch(/AWS::SQS|EventInvokeConfig|logs\.amazonaws\.com/);
  expect(alarmedMetrics(without, MONITORING)).not.toHaveProperty('dev-log-ingest-unstored');
});
