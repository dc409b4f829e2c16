// @ts-check
import { millisOf } from './instant.js';

/** @typedef {{ start: number, error: number, warning: number, info: number }} Bucket */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps that divide time as clocks and calendars do, so that a bar begins where people expect. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY),
];

/**
 * Counts entries by time and severity: at most `most` buckets of one length, empty ones included, oldest first.
 *
 * @param {readonly import('./follow.d.ts').Entry[]} entries
 * @param {number} most
 * @returns {{ step: number, buckets: Bucket[] }} `step` in milliseconds
 */
export function bucketsOf(entries, most) {
  const instants = entries.map(({ datetime }) => millisOf(datetime));
  const first = instants.reduce((least, instant) => Math.min(least, instant), Number.POSITIVE_INFINITY);
  const last = instants.reduce((greatest, instant) => Math.max(greatest, instant), Number.NEGATIVE_INFINITY);
  if (entries.length === 0) return { step: SECOND, buckets: [] };

  const step = stepFor(last - first, most - 1);
  const start = Math.floor(first / step) * step;
  const buckets = Array.from({ length: Math.floor((last - start) / step) + 1 }, (_, index) => ({
    start: start + index * step,
    error: 0,
    warning: 0,
    info: 0,
  }));
  for (const [index, { severity }] of entries.entries()) {
    const bucket = buckets[Math.floor(((instants[index] ?? start) - start) / step)];
    if (bucket) bucket[severity] += 1;
  }
  return { step, buckets };
}

/**
 * The shortest step that cuts a span into at most `most` parts.
 *
 * @param {number} span in milliseconds
 * @param {number} most
 */
export function stepFor(span, most) {
  const longest = STEPS.at(-1) ?? DAY;
  return STEPS.find((step) => span / step <= most) ?? Math.ceil(span / most / longest) * longest;
}

/**
 * A length of time as people say it.
 *
 * @param {number} milliseconds
 */
export function readableLength(milliseconds) {
  for (const [length, name] of /** @type {const} */ ([
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ])) {
    if (milliseconds >= length) return `${milliseconds / length} ${name}`;
  }
  return `${milliseconds} ms`;
}
