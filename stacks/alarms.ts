import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type FunctionMetrics, type LogMetrics, share, sum } from './metrics.ts';

type AlarmSpec = {
  /** Last words of the alarm's name, and its heading in the runbook. */
  name: string;
  metric: IMetric;
  /** In alarm when the metric is this or more ... */
  threshold: number;
  /** ... in `breaching` of the latest `periods`. */
  when: { breaching: number; periods: number };
  meaning: string;
  first: string;
};

/** How many of the latest periods must be bad: one bad minute passes by itself. */
const MOST_OF_FIVE = { breaching: 3, periods: 5 };
const THREE_RUNNING = { breaching: 3, periods: 3 };
const TWO_OF_THREE = { breaching: 2, periods: 3 };
const AT_ONCE = { breaching: 1, periods: 1 };

/** The alarms of a stage. Whoever is woken by one reads what it means and what to do first. */
export function addAlarms(scope: Construct, stage: string, metrics: LogMetrics, topic: ITopic): Alarm[] {
  return alarmSpecs(metrics).map((spec) => {
    const alarm = new Alarm(scope, spec.name, {
      alarmName: `${stage}-log-${spec.name}`,
      alarmDescription: `${spec.meaning} First: ${spec.first} Runbook: docs/deploy.md#${spec.name}`,
      metric: spec.metric,
      threshold: spec.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: spec.when.breaching,
      evaluationPeriods: spec.when.periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  });
}

function alarmSpecs(metrics: LogMetrics): AlarmSpec[] {
  const { ingest, retrieval, ingestFunction, retrievalFunction, api, table } = metrics;
  return [
    {
      name: 'ingest-failing',
      metric: failing('POSTs not stored (%)', ingest.unavailable, ingestFunction),
      threshold: 1,
      when: MOST_OF_FIVE,
      meaning: 'Requests to store entries end in 503: shippers hold their entries back and send them again.',
      first:
        "look which of write-throttles, ingest-throttles and ingest-errors is in alarm too, else at the ingest log's latest ERROR.",
    },
    {
      name: 'ingest-refused',
      metric: share('refused entries (%)', [ingest.refused], [ingest.stored, ingest.refused], 5),
      threshold: 5,
      when: THREE_RUNNING,
      meaning: 'Many entries break the contract and cannot be found among the logs.',
      first: 'GET /dead-letters names the fault of each; then find whose deployment changed its log format.',
    },
    {
      name: 'ingest-late',
      metric: overMinutes(5, metrics.ingestLagP99),
      threshold: 5 * 60_000,
      when: THREE_RUNNING,
      meaning: 'Entries arrive more than five minutes after they were written.',
      first:
        'if ingest-failing is in alarm, start there; else a shipper is catching up, replays a file, or its clock is wrong.',
    },
    {
      name: 'dead-letters',
      metric: overMinutes(60, ingest.deadLetters),
      threshold: 1,
      when: AT_ONCE,
      meaning:
        'Refused entries were kept as dead letters in the past hour. Nothing is lost; it can wait for the morning.',
      first: 'read GET /dead-letters and tell the owner of the shipper what to mend.',
    },
    ...functionAlarms('ingest', ingestFunction),
    ...functionAlarms('retrieval', retrievalFunction),
    {
      name: 'retrieval-failing',
      metric: failing('GETs not answered (%)', retrieval.unavailable, retrievalFunction),
      threshold: 5,
      when: MOST_OF_FIVE,
      meaning: 'Readers get 503 and see no logs. Entries are still being stored.',
      first: "look whether read-throttles is in alarm, else at the retrieval log's latest ERROR.",
    },
    {
      name: 'retrieval-slow',
      metric: overMinutes(5, retrievalFunction.durationP99),
      threshold: 3_000,
      when: THREE_RUNNING,
      meaning: 'One read in a hundred takes over three seconds.',
      first:
        'look at an X-Ray trace of GET /logs: many queries mean a wide `contains` search, slow ones mean DynamoDB.',
    },
    {
      name: 'write-throttles',
      metric: sum('write throttles', table.writeThrottles, 5),
      threshold: 1,
      when: THREE_RUNNING,
      meaning:
        'DynamoDB has turned writes away for a quarter of an hour; retries hide it until they run out of time.',
      first:
        'on the dashboard compare write units with the ceiling (maxWriteUnits); below it, one index partition is hot: raise SHARDS.',
    },
    {
      name: 'read-throttles',
      metric: sum('read throttles', table.readThrottles, 5),
      threshold: 1,
      when: THREE_RUNNING,
      meaning: 'DynamoDB has turned reads away for a quarter of an hour.',
      first: 'find the caller in the access log that reads most; raise maxReadUnits if its reads are wanted.',
    },
    {
      name: 'api-errors',
      metric: share('answers 5xx (%)', [api.serverErrors], [api.requests], 1),
      threshold: 1,
      when: MOST_OF_FIVE,
      meaning: 'The API answers 5xx.',
      first:
        'if another alarm is on, start there; else the gateway itself refuses: `refusal` and `integrationError` in the access log say why.',
    },
  ];
}

function functionAlarms(name: string, { errors, throttles }: FunctionMetrics): AlarmSpec[] {
  return [
    {
      name: `${name}-errors`,
      metric: overMinutes(5, errors),
      threshold: 1,
      when: TWO_OF_THREE,
      meaning: `The ${name} function crashed or ran out of time or memory; it answers every error it knows of itself.`,
      first: `read the ${name} log around the alarm; if it began with a deployment, revert that pull request and deploy again.`,
    },
    {
      name: `${name}-throttles`,
      metric: overMinutes(5, throttles),
      threshold: 1,
      when: TWO_OF_THREE,
      meaning: `Lambda turns invocations of the ${name} function away.`,
      first:
        "compare ConcurrentExecutions with the function's reserved and the account's concurrency, and raise what is reached.",
    },
  ];
}

/** Percent of requests that the function did not serve: it said 503, it failed, or it never ran. */
function failing(label: string, unavailable: Metric, lambda: FunctionMetrics): MathExpression {
  const { errors, throttles, invocations } = lambda;
  return share(label, [unavailable, errors, throttles], [invocations, throttles], 1);
}

function overMinutes(minutes: number, metric: Metric): Metric {
  return metric.with({ period: Duration.minutes(minutes) });
}
