import type { Counted } from '../client/read-counts.ts';
import { svgElement } from './elements.ts';
import { drawBars, drawTicks, drawUnread, hatchPattern, tallestOf } from './histogram-shapes.ts';
import { contentOf, stretchOf, summaryOf } from './histogram-summary.ts';
import { type Bucket, bucketsOf, type Point, raiseTo, type Stretch, stepOf } from './time-buckets.ts';

/** Pixels from one bar to the next. */
const BAR_PITCH = 9;
/** Milliseconds between two drawings while entries pour in. */
const REDRAW_INTERVAL = 1_000;

export interface HistogramParts {
  chart: HTMLElement;
  /** Says what is on show, or what the bars pointed at hold. */
  summary: HTMLElement;
  /** Says how many entries the tallest bar stands for. */
  scale: HTMLElement;
  /** Called with the range that was dragged over: RFC 3339, the end exclusive. */
  onRange: (from: string, to: string) => void;
}

export interface Shown {
  /** What was counted, newest first. */
  points: readonly Point[];
  /** The range asked for, as far as it is bounded. */
  range: Partial<Stretch>;
  /** Whether there are entries beyond the oldest and the newest point that were not counted. */
  hasOlder: boolean;
  hasNewer: boolean;
  local: boolean;
  /** What the service has counted in the range. */
  counted?: Counted;
}

/**
 * The histogram of the chosen range, stacked by severity; what is neither read nor counted is hatched. Pointing at a bar says
 * what it holds; dragging over bars selects their range.
 */
export function createHistogram({ chart, summary, scale, onRange }: HistogramParts) {
  let shown: Shown = { points: [], range: {}, hasOlder: false, hasNewer: false, local: false };
  let step = 1;
  let buckets: Bucket[] = [];
  let pitch = BAR_PITCH;
  /** Whether part of the axis is not read yet. */
  let hasUnread = false;
  /** The bar where a drag began. */
  let anchor: number | undefined;
  let shownAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drawing = svgElement('svg', { 'aria-hidden': 'true' });
  const marked = svgElement('rect', { class: 'marked', y: 0, height: '100%', width: 0 });

  const draw = () => {
    clearTimeout(timer);
    timer = undefined;
    const { clientWidth: width, clientHeight: height } = chart;
    const stretch = stretchOf(shown);
    buckets = [];
    if (stretch) {
      step = Math.max(stepOf(stretch, barsWithin(width)), shown.counted?.step ?? 0);
      buckets = bucketsOf(shown.points, stretch, step);
    }
    if (shown.counted) raiseTo(buckets, step, shown.counted);
    pitch = width / Math.max(1, buckets.length);
    const [firstRead, lastRead] = readBars();
    const firstCounted = shown.counted ? firstBarFrom(shown.counted.completeFrom) : buckets.length;
    const unread: [number, number][] = [
      [0, Math.min(firstRead, firstCounted) - 1],
      [lastRead + 1, firstCounted - 1],
    ];
    hasUnread = unread.some(([first, last]) => first <= last);
    drawing.replaceChildren(
      hatchPattern(),
      ...unread.flatMap(([first, last]) => drawUnread(first, last, pitch, height)),
      marked,
      ...drawTicks(buckets, { step, pitch, width, height, local: shown.local }),
      ...drawBars(buckets, { pitch, height }),
    );
    scale.textContent = buckets.length > 0 ? tallestOf(buckets).toLocaleString('en') : '';
    rest();
  };

  /** The first and the last bar whose entries have been read. */
  const readBars = (): [number, number] => {
    const start = buckets[0]?.start ?? 0;
    const barOf = (point: Point | undefined, otherwise: number) =>
      point ? Math.floor((point.time - start) / step) : otherwise;
    return [
      shown.hasOlder ? Math.max(0, barOf(shown.points.at(-1), buckets.length)) : 0,
      shown.hasNewer ? Math.min(barOf(shown.points[0], -1), buckets.length - 1) : buckets.length - 1,
    ];
  };

  /** The first bar of which all lies at or after an instant. The beginning of the range cuts no bar. */
  const firstBarFrom = (time: number): number => {
    const start = Math.max(buckets[0]?.start ?? 0, shown.range.from ?? 0);
    if (time <= start) return 0;
    return Math.min(Math.ceil((time - (buckets[0]?.start ?? 0)) / step), buckets.length);
  };

  /** Marks the bars from the first to the last, or none. */
  const mark = (range: [number, number] | undefined) => {
    const [first = 0, last = -1] = range ?? [];
    marked.setAttribute('x', String(first * pitch));
    marked.setAttribute('width', String((last - first + 1) * pitch));
  };

  /** What is shown while nobody points at a bar. */
  const rest = () => {
    anchor = undefined;
    mark(undefined);
    summary.textContent = summaryOf(shown, { step, buckets, hasUnread });
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
    summary.textContent = contentOf(buckets.slice(first, last + 1), step, shown.local);
  });
  chart.addEventListener('pointerdown', (event) => {
    if (buckets.length === 0 || event.button !== 0) return;
    anchor = barAt(event);
    chart.setPointerCapture(event.pointerId);
  });
  chart.addEventListener('pointerup', (event) => {
    if (anchor === undefined) return;
    const [first, last] = rangeTo(barAt(event));
    rest();
    const [start, end] = [buckets[first], buckets[last]];
    if (start && end) onRange(new Date(start.start).toISOString(), new Date(end.start + step).toISOString());
  });
  chart.addEventListener('pointercancel', rest);
  chart.addEventListener('pointerleave', rest);
  chart.append(drawing);
  new ResizeObserver(draw).observe(chart);

  return {
    /** The length of a bar for a range, in milliseconds. */
    stepFor: (stretch: Stretch) => stepOf(stretch, barsWithin(chart.clientWidth)),
    /** Draws this in place of what was shown before, in a task of its own; less often when much comes in a short time. */
    show(next: Shown) {
      shown = next;
      // While a bar is pointed at or a range is dragged, the drawing stays as it is.
      if (anchor !== undefined || timer !== undefined) return;
      const wait = Math.max(0, shownAt + REDRAW_INTERVAL - Date.now());
      shownAt = Date.now() + wait;
      timer = setTimeout(draw, wait);
    },
    /** Ends a drag without selecting. Returns whether there was one. */
    cancel(): boolean {
      const wasDragging = anchor !== undefined;
      if (wasDragging) rest();
      return wasDragging;
    },
  };
}

function barsWithin(width: number): number {
  return Math.max(1, Math.floor(width / BAR_PITCH));
}

export type Histogram = ReturnType<typeof createHistogram>;
