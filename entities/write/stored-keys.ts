/** Keys of two of the largest requests. */
const MOST_KEYS = 80_000;
/** A client that was told to send again does so within this time. */
const REMEMBERED_MS = 10 * 60_000;

/**
 * The keys of rows that were stored by requests that failed as a whole, because their time was over. When such a
 * request is sent again they are not written again, so that it gets further every time and ends.
 */
export class StoredKeys {
  private readonly times = new Map<string, number>();

  has(key: string): boolean {
    const time = this.times.get(key);
    return time !== undefined && time > performance.now() - REMEMBERED_MS;
  }

  remember(keys: Iterable<string>): void {
    const now = performance.now();
    for (const key of keys) this.times.set(key, now);
    // A Map gives its keys in the order in which they were set first.
    for (const key of this.times.keys()) {
      if (this.times.size <= MOST_KEYS) break;
      this.times.delete(key);
    }
  }
}
