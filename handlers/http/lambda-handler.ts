import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { type GatewayRequest, type HttpResponse, toGatewayRequest, toGatewayResult } from './gateway.ts';
import { HttpProblem, toProblemResponse } from './http-problem.ts';

export type LambdaHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyResult>;

/** What a function logs, counts and traces with. */
export interface Powertools {
  logger: Logger;
  metrics: Metrics;
  tracer: Tracer;
}

/** What serves one route. */
export interface Endpoint {
  respond(request: GatewayRequest): Promise<HttpResponse>;
  /** Writes a problem in the format of the route's protocol. Default: RFC 9457. */
  toProblemResponse?(problem: HttpProblem, request: GatewayRequest): HttpResponse;
}

/** Events that do not come from API Gateway. Nobody reads the result of one, and Lambda repeats one that throws. */
export interface EventSource {
  /** The member that only these events have. */
  member: string;
  /** The event of API Gateway that stands for one. */
  toGatewayEvent(event: object): object;
}

interface HandlerOptions {
  /** Throws if no request can be answered. */
  require?: () => Promise<void>;
  /** The problem to answer when something threw an error that is not an HttpProblem. */
  toProblem: (error: unknown) => HttpProblem;
  /** The metric that counts responses with status 503. */
  unavailableMetric: string;
  otherEvents?: EventSource;
  /** Headers of every response. */
  headers?: Record<string, string>;
}

/**
 * Makes a Lambda handler that serves endpoints by the name of their route, such as `POST /logs`.
 * Tracing, logging of requests, publishing of metrics and turning errors into HTTP happen only here.
 * Bodies and the details of 4xx are never logged, because they quote what was sent.
 */
export function lambdaHandler(
  { logger, metrics, tracer }: Powertools,
  endpoints: Partial<Record<string, Endpoint>>,
  { require = async () => {}, toProblem, unavailableMetric, otherEvents, headers = {} }: HandlerOptions,
): LambdaHandler {
  async function respond(event: unknown): Promise<APIGatewayProxyResult> {
    let request: GatewayRequest | undefined;
    let endpoint: Endpoint | undefined;
    let response: HttpResponse;
    try {
      request = toGatewayRequest(event);
      logger.setCorrelationId(request.requestId);
      // RFC 9110 section 9.3.2: HEAD is GET without the content of the response.
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      endpoint = endpoints[`${method} ${request.resource}`];
      if (!endpoint) throw new HttpProblem(404, `There is nothing at ${request.resource}`);
      await require();
      response = await endpoint.respond(request);
    } catch (error) {
      const problem = error instanceof HttpProblem ? error : toProblem(error);
      report(problem);
      response = (request && endpoint?.toProblemResponse?.(problem, request)) ?? toProblemResponse(problem);
    }
    response = { ...response, headers: { ...headers, ...response.headers } };
    const result = toGatewayResult(response, request && acceptedEncodings(request));
    return request?.method === 'HEAD' ? { ...result, body: '', isBase64Encoded: false } : result;
  }

  function report(problem: HttpProblem): void {
    tracer.putAnnotation('status', problem.status);
    if (problem.status < 500) {
      logger.warn('Request refused', { status: problem.status });
      return;
    }
    logger.error('Request failed', { status: problem.status, error: problem });
    tracer.addErrorAsMetadata(problem);
  }

  async function traced(event: unknown): Promise<APIGatewayProxyResult> {
    if (!tracer.isTracingEnabled()) return respond(event);
    return tracer.provider.captureAsyncFunc(`## ${process.env._HANDLER}`, async (segment) => {
      tracer.annotateColdStart();
      tracer.addServiceNameAnnotation();
      try {
        return await respond(event);
      } finally {
        segment?.close();
      }
    }) as Promise<APIGatewayProxyResult>;
  }

  return async (event, context) => {
    logger.addContext(context);
    metrics.captureColdStartMetric(context.functionName);
    const other = otherEvents && Object(event)[otherEvents.member] !== undefined ? otherEvents : undefined;
    const result = await traced(other ? other.toGatewayEvent(Object(event)) : event);
    metrics.addMetric(unavailableMetric, MetricUnit.Count, result.statusCode === 503 ? 1 : 0);
    metrics.publishStoredMetrics();
    if (other && result.statusCode !== 200)
      throw new Error('The event was not stored: see the error logged before');
    return result;
  };
}

/**
 * API Gateway looks at the Accept header to decide whether a response is binary. Without this header, AWS does not
 * promise to decode the base64 of a gzip body, so such a client gets plain text.
 */
function acceptedEncodings({ headers }: GatewayRequest): string | undefined {
  return headers.accept === undefined ? undefined : headers['accept-encoding'];
}
