import { type ShardCounts, TIMELINES, type Timeline } from '../timeline.ts';

/**
 * How many shards this process spreads each timeline over. Every timeline begins on one shard. A throttle doubles
 * its number up to the ceiling, and the number is kept for the life of the process.
 */
export class Spread {
  private readonly ceiling: number;
  private counts = Object.fromEntries(TIMELINES.map((timeline) => [timeline, 1])) as ShardCounts;

  /** @param ceiling the most shards of a timeline, 1 or more */
  constructor(ceiling: number) {
    this.ceiling = ceiling;
  }

  /** The numbers now. A later change leaves this object as it is. */
  get shards(): ShardCounts {
    return this.counts;
  }

  /** The largest number of any timeline. */
  get largest(): number {
    return Math.max(...Object.values(this.counts));
  }

  /**
   * Doubles the shards of the timeline that was throttled. Throttles of writes that were under way together double
   * it once, because each doubles the number at which it was tried.
   *
   * DynamoDB does not say which of an item's indexes was full. It was the timeline with the most throttled items
   * per shard, and several where they are equal.
   * @param throttled the timelines of each throttled item
   * @param tried the numbers at which the items were written
   */
  widen(throttled: Timeline[][], tried: ShardCounts): void {
    const load = (timeline: Timeline) =>
      throttled.filter((timelines) => timelines.includes(timeline)).length / tried[timeline];
    const highest = Math.max(...TIMELINES.map(load));
    const widened = TIMELINES.filter((timeline) => load(timeline) === highest).map((timeline) => [
      timeline,
      Math.max(this.counts[timeline], Math.min(2 * tried[timeline], this.ceiling)),
    ]);
    this.counts = { ...this.counts, ...Object.fromEntries(widened) };
  }
}
