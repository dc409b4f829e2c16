import type { ServiceError } from '../client/service-error.ts';
import type { LogEntry } from '../entities/entry.ts';
import type { EntryList } from './entry-list.ts';
import type { Feed } from './feed.ts';
import type { Notices } from './notices.ts';

/** Entries that are shown in one go. With more, a click would have to wait until all are laid out. */
const AT_ONCE = 250;

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
        for await (const entries of arrivals)
          for (let at = 0; at < entries.length && !signal.aborted; at += AT_ONCE) {
            onArrived(entries.slice(at, at + AT_ONCE));
            if (at + AT_ONCE < entries.length) await nextTask();
          }
      } catch (error) {
        if (signal.aborted) return;
        end();
        notices.problem(error);
        onEnd();
      }
    },
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
