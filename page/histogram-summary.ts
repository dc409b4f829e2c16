import { readableSecond, readableTime } from '../client/time.ts';
import type { Severity } from '../entities/entry.ts';
import { type Bar, type Loaded, readableLength, type Stretch } from './time-bars.ts';

/** How far ahead of the clock an entry may be dated and still extend the axis, in milliseconds. */
const CLOCK_TOLERANCE = 300_000;

/** What the page says about the bars while nobody points at one. */
export function summaryOf(
  loaded: Loaded,
  chart: { step: number; bars: readonly Bar[]; hasUnread: boolean; isCounted: boolean },
): string {
  const { points, local } = loaded;
  const { step, bars, hasUnread, isCounted } = chart;
  const total = bars.reduce((sum, { error, warning, info }) => sum + error + warning + info, 0);
  const stretch = stretchOf(loaded);
  const [newest, oldest] = [points[0], points.at(-1)];
  if (!newest || !oldest || !stretch) return 'Nothing loaded';
  const ahead = points.filter(({ time }) => time >= stretch.to).length;
  return [
    isCounted && total > points.length
      ? `${points.length.toLocaleString('en')} of ${hasUnread ? 'at least ' : ''}${counted(total, 'entry', 'entries')} loaded`
      : `${counted(points.length, 'entry', 'entries')} loaded`,
    rangeOf(oldest.time, newest.time, local),
    `a bar is ${readableLength(step)}`,
    ...(hasUnread ? [`hatched: not ${isCounted ? 'counted' : 'loaded'} yet`] : []),
    ...(ahead > 0 ? [`${counted(ahead, 'entry', 'entries')} dated ahead of the clock`] : []),
  ].join(' · ');
}

/** What is in some bars. */
export function contentOf(bars: readonly Bar[], step: number, local: boolean): string {
  const sum = (severity: Severity) => bars.reduce((total, bar) => total + bar[severity], 0);
  const [from, to] = [bars[0]?.start ?? 0, (bars.at(-1)?.start ?? 0) + step];
  const range =
    step < 1_000
      ? [from, to].map((time) => readableTime(new Date(time).toISOString(), local)).join(' to ')
      : rangeOf(from, to, local);
  return `${range} · ${counted(sum('error'), 'error')}, ${counted(sum('warning'), 'warning')}, ${sum('info')} info`;
}

/** What the axis spans: the range asked for, and where that is open, what is loaded. */
export function stretchOf({ points, range }: Loaded): Stretch | undefined {
  const latest = Date.now() + CLOCK_TOLERANCE;
  const newest = points.find(({ time }) => time <= latest)?.time;
  const oldest = points.at(-1)?.time;
  const from = range.from ?? oldest;
  const last = range.from === undefined ? newest : Math.max(Date.now(), newest ?? 0);
  const to = range.to ?? (last === undefined ? undefined : last + 1);
  if (from === undefined || to === undefined) return undefined;
  return { from, to: Math.max(from + 1, to) };
}

function rangeOf(from: number, to: number, local: boolean): string {
  return `${readableSecond(from, local)} to ${readableSecond(to, local)}${local ? '' : ' UTC'}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
