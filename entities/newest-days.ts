import type { ListDays } from './list-days.ts';
import type { LogDay } from './log-day.ts';
import type { Timeline } from './timeline.ts';

/** The days of several timelines as one sequence, newest first, read from the catalogue as far as it is asked. */
export class NewestDays {
  private readonly lists: AsyncGenerator<LogDay>[];
  private heads: Promise<(LogDay | undefined)[]>;

  constructor(listDays: ListDays, timelines: Timeline[], range: { newest: string; oldest: string }) {
    this.lists = timelines.map((timeline) => listDays(timeline, range));
    this.heads = Promise.all(this.lists.map(nextOf));
  }

  /** The newest day that has not been taken. */
  async peek(): Promise<LogDay | undefined> {
    const heads = await this.heads;
    return heads[newestAt(heads)];
  }

  /** Takes the newest `count` days, each with all timelines that have entries on it. */
  async take(count: number): Promise<LogDay[]> {
    const taken: LogDay[] = [];
    for (let left = count; left > 0; left--) {
      const next = await this.peek();
      if (!next) break;
      taken.push(...(await this.takeFrom(next.day)));
    }
    return taken;
  }

  /** Takes every day from `oldest` on. */
  async takeFrom(oldest: string): Promise<LogDay[]> {
    const taken: LogDay[] = [];
    for (let heads = await this.heads; ; heads = await this.heads) {
      const at = newestAt(heads);
      const newest = heads[at];
      const list = this.lists[at];
      if (!newest || !list || newest.day < oldest) return taken;
      taken.push(newest);
      this.heads = Promise.resolve(heads.with(at, await nextOf(list)));
    }
  }
}

async function nextOf(list: AsyncGenerator<LogDay>): Promise<LogDay | undefined> {
  const step = await list.next();
  return step.done ? undefined : step.value;
}

function newestAt(heads: (LogDay | undefined)[]): number {
  return heads.reduce(
    (best, head, at) => (head && (best < 0 || head.day > (heads[best]?.day ?? '')) ? at : best),
    -1,
  );
}
