/**
 * A timeline is a sequence read newest first. It is cut into days, and each day into shards, for one
 * partition of an index takes 1,000 writes a second and throttles the table's own writes beyond.
 * `all` holds every entry, `warning` and `error` hold those alone, `refused` the dead letters.
 */
export type Timeline = 'all' | 'warning' | 'error' | 'refused';

/** The day of an instant on a timeline, or of any position that begins with one. */
export function dayOn(timeline: Timeline, position: string): string {
  return position.slice(0, LENGTH_OF_DAY[timeline]);
}

/**
 * Where one entry in 10,000 is an error, the newest 100 may be those of as many days: asking each day's shards
 * would take hundreds of queries. So warnings and errors have one long "day" a year, `YYYY`.
 */
const LENGTH_OF_DAY: Record<Timeline, number> = {
  all: 'YYYY-MM-DD'.length,
  refused: 'YYYY-MM-DD'.length,
  warning: 'YYYY'.length,
  error: 'YYYY'.length,
};

/** The index partition of one shard of one day. */
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
