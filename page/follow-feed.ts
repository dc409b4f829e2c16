import type { LogEntry } from '../entities/entry.ts';
import type { EntryList } from './entry-list.ts';
import type { Feed } from './feed.ts';
import type { Notices } from './notices.ts';

export interface FollowedParts {
  list: EntryList;
  /** Rows on the page, at most: a page that is left open overnight must not use up the machine's memory. */
  mostRows: number;
  notices: Notices;
  /** Called when the service can no longer be followed, and when it can again. */
  onOutage: (isUnavailable: boolean) => void;
  /** Called when the following has ended with an error that will not pass. */
  onFollowEnd: () => void;
}

/** Follows a feed, and says what goes wrong with it. @param onArrived called with what each read has brought */
export function createFollowing(
  { list, mostRows, notices, onOutage, onFollowEnd }: FollowedParts,
  onArrived: (entries: readonly LogEntry[]) => void,
) {
  const sayOutage = (error: unknown) => {
    onOutage(error !== undefined);
    if (error) notices.problem(error);
    else notices.clearProblem();
  };

  function end(feed: Feed): void {
    feed.stopFollowing();
    onOutage(false);
  }

  return {
    end,
    async begin(feed: Feed): Promise<void> {
      const shown = list.rows.map(({ entry }) => entry);
      const oldest = () => list.rows.at(-1)?.entry;
      try {
        for await (const entries of feed.follow(shown, { oldest, most: mostRows, onOutage: sayOutage }))
          onArrived(entries);
      } catch (error) {
        end(feed);
        notices.problem(error);
        onFollowEnd();
      }
    },
  };
}
