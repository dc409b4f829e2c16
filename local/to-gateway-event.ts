import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { MatchedRoute } from './match-route.ts';

/** The event that API Gateway's REST proxy integration makes of a request, as far as the functions read it. */
export function toGatewayEvent(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  matched: MatchedRoute,
): object {
  const requestId = randomUUID();
  const headers = { ...request.headersDistinct, 'x-forwarded-proto': ['http'] };
  const queryNames = [...new Set(url.searchParams.keys())];
  return {
    resource: matched.route.resource,
    path: url.pathname,
    httpMethod: matched.route.method,
    headers: mapValues(headers, (values) => values?.at(-1)),
    multiValueHeaders: headers,
    queryStringParameters: toObject(queryNames, (name) => url.searchParams.getAll(name).at(-1)),
    multiValueQueryStringParameters: toObject(queryNames, (name) => url.searchParams.getAll(name)),
    pathParameters: matched.pathParameters,
    stageVariables: null,
    requestContext: {
      requestId,
      domainName: url.host,
      path: url.pathname,
      resourcePath: matched.route.resource,
      httpMethod: matched.route.method,
      stage: 'local',
      identity: { sourceIp: request.socket.remoteAddress },
    },
    // The API takes every media type as binary, so that gzip arrives whole.
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: true,
  };
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function toObject<Value>(names: string[], read: (name: string) => Value): Record<string, Value> | null {
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, read(name)]));
}
