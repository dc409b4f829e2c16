import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { TABLE } from '../entities/table.ts';
import {
  COLD_START_METRIC,
  INGEST_METRICS,
  METRIC_NAMESPACE,
  OTHER_SHIPPERS,
  RETRIEVAL_METRICS,
  SHIPPER_METRICS,
  watchMetric,
} from '../handlers/metric-names.ts';
import type { Names } from './names.ts';
import type { StageSettings } from './stage-settings.ts';
import { isContentWatch, type Watch } from './watches.ts';

const MINUTE = Duration.minutes(1);

export type LogMetrics = ReturnType<typeof metricsOf>;
export type FunctionMetrics = ReturnType<typeof functionMetrics>;

/** Every metric of the alarms and the dashboard, per minute: those of the handlers and those that AWS publishes. */
export function metricsOf(settings: StageSettings, names: Names) {
  const { stage, capacity, cloudWatchLogs, watches } = settings;
  const { lag, shards, ...counts } = INGEST_METRICS;
  const shippers = shipperMetrics(names.ingestFunction, settings.shippers);
  return {
    ingest: emittedSums(names.ingestFunction, counts),
    ingestLagP99: emittedMetric(names.ingestFunction, lag, 'lag p99', Stats.percentile(99)),
    ingestLagP50: emittedMetric(names.ingestFunction, lag, 'lag p50', Stats.percentile(50)),
    shippers,
    watches: watches.map((watch) => ({
      watch,
      metric: metricOfWatch(names.ingestFunction, watch, shippers),
    })),
    shardsInUse: emittedMetric(names.ingestFunction, shards, 'shards in use', Stats.MAXIMUM),
    retrieval: emittedSums(names.retrievalFunction, RETRIEVAL_METRICS),
    ingestFunction: functionMetrics(names.ingestFunction),
    retrievalFunction: functionMetrics(names.retrievalFunction),
    api: apiMetrics(names.api, stage),
    unstored: cloudWatchLogs.length > 0 ? unstoredMetrics(names) : undefined,
    table: tableMetrics(names.table, capacity),
  };
}

function emittedSums<Name extends string>(service: string, metricNames: Record<Name, string>) {
  const sums = Object.entries<string>(metricNames).map(([name, metricName]) => [
    name,
    emittedMetric(service, metricName, metricName, Stats.SUM),
  ]);
  return Object.fromEntries(sums) as Record<Name, Metric>;
}

function emittedMetric(service: string, metricName: string, label: string, statistic: string): Metric {
  const dimensionsMap = { service };
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap,
    statistic,
    label,
    period: MINUTE,
  });
}

/** Those of each shipper by its name, with OTHER_SHIPPERS at the end. Where the stage names none, there are none. */
function shipperMetrics(service: string, shippers: string[]) {
  const all = shippers.length > 0 ? [...shippers, OTHER_SHIPPERS] : [];
  return new Map(
    all.map((shipper) => {
      const metric = (metricName: string, what: string) =>
        emittedMetric(service, metricName, `${shipper} ${what}`.trim(), Stats.SUM).with({
          dimensionsMap: { service, shipper },
        });
      return [
        shipper,
        {
          stored: metric(SHIPPER_METRICS.stored, ''),
          error: metric(SHIPPER_METRICS.error, 'errors'),
          refused: metric(SHIPPER_METRICS.refused, 'refused'),
          bytes: metric(SHIPPER_METRICS.bytes, ''),
        },
      ];
    }),
  );
}

/** The entries that match, or those that the shipper sends. */
function metricOfWatch(service: string, watch: Watch, shippers: ReturnType<typeof shipperMetrics>): Metric {
  if (isContentWatch(watch)) return emittedMetric(service, watchMetric(watch.name), watch.name, Stats.SUM);
  const shipper = shippers.get(watch.shipper);
  if (!shipper) throw new Error(`No shipper is named ${watch.shipper}`);
  return shipper.stored;
}

function functionMetrics(functionName: string) {
  const metric = (metricName: string, statistic: string, label = metricName) =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { FunctionName: functionName },
      statistic,
      label: `${functionName} ${label}`,
      period: MINUTE,
    });
  return {
    invocations: metric('Invocations', Stats.SUM),
    errors: metric('Errors', Stats.SUM),
    throttles: metric('Throttles', Stats.SUM),
    concurrency: metric('ConcurrentExecutions', Stats.MAXIMUM),
    durationP50: metric('Duration', Stats.percentile(50), 'p50'),
    durationP99: metric('Duration', Stats.percentile(99), 'p99'),
    // Powertools adds a second dimension to this metric.
    coldStarts: emittedMetric(functionName, COLD_START_METRIC, `${functionName} cold starts`, Stats.SUM).with(
      {
        dimensionsMap: { service: functionName, function_name: functionName },
      },
    ),
  };
}

function apiMetrics(apiName: string, stage: string) {
  const metric = (metricName: string, statistic: string, label: string) =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiName: apiName, Stage: stage },
      statistic,
      label,
      period: MINUTE,
    });
  return {
    requests: metric('Count', Stats.SUM, 'requests'),
    clientErrors: metric('4XXError', Stats.SUM, '4xx'),
    serverErrors: metric('5XXError', Stats.SUM, '5xx'),
    latencyP50: metric('Latency', Stats.percentile(50), 'latency p50'),
    latencyP99: metric('Latency', Stats.percentile(99), 'latency p99'),
    integrationP99: metric('IntegrationLatency', Stats.percentile(99), 'function p99'),
  };
}

/** Events of CloudWatch Logs that could not be stored: those that wait, and those that did not get into the queue. */
function unstoredMetrics({ unstoredQueue, ingestFunction }: Names) {
  return {
    waiting: new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: unstoredQueue },
      statistic: Stats.MAXIMUM,
      label: 'waiting events',
      period: MINUTE,
    }),
    undelivered: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'DestinationDeliveryFailures',
      dimensionsMap: { FunctionName: ingestFunction },
      statistic: Stats.SUM,
      label: 'undelivered events',
      period: MINUTE,
    }),
  };
}

const CEILING_METRIC: Record<StageSettings['capacity'], string> = {
  'on-demand': 'MaxOnDemandThroughputThrottleEvents',
  provisioned: 'ProvisionedThroughputThrottleEvents',
};

/** One metric for the table and one per index, because DynamoDB counts and throttles them separately. */
function tableMetrics(tableName: string, capacity: StageSettings['capacity']) {
  const parts = [
    { label: 'table', dimensionsMap: { TableName: tableName } },
    ...Object.values(TABLE.indexes).map(({ name }) => ({
      label: name,
      dimensionsMap: { TableName: tableName, GlobalSecondaryIndexName: name },
    })),
  ];
  const sums = (metricName: string, what: string) =>
    parts.map(
      ({ label, dimensionsMap }) =>
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap,
          statistic: Stats.SUM,
          label: `${label} ${what}`,
          period: MINUTE,
        }),
    );
  return {
    writeUnits: sums('ConsumedWriteCapacityUnits', 'write units'),
    readUnits: sums('ConsumedReadCapacityUnits', 'read units'),
    writeThrottles: sums('WriteThrottleEvents', 'write throttles'),
    readThrottles: sums('ReadThrottleEvents', 'read throttles'),
    // DynamoDB counts each throttle again under its cause.
    throttledByPartition: [
      ...sums('WriteKeyRangeThroughputThrottleEvents', 'writes'),
      ...sums('ReadKeyRangeThroughputThrottleEvents', 'reads'),
    ],
    throttledByCeiling: [
      ...sums(`Write${CEILING_METRIC[capacity]}`, 'writes'),
      ...sums(`Read${CEILING_METRIC[capacity]}`, 'reads'),
    ],
  };
}
