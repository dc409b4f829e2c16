import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Tools } from '../powertools.ts';
import { type GatewayRequest, toGatewayRequest } from './gateway-request.ts';
import { HttpProblem, toProblemResponse } from './http-problem.ts';
import { type Response, toGatewayResult } from './http-response.ts';

export type LambdaHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyResult>;

interface HandlerOptions {
  /** The problem that an error which is none is answered as. */
  onUnexpected: (error: unknown) => HttpProblem;
  /** The answer to a problem with a request. Default: as RFC 9457 writes it. */
  toErrorResponse?: (problem: HttpProblem, request: GatewayRequest) => Response;
  /** The metric that counts answers of 503. */
  unavailableMetric: string;
}

/**
 * Makes a Lambda handler of what a function answers. Here alone requests are traced and logged, metrics leave
 * the process, and errors become HTTP. Neither bodies nor details of 4xx are logged: they quote what was sent.
 */
export function lambdaHandler(
  { logger, metrics, tracer }: Tools,
  respond: (request: GatewayRequest) => Promise<Response>,
  { onUnexpected, toErrorResponse = toProblemResponse, unavailableMetric }: HandlerOptions,
): LambdaHandler {
  async function answer(event: unknown): Promise<APIGatewayProxyResult> {
    let request: GatewayRequest | undefined;
    try {
      request = toGatewayRequest(event);
      logger.setCorrelationId(request.requestId);
      return toGatewayResult(await respond(request), request.headers['accept-encoding']);
    } catch (error) {
      const problem = error instanceof HttpProblem ? error : onUnexpected(error);
      report(problem);
      const response = request ? toErrorResponse(problem, request) : toProblemResponse(problem);
      return toGatewayResult(response, request?.headers['accept-encoding']);
    }
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
    if (!tracer.isTracingEnabled()) return answer(event);
    return tracer.provider.captureAsyncFunc(`## ${process.env._HANDLER}`, async (segment) => {
      tracer.annotateColdStart();
      tracer.addServiceNameAnnotation();
      try {
        return await answer(event);
      } finally {
        segment?.close();
      }
    }) as Promise<APIGatewayProxyResult>;
  }

  return async (event, context) => {
    logger.addContext(context);
    metrics.captureColdStartMetric(context.functionName);
    const result = await traced(event);
    metrics.addMetric(unavailableMetric, MetricUnit.Count, result.statusCode === 503 ? 1 : 0);
    metrics.publishStoredMetrics();
    return result;
  };
}
