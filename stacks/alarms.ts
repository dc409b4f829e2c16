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
import { share, sum } from './metric-math.ts';
import type { FunctionMetrics, LogMetrics } from './metrics.ts';

type AlarmSpec = {
  /** The end of the alarm's name, and its heading in the runbook. */
  name: string;
  metric: IMetric;
  /** The alarm goes off if the metric is at or above this in `breaching` of the last `periods`. */
  threshold: number;
  when: { breaching: number; periods: number };
  meaning: string;
  first: string;
};

// Most alarms wait for several bad periods, because the service often recovers by itself after one.
const MOST_OF_FIVE = { breaching: 3, periods: 5 };
const THREE_RUNNING = { breaching: 3, periods: 3 };
const TWO_OF_THREE = { breaching: 2, periods: 3 };
const AT_ONCE = { breaching: 1, periods: 1 };

/** Adds the alarms of a stage. The description of each says what it means and what to do first. */
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
      meaning: 'Requests to store entries are answered 503. Shippers keep their entries and send them again.',
      first:
        'check whether write-throttles, ingest-throttles or ingest-errors is in alarm too; if none is, read the latest ERROR of the ingest log.',
    },
    {
      name: 'ingest-refused',
      metric: share('refused entries (%)', [ingest.refused], [ingest.stored, ingest.refused], 5),
      threshold: 5,
      when: THREE_RUNNING,
      meaning: 'Many entries are invalid. They are not among the logs.',
      first:
        'read GET /dead-letters, which says what is wrong with each; then find the shipper whose log format changed.',
    },
    {
      name: 'ingest-late',
      metric: overMinutes(5, metrics.ingestLagP99),
      threshold: 5 * 60_000,
      when: THREE_RUNNING,
      meaning: 'Entries arrive more than five minutes after they were written.',
      first:
        'if ingest-failing is in alarm, start there; if not, a shipper is catching up, is replaying a file, or has a wrong clock.',
    },
    {
      name: 'dead-letters',
      metric: overMinutes(60, ingest.deadLetters),
      threshold: 1,
      when: AT_ONCE,
      meaning:
        'Refused entries were kept as dead letters in the past hour. Nothing is lost, and this can wait until the morning.',
      first: 'read GET /dead-letters and tell the owner of the shipper what to correct.',
    },
    ...(metrics.unstored ? [unstoredAlarm(metrics.unstored)] : []),
    ...functionAlarms('ingest', ingestFunction, metrics.unstored && THROWS_FOR_UNSTORED),
    ...functionAlarms('retrieval', retrievalFunction),
    {
      name: 'retrieval-failing',
      metric: failing('GETs not answered (%)', retrieval.unavailable, retrievalFunction),
      threshold: 5,
      when: MOST_OF_FIVE,
      meaning: 'Readers are answered 503 and see no logs. Entries are still being stored.',
      first:
        'check whether read-throttles is in alarm too; if not, read the latest ERROR of the retrieval log.',
    },
    {
      name: 'retrieval-slow',
      metric: overMinutes(5, retrievalFunction.durationP99),
      threshold: 3_000,
      when: THREE_RUNNING,
      meaning: 'One read in a hundred takes more than three seconds.',
      first:
        'look at an X-Ray trace of GET /logs. Many queries mean a wide `contains` search; slow queries mean that DynamoDB is slow.',
    },
    {
      name: 'unreadable-blocks',
      metric: overMinutes(60, retrieval.unreadableBlocks),
      threshold: 1,
      when: AT_ONCE,
      meaning:
        'Readers skipped a damaged block of packed entries in the past hour. Its entries are missing from the answers.',
      first:
        'read the latest ERROR of the retrieval log, which names the block; then restore the table under another name and copy the block from it.',
    },
    {
      name: 'write-throttles',
      // A share, because every new process causes a few throttles until it knows how many shards the load needs.
      // Of the items, because a block of many entries is throttled as one.
      metric: share('throttled writes (%)', table.writeThrottles, [ingest.items, ...table.writeThrottles], 5),
      threshold: 1,
      when: THREE_RUNNING,
      meaning:
        'DynamoDB has throttled at least 1 % of the writes for 15 minutes, and more shards have not helped. Retries hide this until their time runs out.',
      first:
        'on the dashboard, compare write units per second with maxWriteUnits, and those of byDay with 1,000 per shard in use; if both are lower, the table is still growing to the load, or one id is written too often.',
    },
    {
      name: 'read-throttles',
      metric: sum('read throttles', table.readThrottles, 5),
      threshold: 1,
      when: THREE_RUNNING,
      meaning: 'DynamoDB has throttled reads for 15 minutes.',
      first:
        'find the caller that reads most in the access log; if its reads are wanted and read units are near maxReadUnits, raise maxReadUnits.',
    },
    {
      name: 'api-refusals',
      metric: share('answers 4xx (%)', [api.clientErrors], [api.requests], 5),
      threshold: 5,
      when: THREE_RUNNING,
      meaning:
        'At least 5 % of the answers of the API have been 4xx for 15 minutes. A shipper that drops a batch after a 4xx loses it.',
      first:
        'count the access log by `method`, `resource` and `status`: 403 is a wrong or deleted key, 413 a batch that is too large, 415 an unknown encoding, and 404 to many paths is a stranger.',
    },
    {
      name: 'api-errors',
      metric: share('answers 5xx (%)', [api.serverErrors], [api.requests], 1),
      threshold: 1,
      when: MOST_OF_FIVE,
      meaning: 'At least 1 % of the answers of the API are 5xx.',
      first:
        'if another alarm is on, start there; if not, the gateway itself refuses requests, and `refusal` and `integrationError` in the access log say why.',
    },
  ];
}

function unstoredAlarm({ waiting, undelivered }: NonNullable<LogMetrics['unstored']>): AlarmSpec {
  return {
    name: 'ingest-unstored',
    metric: sum('events of CloudWatch Logs that are not stored', [waiting, undelivered], 5),
    threshold: 1,
    when: AT_ONCE,
    meaning:
      'Lines of CloudWatch Logs could not be stored in three invocations. They wait in a queue for 14 days and are not among the logs.',
    first:
      'end what made ingest-failing or ingest-errors ring, then send the events in again with the commands of the runbook.',
  };
}

const THROWS_FOR_UNSTORED =
  'It also throws for lines of CloudWatch Logs that it could not store, so that Lambda repeats the invocation.';

function functionAlarms(name: string, { errors, throttles }: FunctionMetrics, also = ''): AlarmSpec[] {
  return [
    {
      name: `${name}-errors`,
      metric: overMinutes(5, errors),
      threshold: 1,
      when: TWO_OF_THREE,
      meaning:
        `The ${name} function crashed or ran out of time or memory. It handles all other errors itself. ${also}`.trim(),
      first: `read the ${name} log around the time of the alarm; if it began with a deployment, revert that pull request and deploy again.`,
    },
    {
      name: `${name}-throttles`,
      metric: overMinutes(5, throttles),
      threshold: 1,
      when: TWO_OF_THREE,
      meaning: `Lambda throttles the ${name} function: as many instances as allowed are running.`,
      first:
        "compare ConcurrentExecutions with the function's reserved concurrency and the account's limit, and raise the one that is reached.",
    },
  ];
}

/** Percent of requests that the function did not serve: it answered 503, failed, or was not run. */
function failing(label: string, unavailable: Metric, lambda: FunctionMetrics): MathExpression {
  const { errors, throttles, invocations } = lambda;
  return share(label, [unavailable, errors, throttles], [invocations, throttles], 1);
}

function overMinutes(minutes: number, metric: Metric): Metric {
  return metric.with({ period: Duration.minutes(minutes) });
}
