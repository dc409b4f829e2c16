import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { LambdaHandler } from '../../handlers/http/lambda-handler.ts';

/** A GET on a deployed stage, as API Gateway hands it on. */
export const GET_EVENT = {
  resource: '/logs',
  path: '/logs',
  httpMethod: 'GET',
  headers: { Host: 'abc123.execute-api.us-east-1.amazonaws.com', 'X-Forwarded-Proto': 'https' },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: null,
  body: null,
  isBase64Encoded: false,
  requestContext: {
    requestId: 'c0ffee',
    domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
    path: '/dev/logs',
    stage: 'dev',
  },
};

/** Calls a function as Lambda does. */
export function invoke(handler: LambdaHandler, event: object): Promise<APIGatewayProxyResult> {
  return handler(event, { functionName: 'under-test', awsRequestId: 'request' } as Context);
}
