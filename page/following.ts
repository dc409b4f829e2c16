import type { ServiceError } from '../client/service-error.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { EntryList } from './entry-list.ts';
import type { Feed } from './feed.ts';
import type { Notices } from './notices.ts';

export interface FollowingParts {
  list: EntryList;
  notices: Notices;
  /** How many entries a read may give. */
  most: number;
  onArrived: (entries: readonly LogEntry[]) => void;
  /** Called as the following loses and finds the service. */
  onOutage: (isAway: boolean) => void;
  /** Called when it has ended for an error that won't pass. */
  onEnd: () => void;
}

/** Follows a feed: hands on what arrives until it is stopped. */
export function createFollowing({ list, notices, most, onArrived, onOutage, onEnd }: FollowingParts) {
  let stop: AbortController | undefined;

  const end = () => {
    stop?.abort();
    stop = undefined;
    onOutage(false);
  };

  return {
    get isOn() {
      return stop !== undefined;
    },
    stop: end,
    async start(feed: Feed): Promise<void> {
      stop?.abort();
      stop = new AbortController();
      const { signal } = stop;
      const arrivals = feed.follow(
        list.rows.map(({ entry }) => entry),
        {
          oldest: () => list.rows.at(-1)?.entry,
          most,
          signal,
          onOutage(error: ServiceError | undefined) {
            if (signal.aborted) return;
            onOutage(error !== undefined);
            if (error) notices.problem(error);
            else notices.mended();
          },
        },
      );
      try {
        for await (const entries of arrivals) if (!signal.aborted) onArrived(entries);
      } catch (error) {
        if (signal.aborted) return;
        end();
        notices.problem(error);
        onEnd();
      }
    },
  };
}
