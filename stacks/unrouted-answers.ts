import {
  AuthorizationType,
  ContentHandling,
  MockIntegration,
  PassthroughBehavior,
  ResourceBase,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { ROUTES } from '../handlers/routes.ts';
import { problemBody } from './gateway-problems.ts';

/**
 * Adds the answers for requests that no function serves: 404 to an unknown path, 405 with Allow to an unknown
 * method. By default, API Gateway answers both with 403 "Missing Authentication Token". Call this after the
 * routes were added.
 */
export function addUnroutedAnswers(api: RestApi): void {
  api.root.addResource('{proxy+}');
  for (const resource of api.node.findAll().filter(isResource)) {
    const methods = ROUTES.filter((route) => route.resource === resource.path).flatMap(({ method }) =>
      method === 'GET' ? ['GET', 'HEAD'] : [method],
    );
    answerAnyOther(resource, methods.length > 0 ? methodNotAllowed(methods.join(', ')) : NOT_FOUND);
  }
}

type Answer = { status: number; body: string; headers: Record<string, string> };

const NOT_FOUND: Answer = {
  status: 404,
  body: problemBody({ status: 404, title: 'Not found', detail: 'No such path.' }),
  headers: {},
};

function isResource(construct: IConstruct): construct is ResourceBase {
  return construct instanceof ResourceBase;
}

function methodNotAllowed(allow: string): Answer {
  const problem = { status: 405, title: 'Method not allowed', detail: `Allowed here: ${allow}.` };
  return { status: 405, body: problemBody(problem), headers: { Allow: allow } };
}

function answerAnyOther(resource: ResourceBase, { status, body, headers }: Answer): void {
  const statusCode = String(status);
  const parameters = Object.entries({ ...headers, 'Content-Type': 'application/problem+json' }).map(
    ([name, value]) => [`method.response.header.${name}`, value] as const,
  );
  // Every media type is binary here, so a mock answers 500 unless both directions are converted to text.
  const contentHandling = ContentHandling.CONVERT_TO_TEXT;
  const integration = new MockIntegration({
    contentHandling,
    requestTemplates: { 'application/json': JSON.stringify({ statusCode: status }) },
    passthroughBehavior: PassthroughBehavior.NEVER,
    integrationResponses: [
      {
        statusCode,
        contentHandling,
        responseTemplates: { 'application/json': body },
        responseParameters: Object.fromEntries(parameters.map(([name, value]) => [name, `'${value}'`])),
      },
    ],
  });
  resource.addMethod('ANY', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [
      { statusCode, responseParameters: Object.fromEntries(parameters.map(([name]) => [name, true])) },
    ],
  });
}
