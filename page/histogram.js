// @ts-check

import { drawBars, drawTicks, svgElement, tallestOf } from './histogram-shapes.js';
import { readableTime } from './instant.js';
import { bucketsOf, readableLength } from './time-buckets.js';

const BAR_PITCH = 9;

/**
 * The histogram of the entries loaded, stacked by severity. Pointing at a bar says what it holds; dragging
 * over bars selects their range.
 *
 * @param {object} parts
 * @param {HTMLElement} parts.chart
 * @param {HTMLElement} parts.summary
 * @param {HTMLElement} parts.scale how many entries the tallest bar stands for
 * @param {(from: string, to: string) => void} parts.onRange
 */
export function createHistogram({ chart, summary, scale, onRange }) {
  /** @type {readonly import('./follow.d.ts').Entry[]} */
  let entries = [];
  let local = false;
  /** @type {ReturnType<typeof bucketsOf>} */
  let { step, buckets } = bucketsOf([], 1);
  let pitch = BAR_PITCH;
  /** @type {number | undefined} the bar where a drag began */
  let anchor;
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

  /** @param {[number, number] | undefined} range first and last bar */
  const mark = (range) => {
    const [first = 0, last = -1] = range ?? [];
    marked.setAttribute('x', String(first * pitch));
    marked.setAttribute('width', String((last - first + 1) * pitch));
  };

  /** @param {PointerEvent} event */
  const barAt = (event) => {
    const bar = Math.floor((event.clientX - chart.getBoundingClientRect().left) / pitch);
    return Math.max(0, Math.min(bar, buckets.length - 1));
  };

  /**
   * @param {number} bar
   * @returns {[number, number]}
   */
  const rangeTo = (bar) => [Math.min(anchor ?? bar, bar), Math.max(anchor ?? bar, bar)];

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
    /**
     * @param {readonly import('./follow.d.ts').Entry[]} loaded
     * @param {boolean} inLocalTime
     */
    show(loaded, inLocalTime) {
      entries = loaded;
      local = inLocalTime;
      draw();
    },
  };
}

/**
 * @param {readonly import('./follow.d.ts').Entry[]} entries newest first
 * @param {number} step
 * @param {boolean} local
 */
function summaryOf(entries, step, local) {
  const [newest, oldest] = [entries[0], entries.at(-1)];
  if (!newest || !oldest) return 'Nothing loaded';
  const range = `${readableTime(oldest.datetime, local).slice(0, 19)} to ${readableTime(newest.datetime, local).slice(0, 19)}`;
  return `${counted(entries.length, 'entry', 'entries')} loaded · ${range} · a bar is ${readableLength(step)}`;
}

/**
 * @param {import('./time-buckets.js').Bucket[]} buckets
 * @param {number} step
 * @param {boolean} local
 */
function contentOf(buckets, step, local) {
  const sum = (/** @type {'error' | 'warning' | 'info'} */ severity) =>
    buckets.reduce((total, bucket) => total + bucket[severity], 0);
  const [from, to] = [buckets[0]?.start ?? 0, (buckets.at(-1)?.start ?? 0) + step].map((millis) =>
    readableTime(new Date(millis).toISOString(), local).slice(0, step < 1_000 ? 23 : 19),
  );
  return `${from} to ${to} · ${counted(sum('error'), 'error')}, ${counted(sum('warning'), 'warning')}, ${sum('info')} info`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
