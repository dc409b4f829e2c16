import { fileURLToPath } from 'node:url';
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES, type Route } from '../handlers/routes.ts';
import { readSettings, SettingsError } from '../handlers/settings.ts';
import { BUNDLING } from './bundling.ts';
import { functionLogGroup, namesOf } from './names.ts';

/** One second less than API Gateway waits (29 s), so that the function ends first and its log says why. */
const TIMEOUT = Duration.seconds(28);

const HANDLER_FILES: Record<Route['handler'], string> = {
  ingest: 'handlers/ingest-logs.ts',
  retrieval: 'handlers/retrieve-logs.ts',
};

type LogFunctionProps = {
  stage: string;
  handler: Route['handler'];
  /** What the function does. Its description consists of this and of its routes. */
  purpose: string;
  /** Environment variables that the handler reads, besides those that every function gets. */
  environment?: Record<string, string>;
  memoryMiB: number;
  reservedConcurrency?: number;
  /** The DynamoDB actions that the function's role allows on the table. */
  tableActions: string[];
  /** The indexes on which the role allows these actions too. */
  tableIndexes: string[];
};

/**
 * A handler as a Lambda function. Its role allows the given table actions, its own log and traces, and nothing else.
 * @throws SettingsError if Lambda or the function would refuse its environment
 */
export class LogFunction extends Construct {
  readonly lambda: NodejsFunction;

  constructor(scope: Construct, id: string, props: LogFunctionProps) {
    super(scope, id);
    const { stage, handler } = props;
    const names = namesOf(stage);
    const tableName = names.table;
    const functionName = names[`${handler}Function`];
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

    const environment = { TABLE_NAME: tableName, ...props.environment };
    readSettings(environment);
    requireRoom({ ...environment, POWERTOOLS_SERVICE_NAME: functionName });

    this.lambda = new NodejsFunction(this, 'Function', {
      functionName,
      description: `${props.purpose}: ${routesOf(handler)}`,
      role,
      entry: repositoryPath(HANDLER_FILES[handler]),
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
      environment: { ...environment, POWERTOOLS_SERVICE_NAME: functionName },
    });
  }
}

/** Lambda's quota for the names and values of all environment variables of a function. */
const VARIABLES_LIMIT_BYTES = 4_096;

function requireRoom(environment: Record<string, string>): void {
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes > VARIABLES_LIMIT_BYTES)
    throw new SettingsError(
      `The environment variables take ${bytes} bytes, and Lambda has room for ${VARIABLES_LIMIT_BYTES}: make the filters of watches shorter, or fewer`,
    );
}

function routesOf(handler: Route['handler']): string {
  const routes = ROUTES.filter((route) => route.handler === handler);
  return routes.map(({ method, resource }) => `${method} ${resource}`).join(', ');
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
        "Lambda chooses the names of log streams. The wildcard covers only the function's own log group.",
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords do not support resource-level permissions.',
    },
  );
}

function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
