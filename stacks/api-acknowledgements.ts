import { Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';

/** cdk-nag rules that the API goes against knowingly, each with its reason. */
export function acknowledgeApiRules(api: RestApi): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'The functions validate with zod and say what is wrong with each entry; a body may be gzip or NDJSON, which a gateway model cannot read.',
    },
    {
      id: 'AwsSolutions-APIG3',
      reason:
        'Every request carries an API key or a SigV4 signature and is throttled by both; a web ACL (from $6 a month) is for whoever opens the API further.',
    },
    {
      id: 'AwsSolutions-APIG6',
      reason:
        "The access log holds each request's status, refusal and integration error; execution logs go to a group that nobody encrypts or expires.",
    },
    {
      id: 'AwsSolutions-COG4',
      reason: 'Readers are IAM identities and shippers hold API keys: there are no users to pool.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        "The policy AWS makes for the one role through which API Gateway writes an account's access logs.",
    },
  );

  for (const method of api.methods) {
    const reason = UNAUTHORIZED_METHODS[method.httpMethod];
    if (reason) Validations.of(method).acknowledge({ id: 'AwsSolutions-APIG4', reason });
  }
}

const UNAUTHORIZED_METHODS: Record<string, string> = {
  POST: 'Shippers (syslog-ng, rsyslog, winston, pino) cannot sign: an API key under a usage plan lets them in.',
  ANY: 'A mock that says 404 or 405 and reaches nothing.',
};
