import {
  AuthorizationType,
  ContentHandling,
  type IResource,
  MockIntegration,
  PassthroughBehavior,
  ResourceBase,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { preflightResponse } from '../handlers/http/cors.ts';
import { toProblemResponse } from '../handlers/http/http-problem.ts';
import { ROUTES } from '../handlers/routes.ts';
import { gatewayProblem } from './gateway-problems.ts';

/**
 * Adds what the gateway answers without a function. Call this after the routes have been added.
 * - OPTIONS on every resource that takes POST, so that pages of one origin may write.
 * - 404 to an unknown path and 405 with Allow to an unknown method. By default, API Gateway answers both with 403
 *   "Missing Authentication Token".
 * @param corsOrigin whose pages may write; undefined for none
 */
export function addMockMethods(api: RestApi, corsOrigin: string | undefined): void {
  if (corsOrigin !== undefined)
    for (const { resource } of ROUTES.filter(({ method }) => method === 'POST'))
      addMock(api.root.resourceForPath(resource), 'OPTIONS', preflightResponse(corsOrigin));

  api.root.addResource('{proxy+}');
  for (const resource of api.node.findAll().filter(isResource))
    addMock(resource, 'ANY', answerToOtherMethods(resource.path));
}

function isResource(construct: IConstruct): construct is ResourceBase {
  return construct instanceof ResourceBase;
}

function answerToOtherMethods(path: string): Answer {
  const methods = ROUTES.filter(({ resource }) => resource === path).flatMap(({ method }) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
  if (methods.length === 0) return toProblemResponse(gatewayProblem(404, 'Not found', 'No such path.'));
  const allow = methods.join(', ');
  return toProblemResponse(
    gatewayProblem(405, 'Method not allowed', `Allowed here: ${allow}.`, { Allow: allow }),
  );
}

type Answer = { status: number; headers: Record<string, string>; body: string | Buffer };

function addMock(resource: IResource, method: string, { status, headers, body }: Answer): void {
  const statusCode = String(status);
  const parameters = Object.entries(headers).map(
    ([name, value]) => [`method.response.header.${name}`, value] as const,
  );
  // Every media type is binary in this API, so a mock answers 500 unless both directions are converted to text.
  const contentHandling = ContentHandling.CONVERT_TO_TEXT;
  const integration = new MockIntegration({
    contentHandling,
    requestTemplates: { 'application/json': JSON.stringify({ statusCode: status }) },
    passthroughBehavior: PassthroughBehavior.NEVER,
    integrationResponses: [
      {
        statusCode,
        contentHandling,
        responseParameters: Object.fromEntries(parameters.map(([name, value]) => [name, `'${value}'`])),
        ...(body.length > 0 && { responseTemplates: { 'application/json': String(body) } }),
      },
    ],
  });
  resource.addMethod(method, integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [
      { statusCode, responseParameters: Object.fromEntries(parameters.map(([name]) => [name, true])) },
    ],
  });
}
