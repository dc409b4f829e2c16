import { joinIntrinsics, type SynthesizedApp } from './synthesized-app.ts';

/** The identity of a CloudWatch metric, written `namespace name {dimension=value,...}`. */
export type MetricName = string;

export function metricName(namespace: string, name: string, dimensions: Record<string, string>): MetricName {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${namespace} ${name} {${sorted.map(([key, value]) => `${key}=${value}`).join(',')}}`;
}

/** The metrics that a process printed in CloudWatch's embedded metric format, one record per line. */
export function emittedMetrics(output: string): Set<MetricName> {
  const emitted = new Set<MetricName>();
  for (const line of output.split('\n').filter((text) => text.includes('"_aws"'))) {
    const record: EmbeddedMetrics = JSON.parse(line);
    for (const { Namespace, Dimensions, Metrics } of record._aws.CloudWatchMetrics)
      for (const keys of Dimensions)
        for (const { Name } of Metrics)
          emitted.add(
            metricName(Namespace, Name, Object.fromEntries(keys.map((key) => [key, String(record[key])]))),
          );
  }
  return emitted;
}

type EmbeddedMetrics = Record<string, unknown> & {
  _aws: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
};

/** The metrics that each alarm of a stack watches, by its name. */
export function alarmedMetrics(app: SynthesizedApp, stackName: string): Record<string, MetricName[]> {
  const alarms = Object.values(app.resources<Alarm>(stackName, 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    alarms.map(({ Properties: { AlarmName, Metrics } }) => [
      AlarmName,
      Metrics.flatMap(({ MetricStat }) => (MetricStat ? [metricOf(MetricStat.Metric)] : [])),
    ]),
  );
}

type Alarm = { AlarmName: string; Metrics: { MetricStat?: { Metric: AlarmMetric } }[] };
type AlarmMetric = { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };

function metricOf({ Namespace, MetricName, Dimensions }: AlarmMetric): MetricName {
  return metricName(
    Namespace,
    MetricName,
    Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  );
}

/** The metrics that each widget of a dashboard shows, by its title. */
export function shownMetrics(app: SynthesizedApp, stackName: string): Record<string, MetricName[]> {
  const [dashboard] = Object.values(
    app.resources<{ DashboardBody: unknown }>(stackName, 'AWS::CloudWatch::Dashboard'),
  );
  const { widgets }: { widgets: Widget[] } = JSON.parse(joinIntrinsics(dashboard?.Properties.DashboardBody));
  return Object.fromEntries(
    widgets.map(({ properties }) => [properties.title, metricRows(properties.metrics).map(rowMetric)]),
  );
}

type Widget = { properties: { title: string; metrics?: unknown[][] } };

/** Without the rows of metric math, whose metrics have rows of their own. */
function metricRows(rows: unknown[][] = []): unknown[][] {
  return rows.filter(([first]) => typeof first === 'string');
}

/** A row of a widget: namespace, name, dimensions and values in turn, then options. */
function rowMetric(row: unknown[]): MetricName {
  const [namespace, name, ...rest] = row.filter((cell) => typeof cell === 'string');
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => rest.slice(index * 2, index * 2 + 2));
  return metricName(String(namespace), String(name), Object.fromEntries(pairs));
}
