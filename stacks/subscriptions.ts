import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Names } from './names.ts';

/** The longest that SQS keeps a message, so that somebody can send it in again. */
const KEPT = Duration.days(14);

/** How often Lambda repeats an invocation that throws, and how long it holds one back while it throttles: its most. */
const RETRIES = 2;
const MAX_AGE = Duration.hours(6);

/**
 * Subscribes a function to log groups of CloudWatch Logs. An event that it could not store in three invocations waits
 * in a queue.
 */
export function subscribe(lambda: LambdaFunction, logGroupNames: string[], names: Names): void {
  const stack = Stack.of(lambda);
  const queue = new Queue(stack, 'Unstored', {
    queueName: names.unstoredQueue,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: KEPT,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'Nothing reads this queue by itself: it is where events end that could not be stored.',
  });
  lambda.configureAsyncInvoke({
    retryAttempts: RETRIES,
    maxEventAge: MAX_AGE,
    onFailure: new SqsDestination(queue),
  });

  // One for all log groups of the account, because Lambda limits the policy of a function to 20 KB.
  lambda.addPermission('Subscriptions', {
    principal: new ServicePrincipal('logs.amazonaws.com'),
    sourceAccount: stack.account,
    sourceArn: stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  });
  for (const logGroupName of logGroupNames) {
    const filter = new CfnSubscriptionFilter(stack, `Subscription ${logGroupName}`, {
      filterName: names.ingestFunction,
      logGroupName,
      filterPattern: '',
      destinationArn: lambda.functionArn,
    });
    // CloudWatch Logs tries the permission when it makes the filter. An event that comes before the queue would be lost.
    const first = ['Subscriptions', 'EventInvokeConfig'].map((id) => lambda.node.findChild(id));
    filter.node.addDependency(...first);
  }
}
