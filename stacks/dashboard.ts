import { Duration } from 'aws-cdk-lib';
import {
  type AlarmBase,
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { share } from './metric-math.ts';
import type { LogMetrics } from './metrics.ts';
import { isContentWatch } from './watches.ts';

/** The width of a dashboard in CloudWatch's grid units. */
const ROW_WIDTH = 24;

type DashboardProps = {
  dashboardName: string;
  metrics: LogMetrics;
  alarms: AlarmBase[];
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
      shippersRow(metrics),
      ...watchRows(metrics),
      apiRow(metrics),
      ...functionRows(metrics),
      ...tableRows(metrics, shardCeiling),
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: ROW_WIDTH, height: 4 })],
    ],
  });
}

function logsRow({ ingest, ingestLagP50, ingestLagP99 }: LogMetrics): IWidget[] {
  const bySeverity = [
    ingest.info.with({ label: 'info', color: Color.BLUE }),
    ingest.warning.with({ label: 'warning', color: Color.ORANGE }),
    ingest.error.with({ label: 'error', color: Color.RED }),
  ];
  const errors = share('errors (%)', [ingest.error], [ingest.stored], 1);
  return quarters(
    ['What comes in? Entries per minute', bySeverity, { stacked: true }],
    ['How many are errors? Percent of the entries', [errors]],
    ['How many are refused? Per minute', [ingest.refused, ingest.deadLetters, ingest.unavailable]],
    ['How late? Milliseconds from datetime to ingest', [ingestLagP50, ingestLagP99]],
  );
}

function shippersRow({ ingest, shippers }: LogMetrics): IWidget[] {
  const all = [...shippers.values()];
  const totals = new SingleValueWidget({
    title: 'How many? In the time shown',
    metrics: [ingest.stored, ingest.bytes],
    setPeriodToTimeRange: true,
    width: all.length > 0 ? ROW_WIDTH / 4 : ROW_WIDTH,
    height: all.length > 0 ? 6 : 3,
  });
  if (all.length === 0) return [totals];
  return [
    ...quarters(
      ['Who sends? Entries per minute', all.map(({ stored }) => stored), { stacked: true }],
      ['Who sends errors, or is refused? Per minute', all.flatMap(({ error, refused }) => [error, refused])],
      ['Who sends most? Bytes per minute', all.map(({ bytes }) => bytes), { stacked: true }],
    ),
    totals,
  ];
}

/** A tile for each watch, four in a row. Its line is where the alarm rings. */
function watchRows({ watches }: LogMetrics): IWidget[][] {
  const tiles = watches.map(({ watch, metric }) => {
    if (!isContentWatch(watch))
      return graph(
        `${watch.name}: no entry for ${watch.silentMinutes} min. Entries per minute`,
        [metric],
        ROW_WIDTH / 4,
      );
    const { name, atLeast, minutes } = watch;
    const period = Duration.minutes(minutes);
    return graph(`${name}: entries in ${minutes} min`, [metric.with({ period })], ROW_WIDTH / 4, {
      leftAnnotations: [{ value: atLeast, label: 'rings' }],
    });
  });
  return Array.from({ length: Math.ceil(tiles.length / 4) }, (_, row) => tiles.slice(4 * row, 4 * row + 4));
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
      graph('Table: shards in use, of the timeline with the most', [shardsInUse], ROW_WIDTH / 3, {
        leftAnnotations: [{ value: shardCeiling, label: 'ceiling (shards)' }],
      }),
    ],
  ];
}

type Graph = [title: string, metrics: IMetric[], options?: GraphOptions];
type GraphOptions = Pick<GraphWidgetProps, 'leftAnnotations' | 'stacked'>;

function thirds(...graphs: Graph[]): IWidget[] {
  return graphs.map(([title, metrics, options]) => graph(title, metrics, ROW_WIDTH / 3, options));
}

function quarters(...graphs: Graph[]): IWidget[] {
  return graphs.map(([title, metrics, options]) => graph(title, metrics, ROW_WIDTH / 4, options));
}

function graph(title: string, left: IMetric[], width: number, options?: GraphOptions): GraphWidget {
  return new GraphWidget({ title, left, ...options, leftYAxis: { min: 0 }, width, height: 6 });
}
