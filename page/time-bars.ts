import type { Counted } from '../client/read-counts.ts';
import { SEVERITIES, type Severity } from '../entities/entry.ts';

/** How many entries of each severity one bar stands for. `start` is in milliseconds since 1970. */
export type Bar = { start: number } & Record<Severity, number>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps that divide time as clocks and calendars do, so that a bar begins where people expect it. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY),
];

/** An instant and a severity: as much of an entry as is counted. `time` is in milliseconds since 1970. */
export interface Point {
  time: number;
  severity: Severity;
}

/** A stretch of time in milliseconds since 1970, `to` exclusive. */
export interface Stretch {
  from: number;
  to: number;
}

/** The entries of a view that are loaded: what the histogram is drawn from. */
export interface Loaded {
  /** Newest first. */
  points: readonly Point[];
  /** The range asked for, as far as it is bounded. */
  range: Partial<Stretch>;
  /** Whether there are entries beyond the oldest and the newest point that are not loaded. */
  hasOlder: boolean;
  hasNewer: boolean;
  /** In local time instead of UTC. */
  local: boolean;
}

/**
 * Counts entries by time and severity: bars of `step` milliseconds that span the stretch, oldest first.
 * Points outside of the stretch are left out.
 */
export function barsOf(points: readonly Point[], { from, to }: Stretch, step: number): Bar[] {
  const start = Math.floor(from / step) * step;
  const bars = Array.from({ length: Math.max(1, Math.ceil((to - start) / step)) }, (_, index) => ({
    start: start + index * step,
    error: 0,
    warning: 0,
    info: 0,
  }));
  for (const { time, severity } of points) {
    const bar = bars[Math.floor((time - start) / step)];
    if (bar) bar[severity] += 1;
  }
  return bars;
}

/** Raises bars to the numbers that were counted in their time. Either number may lack entries, so the larger one is taken. */
export function raiseTo(bars: readonly Bar[], step: number, counted: Counted): void {
  const start = bars[0]?.start ?? 0;
  const sums = new Map<Bar, Record<Severity, number>>();
  for (const [time, counts] of counted.buckets) {
    const bar = bars[Math.floor((time - start) / step)];
    if (!bar) continue;
    const sum = sums.get(bar) ?? { info: 0, warning: 0, error: 0 };
    for (const severity of SEVERITIES) sum[severity] += counts[severity];
    sums.set(bar, sum);
  }
  for (const [bar, sum] of sums)
    for (const severity of SEVERITIES) bar[severity] = Math.max(bar[severity], sum[severity]);
}

/** The step that cuts a stretch into at most `most` bars, even if the first begins before the stretch. */
export function stepOf({ from, to }: Stretch, most: number): number {
  return stepFor(to - from, Math.max(1, most - 1));
}

/** The shortest step that cuts a span into at most `most` parts. Both are in milliseconds. */
export function stepFor(span: number, most: number): number {
  const longest = STEPS.at(-1) ?? DAY;
  return STEPS.find((step) => span / step <= most) ?? Math.ceil(span / most / longest) * longest;
}

/** A length of time as people write it, such as `5 min`. */
export function readableLength(milliseconds: number): string {
  for (const [length, name] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ] as const) {
    if (milliseconds >= length) return `${milliseconds / length} ${name}`;
  }
  return `${milliseconds} ms`;
}
