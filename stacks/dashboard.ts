import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { LogMetrics } from './metrics.ts';

/** A dashboard row is 24 columns wide. */
const ROW_WIDTH = 24;

/** One page, read from the top: is the service doing its work, and if not, which part of it is not. */
export function addDashboard(scope: Construct, name: string, metrics: LogMetrics, alarms: Alarm[]): void {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      logsRow(metrics),
      apiRow(metrics),
      ...functionRows(metrics),
      ...tableRows(metrics),
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: ROW_WIDTH, height: 4 })],
    ],
  });
}

function logsRow({ ingest, ingestLagP50, ingestLagP99 }: LogMetrics): IWidget[] {
  const width = ROW_WIDTH / 4;
  return [
    graph('Are logs coming in? Entries stored a minute', [ingest.stored], width),
    new SingleValueWidget({
      title: 'How many? In the time shown',
      metrics: [ingest.stored, ingest.bytes],
      setPeriodToTimeRange: true,
      width,
      height: 6,
    }),
    graph('How late? Milliseconds behind the clock', [ingestLagP50, ingestLagP99], width),
    graph('How many refused? A minute', [ingest.refused, ingest.deadLetters, ingest.unavailable], width),
  ];
}

function apiRow({ api }: LogMetrics): IWidget[] {
  return thirds(
    ['API: requests a minute', [api.requests]],
    ['API: errors a minute', [api.clientErrors, api.serverErrors]],
    ['API: latency (ms)', [api.latencyP50, api.latencyP99, api.integrationP99]],
  );
}

function functionRows({ ingestFunction, retrievalFunction, retrieval }: LogMetrics): IWidget[][] {
  const both = [ingestFunction, retrievalFunction];
  return [
    thirds(
      ['Functions: invocations a minute', both.map(({ invocations }) => invocations)],
      ['Functions: errors and throttles', both.flatMap(({ errors, throttles }) => [errors, throttles])],
      [
        'Functions: duration (ms)',
        both.flatMap(({ durationP50, durationP99 }) => [durationP50, durationP99]),
      ],
    ),
    thirds(
      ['Functions: running at once', both.map(({ concurrency }) => concurrency)],
      ['Functions: cold starts', both.map(({ coldStarts }) => coldStarts)],
      ['Retrieval: entries returned, 503s', [retrieval.returned, retrieval.unavailable]],
    ),
  ];
}

function tableRows({ table, ingest, retrieval }: LogMetrics): IWidget[][] {
  return [
    thirds(
      ['Table: write units a minute', table.writeUnits],
      ['Table: read units a minute', table.readUnits],
      ['Table: throttles', [...table.writeThrottles, ...table.readThrottles]],
    ),
    thirds(
      ['Table: batches written again', [ingest.retries]],
      ['Table: shard queries a minute', [retrieval.queries]],
    ),
  ];
}

function thirds(...graphs: [title: string, metrics: IMetric[]][]): IWidget[] {
  return graphs.map(([title, metrics]) => graph(title, metrics, ROW_WIDTH / 3));
}

function graph(title: string, left: IMetric[], width: number): GraphWidget {
  return new GraphWidget({ title, left, leftYAxis: { min: 0 }, width, height: 6 });
}
