import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { corsHeaders } from '../handlers/http/cors.ts';
import { HttpProblem, toProblemResponse } from '../handlers/http/http-problem.ts';

/** Seconds until a shipper should try again. */
const RETRY_SOON = 1;
/** A quota is renewed at midnight UTC, so trying every ten minutes is enough. */
const RETRY_LATER = 600;

/**
 * Makes the gateway's own errors RFC 9457 problems, like those of the handlers.
 * If a valid entry may have been refused, the answer is 503 with Retry-After. By default, Fluentd drops its
 * buffer on 429 and 500, and a request that the gateway refused can always be sent again.
 */
export function addGatewayProblems(api: RestApi, corsOrigin: string | undefined): void {
  const quoted = (headers: Record<string, string>) =>
    Object.fromEntries(
      Object.entries({ ...corsHeaders(corsOrigin), ...headers }).map(([name, value]) => [name, `'${value}'`]),
    );
  for (const [type, problem] of GATEWAY_PROBLEMS) {
    const { status, headers, body } = toProblemResponse(problem);
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: STATUSES_OF_GATEWAY.includes(status) ? undefined : String(status),
      responseHeaders: quoted(headers),
      templates: { 'application/json': body },
    });
  }
  // Without a status, because it would replace that of every other 4XX: a 403 remains a 403.
  api.addGatewayResponse(ResponseType.DEFAULT_4XX.responseType, {
    type: ResponseType.DEFAULT_4XX,
    responseHeaders: quoted({ 'Content-Type': 'application/problem+json' }),
    templates: {
      'application/json': '{"type":"about:blank","title":"Refused","detail":$context.error.messageString}',
    },
  });
}

/** What the gateway answers by itself to problems of these types. Any other status replaces its own. */
const STATUSES_OF_GATEWAY = [403, 413];

const GATEWAY_PROBLEMS: [ResponseType, HttpProblem][] = [
  [
    ResponseType.INVALID_API_KEY,
    gatewayProblem(403, 'API key required', 'Send a valid key in the x-api-key header.'),
  ],
  [
    // Unknown paths and methods have their own answers, so this is always a GET without a signature.
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    gatewayProblem(
      403,
      'Signature required',
      'Reading is for AWS identities: sign the request (SigV4, service execute-api).',
    ),
  ],
  [
    ResponseType.REQUEST_TOO_LARGE,
    gatewayProblem(
      413,
      'Content too large',
      'Send smaller batches or gzip the body: about 4.4 MB fit on the wire.',
    ),
  ],
  [
    // The handlers accept any media type. Only the answers to unknown paths and methods refuse one.
    ResponseType.UNSUPPORTED_MEDIA_TYPE,
    gatewayProblem(404, 'Not found', 'No such path or method.'),
  ],
  [ResponseType.THROTTLED, unavailable('Too many requests', 'Send it again, more slowly.', RETRY_SOON)],
  [
    ResponseType.QUOTA_EXCEEDED,
    unavailable('Quota used up', "This key's quota for the day is used up.", RETRY_LATER),
  ],
  // Every 5XX type that is not listed.
  [ResponseType.DEFAULT_5XX, unavailable('Unavailable', 'Send it again.', RETRY_SOON)],
];

function unavailable(title: string, detail: string, retryAfter: number): HttpProblem {
  return gatewayProblem(503, title, detail, { 'Retry-After': String(retryAfter) });
}

/** A problem with a title of its own. Its text must not contain `$` or `#`, which are code in gateway templates. */
export function gatewayProblem(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): HttpProblem {
  return new HttpProblem(status, detail, { extension: { title }, headers });
}
