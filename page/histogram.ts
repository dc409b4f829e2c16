import { readableTime } from '../client/readable-time.ts';
import type { LogEntry, Severity } from '../entities/entry.ts';
import { svgElement } from './elements.ts';
import { drawBars, drawTicks, tallestOf } from './histogram-shapes.ts';
import { type Bucket, bucketsOf, readableLength } from './time-buckets.ts';

/** Pixels from one bar to the next. */
const BAR_PITCH = 9;

export interface HistogramParts {
  chart: HTMLElement;
  /** Says what is on show, or what the bars pointed at hold. */
  summary: HTMLElement;
  /** Says how many entries the tallest bar stands for. */
  scale: HTMLElement;
  /** Called with the range that was dragged over: RFC 3339, the end exclusive. */
  onRange: (from: string, to: string) => void;
}

/**
 * The histogram of the entries loaded, stacked by severity. Pointing at a bar says what it holds; dragging
 * over bars selects their range.
 */
export function createHistogram({ chart, summary, scale, onRange }: HistogramParts) {
  let entries: readonly LogEntry[] = [];
  let local = false;
  let { step, buckets } = bucketsOf([], 1);
  let pitch = BAR_PITCH;
  /** The bar where a drag began. */
  let anchor: number | undefined;
  const drawing = svgElement('svg', { 'aria-hidden': 'true' });
  const marked = svgElement('rect', { class: 'marked', y: 0, height: '100%', width: 0 });

  const draw = () => {
    const { clientWidth: width, clientHeight: height } = chart;
    ({ step, buckets } = bucketsOf(entries, Math.max(1, Math.floor(width / BAR_PITCH))));
    pitch = width / Math.max(1, buckets.length);
    drawing.replaceChildren(
      marked,
      ...drawTicks(buckets, { step, pitch, width, height, local }),
      ...drawBars(buckets, { pitch, height }),
    );
    mark(undefined);
    scale.textContent = buckets.length > 0 ? tallestOf(buckets).toLocaleString('en') : '';
    summary.textContent = summaryOf(entries, step, local);
  };

  /** Marks the bars from the first to the last, or none. */
  const mark = (range: [number, number] | undefined) => {
    const [first = 0, last = -1] = range ?? [];
    marked.setAttribute('x', String(first * pitch));
    marked.setAttribute('width', String((last - first + 1) * pitch));
  };

  const barAt = (event: PointerEvent) => {
    const bar = Math.floor((event.clientX - chart.getBoundingClientRect().left) / pitch);
    return Math.max(0, Math.min(bar, buckets.length - 1));
  };

  const rangeTo = (bar: number): [number, number] => [
    Math.min(anchor ?? bar, bar),
    Math.max(anchor ?? bar, bar),
  ];

  chart.addEventListener('pointermove', (event) => {
    if (buckets.length === 0) return;
    const [first, last] = rangeTo(barAt(event));
    mark([first, last]);
    summary.textContent = contentOf(buckets.slice(first, last + 1), step, local);
  });
  chart.addEventListener('pointerdown', (event) => {
    if (buckets.length === 0 || event.button !== 0) return;
    anchor = barAt(event);
    chart.setPointerCapture(event.pointerId);
  });
  chart.addEventListener('pointerup', (event) => {
    if (anchor === undefined) return;
    const [first, last] = rangeTo(barAt(event));
    anchor = undefined;
    const [start, end] = [buckets[first], buckets[last]];
    if (start && end) onRange(new Date(start.start).toISOString(), new Date(end.start + step).toISOString());
  });
  chart.addEventListener('pointerleave', () => {
    anchor = undefined;
    mark(undefined);
    summary.textContent = summaryOf(entries, step, local);
  });
  chart.append(drawing);
  new ResizeObserver(draw).observe(chart);

  return {
    /** Draws these entries, newest first, in place of those before. */
    show(loaded: readonly LogEntry[], inLocalTime: boolean) {
      entries = loaded;
      local = inLocalTime;
      draw();
    },
  };
}

function summaryOf(entries: readonly LogEntry[], step: number, local: boolean): string {
  const [newest, oldest] = [entries[0], entries.at(-1)];
  if (!newest || !oldest) return 'Nothing loaded';
  const range = `${readableTime(oldest.datetime, local).slice(0, 19)} to ${readableTime(newest.datetime, local).slice(0, 19)}`;
  return `${counted(entries.length, 'entry', 'entries')} loaded · ${range} · a bar is ${readableLength(step)}`;
}

function contentOf(buckets: readonly Bucket[], step: number, local: boolean): string {
  const sum = (severity: Severity) => buckets.reduce((total, bucket) => total + bucket[severity], 0);
  const [from, to] = [buckets[0]?.start ?? 0, (buckets.at(-1)?.start ?? 0) + step].map((milliseconds) =>
    readableTime(new Date(milliseconds).toISOString(), local).slice(0, step < 1_000 ? 23 : 19),
  );
  return `${from} to ${to} · ${counted(sum('error'), 'error')}, ${counted(sum('warning'), 'warning')}, ${sum('info')} info`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
