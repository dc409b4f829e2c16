import { beforeAll, describe, expect, test } from '@jest/globals';
import { type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';

let dev: SynthesizedApp;
let prod: SynthesizedApp;
beforeAll(async () => {
  dev = await synthesizeApp();
  prod = await synthesizeApp({ stage: 'prod', maxWriteUnits: '16000' });
});

describe('Storage', () => {
  type Table = {
    TableName: string;
    BillingMode: string;
    KeySchema: object[];
    GlobalSecondaryIndexes: { WriteOnDemandThroughputSettings: object }[];
    WriteOnDemandThroughputSettings: object;
    Replicas: { DeletionProtectionEnabled: boolean }[];
  };
  const tableOf = (app: SynthesizedApp, stage: string) =>
    Object.values(app.resources<Table>(`${stage}-log-storage`, 'AWS::DynamoDB::GlobalTable'))[0];
  const projection = { Projection: { ProjectionType: 'ALL' } };
  const keys = (partition: string, sort: string) => ({
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
  });

  test('has the keys, indexes and time to live that the entities expect', () => {
    expect(tableOf(dev, 'dev')?.Properties).toMatchObject({
      TableName: 'dev-logs',
      ...keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'byDay', ...keys('gsi1pk', 'sk'), ...projection },
        { IndexName: 'byRefusal', ...keys('gsi3pk', 'gsi3sk'), ...projection },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('is paid on demand, and the table and each index have the ceiling of the context', () => {
    const ceiling = { MaxWriteRequestUnits: 16_000 };
    const table = tableOf(prod, 'prod')?.Properties;
    expect(table).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', WriteOnDemandThroughputSettings: ceiling });
    for (const index of table?.GlobalSecondaryIndexes ?? [])
      expect(index.WriteOnDemandThroughputSettings).toEqual(ceiling);
  });

  // cdk-nag has a rule for the recovery of AWS::DynamoDB::Table, and none for a GlobalTable.
  test.each(['dev', 'prod'])('of the stage %s is encrypted and has point-in-time recovery', (stage) => {
    expect(tableOf(stage === 'dev' ? dev : prod, stage)?.Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    });
  });

  test("lets only this account's alarms use its key", () => {
    type Key = { KeyPolicy: { Statement: { Principal: object; Condition: object }[] } };
    const [key] = Object.values(dev.resources<Key>('dev-log-storage', 'AWS::KMS::Key'));
    const alarms = key?.Properties.KeyPolicy.Statement.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('cloudwatch'),
    );
    expect(alarms).toEqual([
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });

  test.each([
    { stage: 'dev', kept: false, policy: 'Delete' },
    { stage: 'prod', kept: true, policy: 'Retain' },
  ])('of the stage $stage has the deletion policy $policy for its data', ({ stage, kept, policy }) => {
    const app = stage === 'dev' ? dev : prod;
    const table = tableOf(app, stage);
    expect(table?.DeletionPolicy).toBe(policy);
    expect(table?.Properties.Replicas[0]?.DeletionProtectionEnabled).toBe(kept);
    for (const logs of Object.values(app.resources(`${stage}-log-storage`, 'AWS::Logs::LogGroup')))
      expect(logs.DeletionPolicy).toBe(policy);
  });

  test("encrypts the service's own logs and deletes them after 30 days", () => {
    const groups = Object.values(
      dev.resources<{ LogGroupName: string }>('dev-log-storage', 'AWS::Logs::LogGroup'),
    );
    expect(groups.map(({ Properties }) => Properties.LogGroupName)).toEqual([
      '/aws/lambda/dev-log-ingest',
      '/aws/lambda/dev-log-retrieval',
      '/aws/apigateway/dev-log-api/access',
    ]);
    for (const group of groups)
      expect(group.Properties).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: 30 });
  });
});
