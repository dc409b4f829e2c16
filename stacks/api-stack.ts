import { ArnFormat, CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKey,
  AuthorizationType,
  type CfnRestApi,
  CfnUsagePlanKey,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  type MethodOptions,
  Period,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SHIPPER_VARIABLE } from '../handlers/metric-names.ts';
import { ROUTES, type Route } from '../handlers/routes.ts';
import { acknowledgeApiRules } from './api-acknowledgements.ts';
import { addGatewayProblems } from './gateway-problems.ts';
import { addMockMethods } from './mock-methods.ts';
import { accessLogGroup, type Names, namesOf } from './names.ts';
import type { LogStackProps, StageSettings } from './stage-settings.ts';

/** Writing needs an API key, because every shipper can send one. Reading needs an AWS identity. */
const ACCESS: Record<Route['method'], MethodOptions> = {
  POST: { authorizationType: AuthorizationType.NONE, apiKeyRequired: true },
  GET: { authorizationType: AuthorizationType.IAM },
};

/** The HTTP API: its routes, who may call them, how often, and the gateway's own answers. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    const names = namesOf(props.settings.stage);

    const keys = addApiKeys(this, props.settings, names);
    const api = addRestApi(this, props.settings, names, variablesOf(keys));
    addRoutes(api, names);
    addMockMethods(api, props.settings.corsOrigin);
    addGatewayProblems(api, props.settings.corsOrigin);
    addUsagePlan(api, props.settings, names, keys);
    addReaderPolicy(api, props.settings, names);
    acknowledgeApiRules(api);
  }
}

/** An API key for each shipper, by the shipper's name. API Gateway makes the secret, so no template contains it. */
function addApiKeys(stack: Stack, { shippers }: StageSettings, names: Names): Map<string, ApiKey> {
  return new Map(
    shippers.map((shipper) => {
      const apiKeyName = names.apiKeyPrefix + shipper;
      return [shipper, new ApiKey(stack, `Shipper-${shipper}`, { apiKeyName })];
    }),
  );
}

/** The stage hands them to the functions with each request, so none has to ask who has a key. */
function variablesOf(keys: Map<string, ApiKey>): Record<string, string> {
  return Object.fromEntries(
    [...keys].map(([shipper, { keyId }], at) => [`${SHIPPER_VARIABLE}_${at}`, `${keyId}=${shipper}`]),
  );
}

function addRestApi(
  stack: Stack,
  settings: StageSettings,
  names: Names,
  variables: Record<string, string>,
): RestApi {
  const accessLogs = LogGroup.fromLogGroupName(stack, 'AccessLogs', accessLogGroup(names.api));
  const api = new RestApi(stack, 'Api', {
    restApiName: names.api,
    description: 'Log service: POST /logs stores entries, GET /logs returns the newest',
    endpointTypes: [EndpointType.REGIONAL],
    // Without this, the gateway decodes bodies as text and breaks gzip.
    binaryMediaTypes: ['*/*'],
    // API Gateway needs this role to write the access log. All APIs of an account and region share one.
    cloudWatchRole: settings.gatewayLogRole === 'create',
    deployOptions: {
      stageName: settings.stage,
      variables,
      // The default is for what is not a route: the open answers of the gateway, which AWS bills like any request.
      throttlingRateLimit: OPEN_RATE,
      throttlingBurstLimit: OPEN_BURST,
      methodOptions: ratesOf(settings),
      tracingEnabled: true,
      accessLogDestination: new LogGroupLogDestination(accessLogs),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
    },
  });
  const cfnApi = api.node.defaultChild as CfnRestApi;
  cfnApi.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';
  cfnApi.endpointAccessMode = 'STRICT';
  new CfnOutput(stack, 'LogsUrl', { value: api.urlForPath('/logs') });
  return api;
}

/**
 * Requests per second, and at once, to each method and path that is not a route. Anybody may send them. A person who
 * mistypes a path sends fewer; AWS bills no request beyond them.
 */
const OPEN_RATE = 1;
const OPEN_BURST = 10;

/** The preflights of all pages that may write. A browser remembers the answer for an hour. */
const PREFLIGHT_RATE = 100;

/** How often each route may be called, by path and method. */
function ratesOf({ apiRate, apiBurst, corsOrigin }: StageSettings): Record<string, MethodDeploymentOptions> {
  const served = { throttlingRateLimit: apiRate, throttlingBurstLimit: apiBurst };
  const preflight = { throttlingRateLimit: PREFLIGHT_RATE, throttlingBurstLimit: PREFLIGHT_RATE };
  const rates: Record<string, MethodDeploymentOptions> = {};
  for (const { method, resource } of ROUTES) {
    rates[`${resource}/${method}`] = served;
    if (method === 'GET') rates[`${resource}/HEAD`] = served;
    else if (corsOrigin !== undefined) rates[`${resource}/OPTIONS`] = preflight;
  }
  return rates;
}

/** No path and no query, because they contain clients' ids and search texts. The id of an API key is no secret. */
const ACCESS_LOG_FIELDS = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  method: AccessLogField.contextHttpMethod(),
  resource: AccessLogField.contextResourcePath(),
  status: AccessLogField.contextStatus(),
  refusal: AccessLogField.contextErrorResponseType(),
  integrationError: AccessLogField.contextIntegrationErrorMessage(),
  latency: AccessLogField.contextResponseLatency(),
  integrationLatency: AccessLogField.contextIntegrationLatency(),
  responseLength: AccessLogField.contextResponseLength(),
  apiKeyId: AccessLogField.contextIdentityApiKeyId(),
  caller: AccessLogField.contextIdentityUserArn(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  userAgent: AccessLogField.contextIdentityUserAgent(),
  trace: AccessLogField.contextXrayTraceId(),
};

function addRoutes(api: RestApi, names: Names): void {
  const integrations: Record<Route['handler'], LambdaIntegration> = {
    ingest: integrationWith(api, 'Ingest', names.ingestFunction),
    retrieval: integrationWith(api, 'Retrieval', names.retrievalFunction),
  };
  for (const { method, resource, handler } of ROUTES) {
    const served = api.root.resourceForPath(resource);
    served.addMethod(method, integrations[handler], ACCESS[method]);
    // Health checks of shippers and monitors use HEAD, which the functions answer like GET.
    if (method === 'GET') served.addMethod('HEAD', integrations[handler], ACCESS[method]);
  }
}

/** The permission to invoke is in this stack, because the function's own stack does not know the API. */
function integrationWith(api: RestApi, id: string, functionName: string): LambdaIntegration {
  const functionArn = Stack.of(api).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const target = LambdaFunction.fromFunctionAttributes(Stack.of(api), id, {
    functionArn,
    sameEnvironment: true,
  });
  return new LambdaIntegration(target, { allowTestInvoke: false });
}

/** Keys that were made by hand can be added to it too. */
function addUsagePlan(api: RestApi, settings: StageSettings, names: Names, keys: Map<string, ApiKey>): void {
  const plan = api.addUsagePlan('Shippers', {
    name: names.usagePlan,
    description: 'Rate and daily quota of each shipper, by its API key',
    throttle: { rateLimit: settings.keyRate, burstLimit: settings.keyBurst },
    quota: { limit: settings.keyDailyQuota, period: Period.DAY },
    apiStages: [{ api, stage: api.deploymentStage }],
  });
  // With plan.addApiKey, the logical id of the first key's place in the plan would depend on its position in the list.
  for (const key of keys.values())
    new CfnUsagePlanKey(key, 'InPlan', {
      keyId: key.keyId,
      keyType: 'API_KEY',
      usagePlanId: plan.usagePlanId,
    });
  new CfnOutput(Stack.of(api), 'UsagePlanId', { value: plan.usagePlanId });
}

function addReaderPolicy(api: RestApi, settings: StageSettings, names: Names): void {
  const { stage } = settings;
  const stack = Stack.of(api);
  const policy = new ManagedPolicy(stack, 'Reader', {
    managedPolicyName: names.readerPolicy,
    description: settings.readerPolicyDescription,
  });
  const paths = ROUTES.filter(({ method }) => method === 'GET').map(({ resource }) =>
    resource.replaceAll(/\{[^}]+\}/g, '*'),
  );
  policy.addStatements(
    new PolicyStatement({
      actions: ['execute-api:Invoke'],
      resources: paths.flatMap((path) =>
        ['GET', 'HEAD'].map((method) => api.arnForExecuteApi(method, path, stage)),
      ),
    }),
  );
  const apiId = stack.getLogicalId(api.node.defaultChild as CfnRestApi);
  for (const method of ['GET', 'HEAD'])
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:aws:execute-api:${stack.region}:<AWS::AccountId>:<${apiId}>/${stage}/${method}/logs/*]`,
      reason: 'The last segment of /logs/{id} is the id, and a reader may ask for any entry.',
    });
}
