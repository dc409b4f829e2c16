import { parse } from '@aws-lambda-powertools/parser';
import * as z from 'zod';
import { HttpProblem } from './http-problem.ts';

const strings = z.record(z.string(), z.string().optional()).nullish();
const stringLists = z.record(z.string(), z.array(z.string()).optional()).nullish();

/** The part of an API Gateway REST proxy event that the functions read. */
const gatewayEventSchema = z.object({
  httpMethod: z.string(),
  path: z.string(),
  resource: z.string().optional(),
  pathParameters: strings,
  headers: strings,
  multiValueHeaders: stringLists,
  queryStringParameters: strings,
  multiValueQueryStringParameters: stringLists,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z
    .object({
      requestId: z.string().optional(),
      domainName: z.string().optional(),
      path: z.string().optional(),
      identity: z.object({ apiKeyId: z.string().nullish() }).nullish(),
    })
    .default({}),
});

/** A request as the functions see it. Header names are lower case. */
export interface GatewayRequest {
  method: string;
  /** The route's resource, such as `/logs/{id}`. */
  resource: string;
  pathParameters: Record<string, string | undefined>;
  headers: Record<string, string>;
  query: URLSearchParams;
  body: string;
  isBase64Encoded: boolean;
  requestId: string;
  /** The id of the API key that was sent. It is no secret, other than the key. */
  apiKeyId?: string;
  /** The absolute URL without its query, as the client used it: with the stage, or under a custom domain. */
  url: string;
}

/** Reads an event. @throws HttpProblem 400 if it is not an API Gateway proxy event, or its host is none */
export function toGatewayRequest(event: unknown): GatewayRequest {
  const parsed = parse(event, undefined, gatewayEventSchema, true);
  if (!parsed.success) throw new HttpProblem(400, 'Not an API Gateway proxy event', { cause: parsed.error });
  const { data } = parsed;
  const headers = toHeaders(data);
  return {
    method: data.httpMethod,
    resource: data.resource ?? data.path,
    pathParameters: data.pathParameters ?? {},
    headers,
    query: toQuery(data),
    body: data.body ?? '',
    isBase64Encoded: data.isBase64Encoded,
    requestId: data.requestContext.requestId ?? '',
    apiKeyId: data.requestContext.identity?.apiKeyId ?? undefined,
    url: urlOf(data, headers),
  };
}

type GatewayEvent = z.infer<typeof gatewayEventSchema>;

/** A host name or an address, with or without a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** Links are built from it, so its parts are checked: a Host header is whatever a client writes. */
function urlOf({ requestContext, path }: GatewayEvent, headers: Record<string, string>): string {
  const host = requestContext.domainName ?? headers.host ?? 'localhost';
  const protocol = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  if (!HOST.test(host) || !URL.canParse(`${protocol}://${host}`))
    throw new HttpProblem(400, 'The Host header does not name a host');
  const url = new URL(`${protocol}://${host}`);
  url.pathname = requestContext.path ?? path;
  return url.origin + url.pathname;
}

function toHeaders({ headers, multiValueHeaders }: GatewayEvent): Record<string, string> {
  const joined = Object.entries(multiValueHeaders ?? {}).map(([name, values]) => [name, values?.join(', ')]);
  const all = [...Object.entries(headers ?? {}), ...joined];
  return Object.fromEntries(all.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}

function toQuery({ queryStringParameters, multiValueQueryStringParameters }: GatewayEvent): URLSearchParams {
  const query = new URLSearchParams();
  const lists = multiValueQueryStringParameters ?? {};
  for (const [name, values] of Object.entries(lists)) {
    for (const value of values ?? []) query.append(name, value);
  }
  for (const [name, value] of Object.entries(queryStringParameters ?? {})) {
    if (!(name in lists)) query.append(name, value ?? '');
  }
  return query;
}
