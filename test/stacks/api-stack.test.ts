import { beforeAll, describe, expect, test } from '@jest/globals';
import { ROUTES } from '../../handlers/routes.ts';
import { joinIntrinsics, type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';

const STACK = 'dev-log-api';

/** Where a function takes GET, it takes HEAD too. */
const SERVED: { method: string; resource: string; handler: string }[] = [
  ...ROUTES,
  ...ROUTES.filter(({ method }) => method === 'GET').map((route) => ({ ...route, method: 'HEAD' })),
];

const CORS_ORIGIN = 'https://app.example.com';

let app: SynthesizedApp;
let appWithCors: SynthesizedApp;
beforeAll(async () => {
  app = await synthesizeApp({ apiRate: '500', keyRate: '20', keyBurst: '40', keyDailyQuota: '1000' });
  appWithCors = await synthesizeApp({ corsOrigin: CORS_ORIGIN });
});

type Method = {
  HttpMethod: string;
  ResourceId: object;
  AuthorizationType: string;
  ApiKeyRequired?: boolean;
  Integration: { Type: string; Uri?: unknown; RequestTemplates?: Record<string, string> };
};

describe('Routes', () => {
  test('each go to the function that the routing table names, and there are no others', () => {
    const served = methods().filter(({ Integration }) => Integration.Type === 'AWS_PROXY');
    expect(
      served.map(({ HttpMethod, path, functionName }) => `${HttpMethod} ${path} ${functionName}`).sort(),
    ).toEqual(
      SERVED.map(({ method, resource, handler }) => `${method} ${resource} dev-log-${handler}`).sort(),
    );
  });

  test('need an API key for POST', () => {
    const posts = methods().filter(({ HttpMethod }) => HttpMethod === 'POST');
    expect(posts).not.toHaveLength(0);
    for (const post of posts) expect(post).toMatchObject({ ApiKeyRequired: true, AuthorizationType: 'NONE' });
  });

  test('need an AWS identity for GET and HEAD', () => {
    const gets = methods().filter(({ HttpMethod }) => ['GET', 'HEAD'].includes(HttpMethod));
    expect(gets).not.toHaveLength(0);
    for (const get of gets) expect(get.AuthorizationType).toBe('AWS_IAM');
  });

  test('are complete: the gateway answers everything else with 404 or 405 and calls no function', () => {
    const others = methods().filter(({ HttpMethod }) => HttpMethod === 'ANY');
    const answers = others.map(({ path, Integration }) => [
      path,
      Integration.Type,
      Integration.RequestTemplates?.['application/json'],
    ]);
    expect(Object.fromEntries(answers.map(([path, ...answer]) => [path, answer.join(' ')]))).toEqual({
      '/': 'MOCK {"statusCode":404}',
      '/{proxy+}': 'MOCK {"statusCode":404}',
      '/v1': 'MOCK {"statusCode":404}',
      '/logs': 'MOCK {"statusCode":405}',
      '/logs/{id}': 'MOCK {"statusCode":405}',
      '/v1/logs': 'MOCK {"statusCode":405}',
      '/v1/json': 'MOCK {"statusCode":405}',
      '/counts': 'MOCK {"statusCode":405}',
      '/dead-letters': 'MOCK {"statusCode":405}',
    });
  });

  test('may each invoke their function, for their own method and path only', () => {
    type Permission = { FunctionName: unknown; SourceArn: unknown };
    const permissions = Object.values(app.resources<Permission>(STACK, 'AWS::Lambda::Permission'));
    const granted = permissions.map(({ Properties }) => {
      const target = joinIntrinsics(Properties.FunctionName).split(':').at(-1);
      const [, , ...methodAndPath] = joinIntrinsics(Properties.SourceArn).split('/');
      return `${target} ${methodAndPath.join('/')}`;
    });
    expect(granted.sort()).toEqual(
      SERVED.map(
        ({ method, resource, handler }) => `dev-log-${handler} ${method}${resource.replace('{id}', '*')}`,
      ).sort(),
    );
  });
});

describe('The API', () => {
  test('passes bodies on as bytes, and requires TLS 1.2 or newer', () => {
    const [api] = Object.values(app.resources(STACK, 'AWS::ApiGateway::RestApi'));
    expect(api?.Properties).toMatchObject({
      BinaryMediaTypes: ['*/*'],
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    });
  });

  test('is traced, and logged in JSON without paths and bodies', () => {
    type Stage = { AccessLogSetting: { Format: string; DestinationArn: unknown }; MethodSettings: object[] };
    const [stage] = Object.values(app.resources<Stage>(STACK, 'AWS::ApiGateway::Stage'));
    expect(stage?.Properties).toMatchObject({
      StageName: 'dev',
      TracingEnabled: true,
    });
    const { Format, DestinationArn } = stage?.Properties.AccessLogSetting ?? {
      Format: '',
      DestinationArn: '',
    };
    expect(joinIntrinsics(DestinationArn)).toMatch(/:log-group:\/aws\/apigateway\/dev-log-api\/access$/);
    expect(JSON.parse(Format)).toMatchObject({ status: '$context.status', requestId: '$context.requestId' });
    expect(Format).not.toMatch(/context\.path|apiKey"/);
  });

  test('takes the rate of the context for each route, and little for what anybody may call', () => {
    expect(rates(app)).toEqual({
      '* /*': '1 10',
      ...Object.fromEntries(SERVED.map(({ method, resource }) => [`${method} ${resource}`, '500 2000'])),
    });
    const open = methods(app).filter(({ Integration }) => Integration.Type === 'MOCK');
    expect(open.filter(({ HttpMethod, path }) => `${HttpMethod} ${path}` in rates(app))).toEqual([]);
  });

  test('takes more preflights from pages that may write than other open requests', () => {
    for (const { HttpMethod, path } of methods(appWithCors).filter(
      ({ HttpMethod }) => HttpMethod === 'OPTIONS',
    ))
      expect(rates(appWithCors)[`${HttpMethod} ${path}`]).toBe('100 100');
  });

  test('limits each key to the rate, burst and quota of the context', () => {
    const [plan] = Object.values(app.resources(STACK, 'AWS::ApiGateway::UsagePlan'));
    expect(plan?.Properties).toMatchObject({
      UsagePlanName: 'dev-log-shippers',
      Throttle: { RateLimit: 20, BurstLimit: 40 },
      Quota: { Limit: 1000, Period: 'DAY' },
    });
  });

  test('has an API key for each shipper of the settings, under the usage plan, without its secret', async () => {
    const withShippers = await synthesizeApp({ shippers: 'first-shipper,second-shipper' });
    const keys = Object.entries(withShippers.resources(STACK, 'AWS::ApiGateway::ApiKey'));
    const properties = keys.map(([, { Properties }]) => Properties);
    expect(properties).toMatchObject([{ Name: 'dev-log-first-shipper' }, { Name: 'dev-log-second-shipper' }]);
    for (const key of properties) expect(key).not.toHaveProperty('Value');
    const inPlan = Object.values(withShippers.resources(STACK, 'AWS::ApiGateway::UsagePlanKey'));
    const [plan = ''] = Object.keys(withShippers.resources(STACK, 'AWS::ApiGateway::UsagePlan'));
    expect(inPlan.map(({ Properties }) => Properties)).toEqual(
      keys.map(([id]) => ({ KeyId: { Ref: id }, KeyType: 'API_KEY', UsagePlanId: { Ref: plan } })),
    );
  });

  test('keeps the key of a shipper when others are added, removed or listed in another order', async () => {
    const keysOf = async (shippers: string) => {
      const stack = await synthesizeApp({ shippers });
      const types = ['AWS::ApiGateway::ApiKey', 'AWS::ApiGateway::UsagePlanKey'];
      return types.flatMap((type) => Object.keys(stack.resources(STACK, type)));
    };
    const both = await keysOf('first-shipper,second-shipper');
    expect(both).toHaveLength(4);
    expect(both).toEqual(expect.arrayContaining(await keysOf('second-shipper')));
    expect(both).toEqual(expect.arrayContaining(await keysOf('second-shipper,first-shipper')));
  });

  test('has no API key where no shipper is named', () => {
    expect(app.resources(STACK, 'AWS::ApiGateway::ApiKey')).toEqual({});
  });

  test('allows identities with the policy dev-log-reader every GET and HEAD route and nothing else', () => {
    type Policy = {
      ManagedPolicyName: string;
      PolicyDocument: { Statement: { Action: string; Resource: unknown[] }[] };
    };
    const [policy] = Object.values(app.resources<Policy>(STACK, 'AWS::IAM::ManagedPolicy'));
    const [statement, ...more] = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(policy?.Properties.ManagedPolicyName).toBe('dev-log-reader');
    expect(more).toEqual([]);
    expect(statement?.Action).toBe('execute-api:Invoke');
    expect(statement?.Resource.map((arn) => joinIntrinsics(arn).replace(/^.*\}\//, ''))).toEqual([
      'dev/GET/counts',
      'dev/GET/dead-letters',
      'dev/GET/logs',
      'dev/GET/logs/*',
      'dev/HEAD/counts',
      'dev/HEAD/dead-letters',
      'dev/HEAD/logs',
      'dev/HEAD/logs/*',
    ]);
  });
});

describe("The gateway's own answers", () => {
  type GatewayResponse = {
    ResponseType: string;
    StatusCode?: string;
    ResponseParameters: Record<string, string>;
    ResponseTemplates: Record<string, string>;
  };
  const answers = () =>
    Object.values(app.resources<GatewayResponse>(STACK, 'AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) => Properties,
    );

  test('are problem+json', () => {
    for (const { ResponseParameters, ResponseTemplates } of answers()) {
      expect(ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      const body = ResponseTemplates['application/json']?.replace('$context.error.messageString', '"text"');
      expect(JSON.parse(body ?? '')).toMatchObject({ type: 'about:blank', title: expect.any(String) });
    }
  });

  test.each(['THROTTLED', 'QUOTA_EXCEEDED', 'DEFAULT_5XX'])(
    'to %s are 503 with Retry-After, because shippers drop their data on 429 and 500',
    (type) => {
      const answer = answers().find(({ ResponseType }) => ResponseType === type);
      expect(answer?.StatusCode).toBe('503');
      expect(answer?.ResponseParameters['gatewayresponse.header.Retry-After']).toMatch(/^'\d+'$/);
    },
  );

  test.each([
    { type: 'INVALID_API_KEY', status: 403, remedy: 'x-api-key' },
    { type: 'MISSING_AUTHENTICATION_TOKEN', status: 403, remedy: 'SigV4' },
    { type: 'REQUEST_TOO_LARGE', status: 413, remedy: 'gzip' },
  ])('to $type keep the status $status and say how to correct the request', ({ type, status, remedy }) => {
    const answer = answers().find(({ ResponseType }) => ResponseType === type);
    expect(answer?.StatusCode).toBeUndefined();
    const body = JSON.parse(answer?.ResponseTemplates['application/json'] ?? '');
    expect(body).toMatchObject({ status, detail: expect.stringContaining(remedy) });
  });

  test('keep every other 4xx status as it is', () => {
    const fallback = answers().find(({ ResponseType }) => ResponseType === 'DEFAULT_4XX');
    expect(fallback).not.toHaveProperty('StatusCode');
  });
});

describe('Pages of other origins', () => {
  const preflights = (of: SynthesizedApp) => methods(of).filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');

  test('may not write by default', () => {
    expect(preflights(app)).toEqual([]);
    expect(JSON.stringify(app.resources(STACK, 'AWS::ApiGateway::GatewayResponse'))).not.toContain(
      'Allow-Origin',
    );
  });

  test('may write if they are of the origin that the context names, to every inlet', () => {
    const inlets = ROUTES.filter(({ method }) => method === 'POST').map(({ resource }) => resource);
    expect(
      preflights(appWithCors)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(inlets.toSorted());
    for (const { Integration } of preflights(appWithCors)) {
      expect(Integration.Type).toBe('MOCK');
      expect(JSON.stringify(Integration)).toContain(`"'${CORS_ORIGIN}'"`);
    }
    const responses = Object.values(
      appWithCors.resources<{ ResponseParameters: object }>(STACK, 'AWS::ApiGateway::GatewayResponse'),
    );
    for (const { Properties } of responses)
      expect(Properties.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': `'${CORS_ORIGIN}'`,
      });
    expect(JSON.stringify(appWithCors.resources('dev-log-ingest', 'AWS::Lambda::Function'))).toContain(
      `"CORS_ORIGIN":"${CORS_ORIGIN}"`,
    );
  });
});

/** The requests per second and at once that the stage takes, by method and path. */
function rates(of: SynthesizedApp): Record<string, string> {
  type Rate = {
    HttpMethod: string;
    ResourcePath: string;
    ThrottlingRateLimit: number;
    ThrottlingBurstLimit: number;
  };
  const [stage] = Object.values(of.resources<{ MethodSettings: Rate[] }>(STACK, 'AWS::ApiGateway::Stage'));
  const settings = stage?.Properties.MethodSettings ?? [];
  return Object.fromEntries(
    settings.map(({ HttpMethod, ResourcePath, ThrottlingRateLimit, ThrottlingBurstLimit }) => [
      `${HttpMethod} ${ResourcePath.replace(/^\/~1/, '/').replaceAll('~1', '/')}`,
      `${ThrottlingRateLimit} ${ThrottlingBurstLimit}`,
    ]),
  );
}

/** Every method of the API with its path and, if a function serves it, the name of the function. */
function methods(of = app): (Method & { path: string; functionName?: string })[] {
  return Object.values(of.resources<Method>(STACK, 'AWS::ApiGateway::Method')).map(({ Properties }) => ({
    ...Properties,
    path: pathOf(of, joinIntrinsics(Properties.ResourceId)),
    functionName: Properties.Integration.Uri
      ? /function:([^/]+)\//.exec(joinIntrinsics(Properties.Integration.Uri))?.[1]
      : undefined,
  }));
}

function pathOf(of: SynthesizedApp, reference: string): string {
  if (reference.endsWith('.RootResourceId}')) return '/';
  type GatewayResource = { ParentId: unknown; PathPart: string };
  const resources = of.resources<GatewayResource>(STACK, 'AWS::ApiGateway::Resource');
  const resource = resources[reference.slice(2, -1)]?.Properties;
  if (!resource) throw new Error(`no resource ${reference}`);
  return `${pathOf(of, joinIntrinsics(resource.ParentId)).replace(/\/$/, '')}/${resource.PathPart}`;
}
