import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { LogMetrics } from './metrics.ts';
import { silenceTextOf, textOf } from './watch-text.ts';
import { type ContentWatch, isContentWatch, type SilenceWatch } from './watches.ts';

/** Adds the alarm of each watch. */
export function addWatchAlarms(
  scope: Construct,
  stage: string,
  watches: LogMetrics['watches'],
  topic: ITopic,
): AlarmBase[] {
  return watches.map(({ watch, metric }) => {
    const alarmName = `${stage}-log-watch-${watch.name}`;
    const alarm = isContentWatch(watch)
      ? addContentAlarm(scope, watch, alarmName, metric)
      : addSilenceAlarm(scope, watch, alarmName, metric);
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  });
}

/** The function publishes a metric only for requests that had entries for it, so no data is no entry. */
function addContentAlarm(scope: Construct, watch: ContentWatch, alarmName: string, metric: Metric): Alarm {
  return new Alarm(scope, `Watch-${watch.name}`, {
    alarmName,
    alarmDescription: textOf(watch),
    metric: metric.with({ period: Duration.minutes(watch.minutes) }),
    threshold: watch.atLeast,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/**
 * An alarm looks either at minutes or at a day, so there are two, which call nobody, and one of both: silent for
 * minutes, and not for a day. A shipper without a request has no data, so here missing data is what is looked for.
 * Minutes are single periods, because CloudWatch looks a few periods further back before it calls data missing.
 */
function addSilenceAlarm(
  scope: Construct,
  watch: SilenceWatch,
  alarmName: string,
  metric: Metric,
): CompositeAlarm {
  const silentFor = (name: string, period: Duration, periods: number) =>
    new Alarm(scope, `Watch-${watch.name}-${name}`, {
      alarmName: `${alarmName}-${name}`,
      alarmDescription: `A part of ${alarmName}. By itself it calls nobody.`,
      metric: metric.with({ period }),
      threshold: 1,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  const minutes = silentFor('minutes', Duration.minutes(1), watch.silentMinutes);
  const day = silentFor('day', Duration.hours(1), 24);
  return new CompositeAlarm(scope, `Watch-${watch.name}`, {
    compositeAlarmName: alarmName,
    alarmDescription: silenceTextOf(watch),
    alarmRule: AlarmRule.allOf(
      AlarmRule.fromAlarm(minutes, AlarmState.ALARM),
      AlarmRule.fromAlarm(day, AlarmState.OK),
    ),
  });
}
