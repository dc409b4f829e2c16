import { fileURLToPath } from 'node:url';
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { readSettings as readFunctionSettings } from '../handlers/settings.ts';
import { BUNDLING } from './bundling.ts';
import { functionLogGroup, namesOf } from './names.ts';
import type { Settings } from './settings.ts';

/** One second under API Gateway's 29 s integration limit: the function ends first and says why. */
const TIMEOUT = Duration.seconds(28);

type LogFunctionProps = {
  settings: Settings;
  functionName: string;
  description: string;
  /** File in `handlers/` that exports `handler`. */
  handlerFile: string;
  memoryMiB: number;
  reservedConcurrency?: number;
  /** All that the function may do on the table. */
  tableActions: string[];
  /** Indexes that the actions reach besides the table itself. */
  tableIndexes: string[];
};

/** A handler as a Lambda function, with a role that may do to the table what it is given and nothing more. */
export class LogFunction extends Construct {
  constructor(scope: Construct, id: string, props: LogFunctionProps) {
    super(scope, id);
    const { settings, functionName } = props;
    const tableName = namesOf(settings.stage).table;
    const logGroupName = functionLogGroup(functionName);

    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: props.tableActions,
        resources: tableArns(this, tableName, props.tableIndexes),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logStreamsArn(this, logGroupName)],
      }),
    );
    acknowledgeWildcards(this, logGroupName);

    new NodejsFunction(this, 'Function', {
      functionName,
      description: props.description,
      role,
      entry: repositoryPath(`handlers/${props.handlerFile}`),
      projectRoot: repositoryPath('.'),
      depsLockFilePath: repositoryPath('package-lock.json'),
      bundling: BUNDLING,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: TIMEOUT,
      reservedConcurrentExecutions: props.reservedConcurrency,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup: LogGroup.fromLogGroupName(this, 'LogGroup', logGroupName),
      environment: { ...environmentOf(settings, tableName), POWERTOOLS_SERVICE_NAME: functionName },
    });
  }
}

/** @throws SettingsError what the function would refuse at its start is refused before it is deployed. */
function environmentOf(settings: Settings, tableName: string): Record<string, string> {
  const environment = {
    TABLE_NAME: tableName,
    SHARDS: String(settings.shards),
    RETENTION_DAYS: String(settings.retentionDays),
  };
  readFunctionSettings(environment);
  return environment;
}

function tableArns(scope: Construct, tableName: string, indexes: string[]): string[] {
  const table = Stack.of(scope).formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: tableName,
  });
  return [table, ...indexes.map((index) => `${table}/index/${index}`)];
}

function logStreamsArn(scope: Construct, logGroupName: string): string {
  return Stack.of(scope).formatArn({ service: 'logs', resource: `log-group:${logGroupName}:*` });
}

function acknowledgeWildcards(logFunction: LogFunction, logGroupName: string): void {
  const { region } = Stack.of(logFunction);
  Validations.of(logFunction).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::arn:aws:logs:${region}:<AWS::AccountId>:log-group:${logGroupName}:*]`,
      reason:
        "Lambda names its log streams as it starts them; the wildcard ends at the function's own group.",
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: xray:PutTraceSegments and PutTelemetryRecords take only *.',
    },
  );
}

function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
