import { readableTime } from '../client/time.ts';
import { svgElement } from './document.ts';
import { type Bar, stepFor } from './time-bars.ts';

const AXIS_HEIGHT = 18;
const LABEL_WIDTH = 110;
/** Pixels of the lowest bar. */
const LEAST_HEIGHT = 1.5;
/** Pixels below which a severity is too low to be seen. */
const SEEN_HEIGHT = 1;
/** A mark below the axis says that a bar has errors or warnings that are too few to be seen in it. */
const MARK_HEIGHT = 3;
/** From the baseline up. Heights compare best there, so the most important severity comes first. */
const STACK = ['error', 'warning', 'info'] as const;

/**
 * A bar for each bar, stacked by severity, each as high as its share. `pitch` is the width that each takes, in pixels.
 */
export function drawBars(
  bars: readonly Bar[],
  { pitch, height }: { pitch: number; height: number },
): SVGElement[] {
  const tallest = tallestOf(bars);
  const room = height - AXIS_HEIGHT - LEAST_HEIGHT;
  const width = Math.max(1, Math.min(pitch - 1, 48));

  return bars.flatMap((bar, index) => {
    const axis = height - AXIS_HEIGHT;
    const scale = Math.max(room / tallest, LEAST_HEIGHT / totalOf(bar));
    const x = index * pitch + (pitch - width) / 2;
    let y = axis;
    const shapes = STACK.filter((severity) => bar[severity] > 0).map((severity) => {
      const tall = bar[severity] * scale;
      y -= tall;
      return svgElement('rect', { class: severity, x, y, width, height: tall });
    });
    const unseen = STACK.find((severity) => severity !== 'info' && bar[severity] > 0);
    if (unseen && bar[unseen] * scale < SEEN_HEIGHT)
      shapes.push(svgElement('rect', { class: unseen, x, y: axis + 1, width, height: MARK_HEIGHT }));
    return shapes;
  });
}

/** How many entries the tallest bar has, at least 1. */
export function tallestOf(bars: readonly Bar[]): number {
  return Math.max(1, ...bars.map(totalOf));
}

function totalOf({ error, warning, info }: Bar): number {
  return error + warning + info;
}

/** The hatching of bars whose entries are neither loaded nor counted, from the first to the last. */
export function drawUnread(first: number, last: number, pitch: number, height: number): SVGElement[] {
  if (last < first) return [];
  return [
    svgElement('rect', {
      class: 'unread',
      x: first * pitch,
      y: 0,
      width: (last - first + 1) * pitch,
      height: height - AXIS_HEIGHT,
      fill: 'url(#hatch)',
    }),
  ];
}

/** The pattern of that hatching. */
export function hatchPattern(): SVGElement {
  const pattern = svgElement('pattern', {
    id: 'hatch',
    width: 6,
    height: 6,
    patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)',
  });
  pattern.append(svgElement('line', { class: 'hatching', 'stroke-width': 1.5, x1: 0, y1: 0, x2: 0, y2: 6 }));
  return pattern;
}

/** The time axis: a line at the bottom, and labels at round times. */
export function drawTicks(
  bars: readonly Bar[],
  size: { step: number; pitch: number; width: number; height: number; local: boolean },
): SVGElement[] {
  const { step, pitch, width, height, local } = size;
  const base = height - AXIS_HEIGHT;
  const shapes: SVGElement[] = [
    svgElement('line', { class: 'axis', x1: 0, x2: width, y1: base + 0.5, y2: base + 0.5 }),
  ];
  const start = bars[0]?.start ?? 0;
  const tick = stepFor(step * bars.length, Math.max(1, Math.floor(width / LABEL_WIDTH)));
  let last = Number.NEGATIVE_INFINITY;

  for (let wall = Math.ceil(wallClockAt(start, local) / tick) * tick; bars.length > 0; wall += tick) {
    const at = instantOf(wall, local);
    const x = ((at - start) / step) * pitch;
    if (x > width - LABEL_WIDTH * 0.8) break;
    // When clocks are set forward, two round times are the same instant.
    if (at <= last) continue;
    last = at;
    const label = svgElement('text', { x: x + 4, y: height - 4 });
    label.textContent = labelOf(at, tick, local);
    shapes.push(
      svgElement('line', { class: 'axis', x1: x + 0.5, x2: x + 0.5, y1: base, y2: height - 4 }),
      label,
    );
  }
  return shapes;
}

/** What clocks show at an instant, as milliseconds since 1970. */
function wallClockAt(instant: number, local: boolean): number {
  return local ? instant - new Date(instant).getTimezoneOffset() * 60_000 : instant;
}

/** The instant at which clocks show a time. The offset may change between the ticks. */
function instantOf(wall: number, local: boolean): number {
  if (!local) return wall;
  const near = wall - (wallClockAt(wall, true) - wall);
  return wall - (wallClockAt(near, true) - near);
}

/** The part of the time that differs from tick to tick. */
function labelOf(milliseconds: number, tick: number, local: boolean): string {
  const time = readableTime(new Date(milliseconds).toISOString(), local);
  if (tick >= 86_400_000) return time.slice(0, 10);
  if (time.slice(11, 19) === '00:00:00') return time.slice(5, 10);
  if (tick >= 60_000) return time.slice(11, 16);
  return time.slice(11, tick < 1_000 ? 23 : 19);
}
