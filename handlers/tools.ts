import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { METRIC_NAMESPACE } from './metric-names.ts';

export interface Tools {
  logger: Logger;
  metrics: Metrics;
  tracer: Tracer;
  client: DynamoDBClient;
}

/** A request to DynamoDB that has not answered by then has met a broken connection: the slowest take a few 100 ms. */
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * Makes the tools of one function, once for each execution environment.
 * @param maxAttempts how often the SDK itself sends a request
 */
export function createTools(serviceName: string, { maxAttempts }: { maxAttempts: number }): Tools {
  const tracer = new Tracer({ serviceName, captureHTTPsRequests: false });
  const client = new DynamoDBClient({
    maxAttempts,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  return {
    logger: new Logger({ serviceName }),
    metrics: new Metrics({ namespace: METRIC_NAMESPACE, serviceName }),
    tracer,
    client: tracer.captureAWSv3Client(client),
  };
}
