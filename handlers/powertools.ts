import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
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
 * @param defaultService what it is called where POWERTOOLS_SERVICE_NAME does not say
 * @param clientConfig what this function asks of the SDK's client
 */
export function createTools(defaultService: string, clientConfig: DynamoDBClientConfig): Tools {
  const serviceName = process.env.POWERTOOLS_SERVICE_NAME ?? defaultService;
  const tracer = new Tracer({ serviceName, captureHTTPsRequests: false });
  const client = new DynamoDBClient({
    ...clientConfig,
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
