import {
  AuthorizationType,
  ContentHandling,
  MockIntegration,
  PassthroughBehavior,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { preflightHeaders } from '../handlers/http/cors.ts';
import { ROUTES } from '../handlers/routes.ts';

/** Answers OPTIONS on every resource that takes POST, so that pages of one origin may write. It calls no function. */
export function addCorsPreflight(api: RestApi, origin: string): void {
  const headers = Object.entries(preflightHeaders(origin)).map(
    ([name, value]) => [`method.response.header.${name}`, `'${value}'`] as const,
  );
  // Every media type is binary here, so a mock answers 500 unless both directions are converted to text.
  const contentHandling = ContentHandling.CONVERT_TO_TEXT;
  for (const { resource } of ROUTES.filter(({ method }) => method === 'POST')) {
    const integration = new MockIntegration({
      contentHandling,
      requestTemplates: { 'application/json': '{"statusCode":204}' },
      passthroughBehavior: PassthroughBehavior.NEVER,
      integrationResponses: [
        { statusCode: '204', contentHandling, responseParameters: Object.fromEntries(headers) },
      ],
    });
    api.root.resourceForPath(resource).addMethod('OPTIONS', integration, {
      authorizationType: AuthorizationType.NONE,
      methodResponses: [
        {
          statusCode: '204',
          responseParameters: Object.fromEntries(headers.map(([name]) => [name, true])),
        },
      ],
    });
  }
}
