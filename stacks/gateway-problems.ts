import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { problemBody } from './problem-body.ts';

/** Seconds after which a shipper may try again. */
const RETRY_SOON = '1';
/** A spent quota returns at midnight UTC: asking every ten minutes is enough. */
const RETRY_LATER = '600';

/**
 * What the gateway answers by itself, as RFC 9457 problems like the handlers' own.
 * Whatever keeps a good entry from being stored is 503 with Retry-After: Fluentd drops its buffer on
 * 429 and 500 by default, and a request that was refused here is always safe to send again.
 */
export function addGatewayProblems(api: RestApi): void {
  for (const { type, statusCode, headers, body } of GATEWAY_PROBLEMS) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode,
      responseHeaders: { ...headers, 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': body },
    });
  }
}

type GatewayProblem = {
  type: ResponseType;
  /** Replaces the status that the gateway gives this type. */
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
    // Every path and method has an answer of its own, so this is always an unsigned GET.
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
    // Handlers take any media type: only the answers for unknown paths and methods refuse one.
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
    // A status set here replaces that of every other 5XX.
    type: ResponseType.DEFAULT_5XX,
    ...unavailable('Unavailable', 'Send it again.', RETRY_SOON),
  },
  {
    // And so no status here: a 403 is to stay a 403.
    type: ResponseType.DEFAULT_4XX,
    body: '{"type":"about:blank","title":"Refused","detail":$context.error.messageString}',
  },
];

function unavailable(title: string, detail: string, retryAfter: string): Omit<GatewayProblem, 'type'> {
  return {
    statusCode: '503',
    headers: { 'Retry-After': `'${retryAfter}'` },
    body: problemBody({ status: 503, title, detail }),
  };
}
