import type { Counted } from '../client/read-counts.ts';
import { byId, svgElement } from './document.ts';
import { drawBars, drawTicks, drawUnread, hatchPattern, tallestOf } from './histogram-shapes.ts';
import { contentOf, stretchOf, summaryOf } from './histogram-summary.ts';
import { type Bar, barsOf, type Loaded, type Point, raiseTo, type Stretch, stepOf } from './time-bars.ts';
import { secondScript } from './when-needed.ts';

/** Pixels from one bar to the next. */
const BAR_PITCH = 9;
/** Milliseconds between two drawings while many entries arrive. */
const REDRAW_INTERVAL = 1_000;

export interface HistogramParts {
  chart: HTMLElement;
  /** Says what is shown, or what is in the bars pointed at. */
  summary: HTMLElement;
  /** Says how many entries the tallest bar has. */
  scale: HTMLElement;
  /** Called with the range that was dragged over: RFC 3339, the end exclusive. */
  onRange: (from: string, to: string) => void;
}

/**
 * The histogram of the chosen range, stacked by severity; what is neither loaded nor counted is hatched. Pointing at
 * a bar says what is in it; dragging over bars selects their range. The keys do the same: arrows point, with Shift they
 * drag, and Enter selects.
 */
export function createHistogram({ chart, summary, scale, onRange }: HistogramParts) {
  let loaded: Loaded = { points: [], range: {}, hasOlder: false, hasNewer: false, local: false };
  /** What the service has counted in the range. */
  let counted: Counted | undefined;
  let step = 1;
  let bars: Bar[] = [];
  let pitch = BAR_PITCH;
  /** Whether part of the axis is neither loaded nor counted yet. */
  let hasUnread = false;
  /** The bar where a drag began. */
  let anchor: number | undefined;
  /** The bar that the keys point at. */
  let pointed: number | undefined;
  /** Whether the drawing was put off because a range is being dragged or the keys point at a bar. */
  let isDue = false;
  let shownAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drawing = svgElement('svg', { 'aria-hidden': 'true', width: '100%', height: '100%' });
  const marked = svgElement('rect', { class: 'marked', y: 0, height: '100%', width: 0 });

  const draw = () => {
    clearTimeout(timer);
    timer = undefined;
    isDue = anchor !== undefined || pointed !== undefined;
    if (isDue) return;
    const { clientWidth: width, clientHeight: height } = chart;
    const stretch = stretchOf(loaded);
    bars = [];
    if (stretch) {
      step = Math.max(stepOf(stretch, barsWithin(width)), counted?.step ?? 0);
      bars = barsOf(loaded.points, stretch, step);
    }
    if (counted) raiseTo(bars, step, counted);
    pitch = width / Math.max(1, bars.length);
    const [firstLoaded, lastLoaded] = loadedBars();
    const firstCounted = counted ? firstBarFrom(counted.completeFrom) : bars.length;
    const unread: [number, number][] = [
      [0, Math.min(firstLoaded, firstCounted) - 1],
      [lastLoaded + 1, firstCounted - 1],
    ];
    hasUnread = unread.some(([first, last]) => first <= last);
    drawing.replaceChildren(
      hatchPattern(),
      ...unread.flatMap(([first, last]) => drawUnread(first, last, pitch, height)),
      marked,
      ...drawTicks(bars, { step, pitch, width, height, local: loaded.local }),
      ...drawBars(bars, { pitch, height }),
    );
    scale.textContent = bars.length > 0 ? tallestOf(bars).toLocaleString('en') : '';
    endPointing();
  };

  /** The first and the last bar whose entries are loaded. */
  const loadedBars = (): [number, number] => {
    const start = bars[0]?.start ?? 0;
    const barOf = (point: Point | undefined, otherwise: number) =>
      point ? Math.floor((point.time - start) / step) : otherwise;
    return [
      loaded.hasOlder ? Math.max(0, barOf(loaded.points.at(-1), bars.length)) : 0,
      loaded.hasNewer ? Math.min(barOf(loaded.points[0], -1), bars.length - 1) : bars.length - 1,
    ];
  };

  /**
   * The first bar that lies wholly at or after an instant. A bar that the beginning of the range divides counts from
   * there.
   */
  const firstBarFrom = (time: number): number => {
    const start = Math.max(bars[0]?.start ?? 0, loaded.range.from ?? 0);
    if (time <= start) return 0;
    return Math.min(Math.ceil((time - (bars[0]?.start ?? 0)) / step), bars.length);
  };

  /** Marks the bars from the first to the last, or none. */
  const mark = (range: [number, number] | undefined) => {
    const [first = 0, last = -1] = range ?? [];
    marked.setAttribute('x', String(first * pitch));
    marked.setAttribute('width', String((last - first + 1) * pitch));
  };

  /** Ends a drag, and shows what is shown while nobody points at a bar. */
  const endPointing = () => {
    anchor = undefined;
    pointed = undefined;
    if (isDue) return draw();
    mark(undefined);
    summary.textContent = summaryOf(loaded, { step, bars, hasUnread, isCounted: counted !== undefined });
  };

  const barAt = (event: PointerEvent) => {
    const bar = Math.floor((event.clientX - chart.getBoundingClientRect().left) / pitch);
    return Math.max(0, Math.min(bar, bars.length - 1));
  };

  const rangeTo = (bar: number): [number, number] => [
    Math.min(anchor ?? bar, bar),
    Math.max(anchor ?? bar, bar),
  ];

  /** Marks the bars from where a drag began, and says what is in them. */
  const pointAt = (bar: number) => {
    const [first, last] = rangeTo(bar);
    mark([first, last]);
    const content = contentOf(bars.slice(first, last + 1), step, loaded.local);
    summary.textContent = content;
    chart.ariaValueText = content;
    chart.ariaValueNow = String(bar + 1);
    chart.ariaValueMax = String(bars.length);
  };
  const select = (bar: number) => {
    const [first, last] = rangeTo(bar);
    const from = new Date(bars[first]?.start ?? 0).toISOString();
    const to = new Date((bars[last]?.start ?? 0) + step).toISOString();
    endPointing();
    onRange(from, to);
  };

  chart.addEventListener('pointermove', (event) => {
    if (bars.length > 0) pointAt(barAt(event));
  });
  chart.addEventListener('pointerdown', (event) => {
    if (bars.length === 0 || event.button !== 0) return;
    anchor = barAt(event);
    chart.setPointerCapture(event.pointerId);
  });
  chart.addEventListener('pointerup', (event) => {
    if (anchor !== undefined) select(barAt(event));
  });
  chart.addEventListener('keydown', (event) => {
    const last = bars.length - 1;
    const at = pointed ?? last;
    const aims: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const aim = aims[event.key];
    if (last < 0 || (aim === undefined && event.key !== 'Enter')) return;
    event.preventDefault();
    event.stopPropagation();
    if (aim === undefined) return select(at);
    anchor = event.shiftKey ? (anchor ?? at) : undefined;
    pointed = Math.max(0, Math.min(aim, last));
    pointAt(pointed);
  });
  chart.addEventListener('focus', () => {
    if (bars.length === 0 || !chart.matches(':focus-visible')) return;
    pointed = bars.length - 1;
    pointAt(pointed);
  });
  chart.addEventListener('blur', endPointing);
  chart.addEventListener('pointercancel', endPointing);
  chart.addEventListener('pointerleave', endPointing);
  byId('as-table', HTMLButtonElement).addEventListener('click', async () => {
    const { showHistogramTable } = await secondScript.get();
    if (timer !== undefined) draw();
    showHistogramTable(bars, loaded.local, ({ start }) => {
      onRange(new Date(start).toISOString(), new Date(start + step).toISOString());
    });
  });
  chart.append(drawing);
  new ResizeObserver(draw).observe(chart);

  return {
    /** The length of a bar for a range, in milliseconds. */
    stepFor: (stretch: Stretch) => stepOf(stretch, barsWithin(chart.clientWidth)),
    /** Draws this instead of what was shown before, a little later, and at most once per REDRAW_INTERVAL. */
    show(nextLoaded: Loaded, nextCounted?: Counted) {
      [loaded, counted] = [nextLoaded, nextCounted];
      if (timer !== undefined) return;
      const wait = Math.max(0, shownAt + REDRAW_INTERVAL - Date.now());
      shownAt = Date.now() + wait;
      timer = setTimeout(draw, wait);
    },
    /** Ends a drag without selecting. Returns whether there was one. */
    cancel(): boolean {
      const wasDragging = anchor !== undefined;
      if (wasDragging) endPointing();
      return wasDragging;
    },
  };
}

function barsWithin(width: number): number {
  return Math.max(1, Math.floor(width / BAR_PITCH));
}

export type Histogram = ReturnType<typeof createHistogram>;
