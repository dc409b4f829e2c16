import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { METRIC_NAMESPACE } from './metric-names.ts';

export interface Powertools {
  logger: Logger;
  metrics: Metrics;
  tracer: Tracer;
}

/**
 * Makes the logger, the metrics and the tracer of one function, once per execution environment.
 * @param defaultService the name of the function where POWERTOOLS_SERVICE_NAME is not set
 */
export function createPowertools(defaultService: string): Powertools {
  const serviceName = process.env.POWERTOOLS_SERVICE_NAME ?? defaultService;
  return {
    logger: new Logger({ serviceName }),
    metrics: new Metrics({ namespace: METRIC_NAMESPACE, serviceName }),
    tracer: new Tracer({ serviceName, captureHTTPsRequests: false }),
  };
}

/** A DynamoDB client whose requests appear in the trace of the request that caused them. */
export function createTracedClient(tracer: Tracer, config: DynamoDBClientConfig): DynamoDBClient {
  return tracer.captureAWSv3Client(new DynamoDBClient(config));
}
