import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { addAlarms } from './alarms.ts';
import { addDashboard } from './dashboard.ts';
import { metricsOf } from './metrics.ts';
import { namesOf } from './names.ts';
import type { LogStackProps, StageSettings } from './stage-settings.ts';
import { addWatchAlarms } from './watch-alarms.ts';

/** The alarms and the dashboard for the people on call. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: LogStackProps) {
    super(scope, id, props);
    const { stage, shards } = props.settings;
    const names = namesOf(stage);
    const metrics = metricsOf(props.settings, names);

    const topic = addAlarmTopic(this, props.settings);
    const alarms = [
      ...addAlarms(this, stage, metrics, topic),
      ...addWatchAlarms(this, stage, metrics.watches, topic),
    ];
    addDashboard(this, { dashboardName: names.dashboard, metrics, alarms, shardCeiling: shards });
  }
}

function addAlarmTopic(stack: Stack, settings: StageSettings): Topic {
  const names = namesOf(settings.stage);
  const topic = new Topic(stack, 'AlarmTopic', {
    topicName: names.alarmTopic,
    displayName: `Log service (${settings.stage})`,
    masterKey: Alias.fromAliasName(stack, 'Key', names.encryptionKeyAlias),
    enforceSSL: true,
  });
  // This policy replaces the default one, which would have let the account's alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  if (settings.alarmEmail) topic.addSubscription(new EmailSubscription(settings.alarmEmail));
  return topic;
}
