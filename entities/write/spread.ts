import { TIMELINES, type Timeline } from '../timeline.ts';

/**
 * How many shards this process spreads each timeline over. Every timeline begins on one shard. A throttle doubles its
 * number up to the ceiling, and the number is kept for as long as the process runs.
 */
export class Spread {
  private readonly ceiling: number;
  private readonly counts = new Map<Timeline, number>(TIMELINES.map((timeline) => [timeline, 1]));

  /** @param ceiling the most shards of a timeline, 1 or more */
  constructor(ceiling: number) {
    this.ceiling = ceiling;
  }

  /** The number of shards of a timeline now. */
  of(timeline: Timeline): number {
    return this.counts.get(timeline) ?? 1;
  }

  /** The largest number of any timeline. */
  get largest(): number {
    return Math.max(...this.counts.values());
  }

  /**
   * Doubles the shards of a timeline that was throttled. Throttles of writes that were under way together double it
   * once, because each doubles the number at which it was tried.
   * @param tried the number of shards for which the throttled item was made
   */
  widen(timeline: Timeline, tried: number): void {
    this.counts.set(timeline, Math.max(this.of(timeline), Math.min(2 * tried, this.ceiling)));
  }
}
