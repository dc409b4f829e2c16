import { ABOVE_ALL } from './position.ts';

/**
 * A timeline is a sequence read newest first: `all` holds every entry, `warning` and `error` hold those alone,
 * `refused` the dead letters.
 *
 * It is cut into stretches of a year, each called by its first day, and every stretch into shards, for one partition
 * of an index takes 1,000 writes a second and throttles the table's own writes beyond. A stretch costs a query for
 * each of its shards, however little it holds, so it is long: cut at every day, the newest 100 of a log of two
 * entries a day took 385 queries, and the newest 100 errors of a busy one 810.
 */
export type Timeline = 'all' | 'warning' | 'error' | 'refused';

/** The first day of the stretch that an instant, or a position, falls into: `YYYY-01-01`. */
export function firstDayOf(position: string): string {
  return `${position.slice(0, 'YYYY'.length)}-01-01`;
}

/** Sorts above every position of the stretch that begins on a day, and below those of the next. */
export function endOfStretch(firstDay: string): string {
  return firstDay.slice(0, 'YYYY'.length) + ABOVE_ALL;
}

/** The index partition of one shard of the stretch that begins on a day. */
export function bucketOf(timeline: Timeline, day: string, shard: number): string {
  return `${timeline}#${day}#${shard}`;
}

/** Which of `shards` shards an id falls into: FNV-1a over its UTF-16 code units. */
export function shardOf(id: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  // The low bits of FNV-1a are its weakest: fold the high half in before the remainder is taken.
  return ((hash >>> 16) ^ (hash & 0xffff)) % shards;
}
