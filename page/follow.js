// @ts-check
import { instantOf, millisOf } from './instant.js';

// At 100 bytes an entry these are about 20 MB: 30 minutes of overlap at 100 entries a second.
const REMEMBERED = 200_000;

/** @type {import('./follow.d.ts').createFollower} */
export const createFollower = ({ read, overlap, now = Date.now, remembered = REMEMBERED }) => {
  /** @type {Map<string, number>} What was seen in the window: key to milliseconds. */
  const seen = new Map();
  let newest = Number.NEGATIVE_INFINITY;
  let start = Number.NEGATIVE_INFINITY;

  /** @param {readonly import('./follow.d.ts').Entry[]} entries */
  const remember = (entries) => {
    for (const entry of entries) {
      const millis = millisOf(entry.datetime);
      seen.set(keyOf(entry), millis);
      newest = Math.max(newest, millis);
    }
  };

  /**
   * The window ends at the newest entry, or at the clock when an entry is stamped later than that: one host
   * whose clock is ahead must not hide all others. It never moves back over what has been forgotten.
   *
   * @param {number} asked when the newest entries were asked for
   */
  const moveWindow = (asked) => {
    const end = newest === Number.NEGATIVE_INFINITY ? asked : Math.min(newest, asked);
    start = Math.max(start, end - overlap, startThatIsRemembered(seen, remembered));
    for (const [key, millis] of seen) if (millis < start) seen.delete(key);
  };

  return {
    note(entries) {
      remember(entries);
      moveWindow(now());
    },
    async poll() {
      const asked = now();
      if (start === Number.NEGATIVE_INFINITY) moveWindow(asked);
      /** @type {Map<string, import('./follow.d.ts').Entry>} */
      const fresh = new Map();
      for await (const page of read(new Date(start).toISOString())) {
        for (const entry of page) if (!seen.has(keyOf(entry))) fresh.set(keyOf(entry), entry);
      }
      const entries = [...fresh.values()].reverse().sort(byInstant);
      remember(entries);
      moveWindow(asked);
      return entries;
    },
  };
};

/** @type {import('./follow.d.ts').keyOf} */
export const keyOf = ({ id, datetime, severity, message }) =>
  JSON.stringify([id, datetime, severity, message]);

/**
 * With more in the window than is remembered, it starts after the last one that must be forgotten: a very
 * late entry may then be missed, but none is shown twice.
 *
 * @param {Map<string, number>} seen
 * @param {number} remembered
 */
function startThatIsRemembered(seen, remembered) {
  if (seen.size <= remembered) return Number.NEGATIVE_INFINITY;
  const newestFirst = [...seen.values()].sort((a, b) => b - a);
  return (newestFirst[remembered] ?? 0) + 1;
}

/**
 * @param {import('./follow.d.ts').Entry} a
 * @param {import('./follow.d.ts').Entry} b
 */
function byInstant(a, b) {
  const [left, right] = [instantOf(a.datetime), instantOf(b.datetime)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
