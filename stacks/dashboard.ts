import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { LogMetrics } from './metrics.ts';

/** The width of a dashboard in CloudWatch's grid units. */
const ROW_WIDTH = 24;

type DashboardProps = {
  dashboardName: string;
  metrics: LogMetrics;
  alarms: Alarm[];
  /** How many shards a timeline may use. */
  shardCeiling: number;
};

/** Adds a page to read from the top: whether the service works, and if not, which part of it fails. */
export function addDashboard(scope: Construct, props: DashboardProps): void {
  const { dashboardName, metrics, alarms, shardCeiling } = props;
  new Dashboard(scope, 'Dashboard', {
    dashboardName,
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      logsRow(metrics),
      apiRow(metrics),
      ...functionRows(metrics),
      ...tableRows(metrics, shardCeiling),
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: ROW_WIDTH, height: 4 })],
    ],
  });
}

function logsRow({ ingest, ingestLagP50, ingestLagP99 }: LogMetrics): IWidget[] {
  const width = ROW_WIDTH / 4;
  return [
    graph('Are logs coming in? Entries stored per minute', [ingest.stored], width),
    new SingleValueWidget({
      title: 'How many? In the time shown',
      metrics: [ingest.stored, ingest.bytes],
      setPeriodToTimeRange: true,
      width,
      height: 6,
    }),
    graph('How late? Milliseconds from datetime to ingest', [ingestLagP50, ingestLagP99], width),
    graph('How many refused? Per minute', [ingest.refused, ingest.deadLetters, ingest.unavailable], width),
  ];
}

function apiRow({ api }: LogMetrics): IWidget[] {
  return thirds(
    ['API: requests per minute', [api.requests]],
    ['API: errors per minute', [api.clientErrors, api.serverErrors]],
    ['API: latency (ms)', [api.latencyP50, api.latencyP99, api.integrationP99]],
  );
}

function functionRows({ ingestFunction, retrievalFunction, retrieval }: LogMetrics): IWidget[][] {
  const both = [ingestFunction, retrievalFunction];
  return [
    thirds(
      ['Functions: invocations per minute', both.map(({ invocations }) => invocations)],
      ['Functions: errors and throttles', both.flatMap(({ errors, throttles }) => [errors, throttles])],
      [
        'Functions: duration (ms)',
        both.flatMap(({ durationP50, durationP99 }) => [durationP50, durationP99]),
      ],
    ),
    thirds(
      ['Functions: running at once', both.map(({ concurrency }) => concurrency)],
      ['Functions: cold starts', both.map(({ coldStarts }) => coldStarts)],
      [
        'Retrieval: entries returned, 503s, unreadable blocks',
        [retrieval.returned, retrieval.unavailable, retrieval.unreadableBlocks],
      ],
    ),
  ];
}

function tableRows(metrics: LogMetrics, shardCeiling: number): IWidget[][] {
  const { table, ingest, retrieval, shardsInUse } = metrics;
  return [
    thirds(
      ['Table: write units per minute', table.writeUnits],
      ['Table: read units per minute', table.readUnits],
      ['Table: throttles', [...table.writeThrottles, ...table.readThrottles]],
    ),
    [
      graph(
        'Throttled because a partition is full: more shards help',
        table.throttledByPartition,
        ROW_WIDTH / 2,
      ),
      graph('Throttled because the ceiling is reached: raise it', table.throttledByCeiling, ROW_WIDTH / 2),
    ],
    [
      ...thirds(
        ['Table: items stored and batches sent again per minute', [ingest.items, ingest.retries]],
        ['Table: shard queries per minute', [retrieval.queries]],
      ),
      graph('Table: shards in use, of the timeline with the most', [shardsInUse], ROW_WIDTH / 3, [
        { value: shardCeiling, label: 'ceiling (shards)' },
      ]),
    ],
  ];
}

function thirds(...graphs: [title: string, metrics: IMetric[]][]): IWidget[] {
  return graphs.map(([title, metrics]) => graph(title, metrics, ROW_WIDTH / 3));
}

function graph(
  title: string,
  left: IMetric[],
  width: number,
  leftAnnotations: HorizontalAnnotation[] = [],
): GraphWidget {
  return new GraphWidget({ title, left, leftAnnotations, leftYAxis: { min: 0 }, width, height: 6 });
}
