import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** The sum of metrics over `minutes`. */
export function sum(label: string, metrics: Metric[], minutes: number): MathExpression {
  const { using, total } = namedMetrics(metrics);
  return over(minutes, label, total(metrics), using);
}

/** The sum of `part` as a percentage of the sum of `whole`, over `minutes`. It is 0 while `whole` is 0. */
export function share(label: string, part: Metric[], whole: Metric[], minutes: number): MathExpression {
  // An alarm is billed per metric, so a metric in both has one name.
  const { using, total } = namedMetrics([...new Set([...part, ...whole])]);
  return over(
    minutes,
    label,
    `IF(${total(whole)} > 0, 100 * (${total(part)}) / (${total(whole)}), 0)`,
    using,
  );
}

/** Names metrics for metric math, and writes sums of them. */
function namedMetrics(metrics: Metric[]) {
  const using = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  // Without FILL, metric math has no result where one of its metrics has no data.
  const total = (some: Metric[]) => some.map((metric) => `FILL(m${metrics.indexOf(metric)}, 0)`).join(' + ');
  return { using, total };
}

function over(
  minutes: number,
  label: string,
  expression: string,
  using: Record<string, Metric>,
): MathExpression {
  const period = Duration.minutes(minutes);
  const usingMetrics = Object.fromEntries(
    Object.entries(using).map(([name, metric]) => [name, metric.with({ period })]),
  );
  return new MathExpression({ label, expression, usingMetrics, period });
}
