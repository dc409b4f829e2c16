import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { corsHeaders } from '../handlers/http/cors.ts';

/** Seconds until a shipper should try again. */
const RETRY_SOON = '1';
/** A quota is renewed at midnight UTC, so trying every ten minutes is enough. */
const RETRY_LATER = '600';

/**
 * Makes the gateway's own errors RFC 9457 problems, like those of the handlers.
 * If a valid entry may have been refused, the answer is 503 with Retry-After. By default, Fluentd drops its
 * buffer on 429 and 500, and a request that the gateway refused can always be sent again.
 */
export function addGatewayProblems(api: RestApi, corsOrigin: string | undefined): void {
  const cors = Object.fromEntries(
    Object.entries(corsHeaders(corsOrigin)).map(([name, value]) => [name, `'${value}'`]),
  );
  for (const { type, statusCode, headers, body } of GATEWAY_PROBLEMS) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode,
      responseHeaders: { ...cors, ...headers, 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': body },
    });
  }
}

type GatewayProblem = {
  type: ResponseType;
  /** Replaces the gateway's status for this type. */
  statusCode?: string;
  headers?: Record<string, string>;
  body: string;
};

const GATEWAY_PROBLEMS: GatewayProblem[] = [
  {
    type: ResponseType.INVALID_API_KEY,
    body: problemBody({
      status: 403,
      title: 'API key required',
      detail: 'Send a valid key in the x-api-key header.',
    }),
  },
  {
    // Unknown paths and methods have their own answers, so this is always a GET without a signature.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    body: problemBody({
      status: 403,
      title: 'Signature required',
      detail: 'Reading is for AWS identities: sign the request (SigV4, service execute-api).',
    }),
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    body: problemBody({
      status: 413,
      title: 'Content too large',
      detail: 'Send smaller batches or gzip the body: about 4.4 MB fit on the wire.',
    }),
  },
  {
    // The handlers accept any media type. Only the answers to unknown paths and methods refuse one.
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    statusCode: '404',
    body: problemBody({ status: 404, title: 'Not found', detail: 'No such path or method.' }),
  },
  {
    type: ResponseType.THROTTLED,
    ...unavailable('Too many requests', 'Send it again, more slowly.', RETRY_SOON),
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    ...unavailable('Quota used up', "This key's quota for the day is used up.", RETRY_LATER),
  },
  {
    // This status replaces that of every 5XX type that is not listed.
    type: ResponseType.DEFAULT_5XX,
    ...unavailable('Unavailable', 'Send it again.', RETRY_SOON),
  },
  {
    // No status here, because it would replace that of every other 4XX: a 403 stays a 403.
    type: ResponseType.DEFAULT_4XX,
    body: '{"type":"about:blank","title":"Refused","detail":$context.error.messageString}',
  },
];

/** A problem as the text of a gateway template. It must not contain `$` or `#`, which are template code. */
export function problemBody(problem: { status: number; title: string; detail: string }): string {
  return JSON.stringify({ type: 'about:blank', ...problem });
}

function unavailable(title: string, detail: string, retryAfter: string): Omit<GatewayProblem, 'type'> {
  return {
    statusCode: '503',
    headers: { 'Retry-After': `'${retryAfter}'` },
    body: problemBody({ status: 503, title, detail }),
  };
}
