import { gzipSync } from 'node:zlib';
import { parse } from '@aws-lambda-powertools/parser';
import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { OTHER_SHIPPERS, SHIPPER_VARIABLE } from '../metric-names.ts';
import { HttpProblem } from './http-problem.ts';

const strings = uncopied(z.record(z.string(), z.string().optional()).nullish());
const stringLists = uncopied(z.record(z.string(), z.array(z.string()).optional()).nullish());

/** A schema whose output is its input: zod's records leave out the key `__proto__`, which a query may have as a name. */
function uncopied<Schema extends z.ZodType>(schema: Schema) {
  return z.custom<z.infer<Schema>>((value) => schema.safeParse(value).success).optional();
}

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
  stageVariables: strings,
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
  /** The id of the API key that was sent. Unlike the key, it is not a secret. */
  sender?: string;
  /** The name of the shipper with this key, or OTHER_SHIPPERS. Absent where the stage names no shippers. */
  shipper?: string;
  /** The absolute URL without its query, as the client used it: with the stage, or under a custom domain. */
  url: string;
}

/** Reads an event. @throws HttpProblem 400 if it is not an API Gateway proxy event, or has no valid host */
export function toGatewayRequest(event: unknown): GatewayRequest {
  const parsed = parse(event, undefined, gatewayEventSchema, true);
  if (!parsed.success) throw new HttpProblem(400, 'Not an API Gateway proxy event', { cause: parsed.error });
  const { data } = parsed;
  const headers = toHeaders(data);
  const sender = data.requestContext.identity?.apiKeyId ?? undefined;
  return {
    method: data.httpMethod,
    resource: data.resource ?? data.path,
    pathParameters: data.pathParameters ?? {},
    headers,
    query: toQuery(data),
    body: data.body ?? '',
    isBase64Encoded: data.isBase64Encoded,
    requestId: data.requestContext.requestId ?? '',
    sender,
    shipper: shipperOf(data, sender),
    url: urlOf(data, headers),
  };
}

type GatewayEvent = z.infer<typeof gatewayEventSchema>;

/** The gateway sets the variables of its stage (stacks/api-stack.ts), so no client can make up a name. */
function shipperOf({ stageVariables }: GatewayEvent, sender: string | undefined): string | undefined {
  const variables = Object.entries(stageVariables ?? {});
  const keys = variables.filter(([name]) => name.startsWith(SHIPPER_VARIABLE)).map(([, value]) => value);
  if (keys.length === 0) return undefined;
  const start = `${sender}=`;
  return keys.find((key) => key?.startsWith(start))?.slice(start.length) ?? OTHER_SHIPPERS;
}

/** A host name or an address, with or without a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** Links are built from this URL. A client can write anything into the Host header, so it is checked. */
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
    if (!Object.hasOwn(lists, name)) query.append(name, value ?? '');
  }
  return query;
}

/** A response before toGatewayResult. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Gzip saves next to nothing on a shorter body. */
const GZIP_FROM_BYTES = 1_024;

const SECURITY_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };

/** Converts a response to API Gateway's format, with gzip if the client accepts it and it makes the body shorter. */
export function toGatewayResult(
  { status, headers, body }: HttpResponse,
  acceptEncoding = '',
): APIGatewayProxyResult {
  const common = { ...SECURITY_HEADERS, ...headers };
  if (typeof body !== 'string')
    return { statusCode: status, headers: common, body: body.toString('base64'), isBase64Encoded: true };
  if (body.length >= GZIP_FROM_BYTES && acceptsGzip(acceptEncoding)) {
    const zipped = gzipSync(body).toString('base64');
    // Text that does not compress would grow by a third in base64, and Lambda limits the size of a response.
    if (zipped.length < body.length)
      return {
        statusCode: status,
        headers: { ...common, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
        body: zipped,
        isBase64Encoded: true,
      };
  }
  return { statusCode: status, headers: common, body, isBase64Encoded: false };
}

/** RFC 9110 section 12.5.3: a coding with `q=0` is not acceptable, and `*` means all codings that are not named. */
function acceptsGzip(acceptEncoding: string): boolean {
  const weights = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((coding) => {
        const [name, weight = 'q=1'] = coding.split(';').map((part) => part.trim());
        return [name, Number(weight.replace('q=', ''))];
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
