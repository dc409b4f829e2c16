import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  Capacity,
  ProjectionType,
  TableClass,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { TABLE } from '../entities/table.ts';
import { accessLogGroup, functionLogGroup, namesOf } from './names.ts';
import { isDisposable, type LogStackProps, type StageSettings } from './stage-settings.ts';

/** The stateful resources: the table, the service's own logs, and the key that encrypts those logs. */
export class StorageStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, { ...props, terminationProtection: !isDisposable(props.settings) });
    const names = namesOf(props.settings.stage);
    const removalPolicy = isDisposable(props.settings) ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;

    addTable(this, props.settings, removalPolicy);

    const logGroups = {
      IngestLogs: functionLogGroup(names.ingestFunction),
      RetrievalLogs: functionLogGroup(names.retrievalFunction),
      AccessLogs: accessLogGroup(names.api),
    };
    const key = addKey(this, names.encryptionKeyAlias, Object.values(logGroups), removalPolicy);
    for (const [logGroupId, logGroupName] of Object.entries(logGroups)) {
      const retention = RetentionDays.ONE_MONTH;
      new LogGroup(this, logGroupId, { logGroupName, encryptionKey: key, retention, removalPolicy });
    }
  }
}

function addTable(stack: Stack, settings: StageSettings, removalPolicy: RemovalPolicy): void {
  const text = (name: string) => ({ name, type: AttributeType.STRING });
  const { billing, ofEachIndex } = capacityOf(settings);
  new TableV2(stack, 'Table', {
    tableName: namesOf(settings.stage).table,
    partitionKey: text(TABLE.partitionKey),
    sortKey: text(TABLE.sortKey),
    timeToLiveAttribute: TABLE.timeToLive,
    globalSecondaryIndexes: Object.values(TABLE.indexes).map((index) => ({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      sortKey: text(index.sortKey),
      projectionType: ProjectionType.ALL,
      ...ofEachIndex,
    })),
    billing,
    // With the AWS managed key, the functions need no KMS permission: each role has one table action.
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: settings.recovery },
    // A table without a class is STANDARD, and a deployed one stays as it is.
    ...(settings.tableClass !== 'STANDARD' && { tableClass: TableClass[settings.tableClass] }),
    deletionProtection: !isDisposable(settings),
    removalPolicy,
  });
}

/** DynamoDB's default for auto scaling. The remaining 30 % serve a rise until capacity follows, minutes later. */
const TARGET_UTILIZATION_PERCENT = 70;

/** Table and indexes each have the same bounds, because DynamoDB counts and throttles them separately. */
function capacityOf(settings: StageSettings) {
  if (settings.capacity === 'on-demand') {
    const ceiling = {
      maxReadRequestUnits: settings.maxReadUnits,
      maxWriteRequestUnits: settings.maxWriteUnits,
    };
    return { billing: Billing.onDemand(ceiling), ofEachIndex: ceiling };
  }
  const autoscaled = (minCapacity: number, maxCapacity: number) =>
    Capacity.autoscaled({ minCapacity, maxCapacity, targetUtilizationPercent: TARGET_UTILIZATION_PERCENT });
  const bounds = {
    readCapacity: autoscaled(settings.minReadUnits, settings.maxReadUnits),
    writeCapacity: autoscaled(settings.minWriteUnits, settings.maxWriteUnits),
  };
  return { billing: Billing.provisioned(bounds), ofEachIndex: bounds };
}

/** A key that only CloudWatch may use: Logs for these log groups, and the alarms of this account for their topic. */
function addKey(stack: Stack, alias: string, logGroupNames: string[], removalPolicy: RemovalPolicy): Key {
  const key = new Key(stack, 'Key', {
    alias,
    description: "Encrypts the log service's own logs and alarms",
    enableKeyRotation: true,
    removalPolicy,
  });
  const use = ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: [...use, 'kms:Encrypt', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        ArnEquals: {
          'kms:EncryptionContext:aws:logs:arn': logGroupNames.map((name) =>
            stack.formatArn({ service: 'logs', resource: `log-group:${name}` }),
          ),
        },
      },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: use,
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return key;
}
