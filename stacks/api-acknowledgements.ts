import { Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';

/** Acknowledges the cdk-nag rules that the API breaks on purpose, each with its reason. */
export function acknowledgeApiRules(api: RestApi): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'The functions validate each entry with zod. A body may be gzip or NDJSON, which a gateway model cannot read.',
    },
    {
      id: 'AwsSolutions-APIG3',
      reason:
        'Only requests with an API key or a SigV4 signature reach a function, and all are throttled: the answers that anybody can get from the gateway to about one per second. Add a web ACL (from $6 per month) if the API is opened further.',
    },
    {
      id: 'AwsSolutions-APIG6',
      reason:
        "The access log has each request's status, refusal and integration error. Execution logs would go to a log group without encryption or expiry.",
    },
    {
      id: 'AwsSolutions-COG4',
      reason: 'Readers are IAM identities and shippers have API keys, so there are no users for a user pool.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'AWS provides this policy for the role with which API Gateway writes the access logs of an account.',
    },
  );

  for (const method of api.methods) {
    const reason = UNAUTHORIZED_METHODS[method.httpMethod];
    if (reason) Validations.of(method).acknowledge({ id: 'AwsSolutions-APIG4', reason });
  }
}

const UNAUTHORIZED_METHODS: Record<string, string> = {
  POST: 'Shippers (syslog-ng, rsyslog, winston, pino) cannot sign requests. They need an API key under a usage plan.',
  OPTIONS: 'A mock for browsers, which cannot add a key to a preflight. It calls no backend.',
  ANY: 'A mock that answers 404 or 405 and calls no backend.',
};
