import type { LogEntry } from '../entities/entry.ts';
import { createFollower, type FollowerOptions } from './follower.ts';
import type { ServiceError } from './service-error.ts';
import { pauseUntil, untilAnswered } from './until-answered.ts';

/** Milliseconds between two reads: soon enough for eyes, and 30 reads per minute for the service. */
const INTERVAL = 2_000;
/** While more comes than a person can read, the reads follow closer, so that none has to catch up on much. */
const BUSY_INTERVAL = 1_000;
/** As many new entries in one read are much. */
const MUCH = 100;
/** While nothing comes, each wait is half as long again, up to this: 10 reads per minute. */
const QUIET_INTERVAL = 6_000;

export interface FollowOptions extends FollowerOptions {
  /** Entries that are already on show. They are not yielded. */
  shown: readonly LogEntry[];
  /** Ends the following. */
  signal?: AbortSignal;
  /** Called with each passing error, and with undefined once the service answers again. */
  onOutage: (error: ServiceError | undefined) => void;
  /** Resolves after so many milliseconds, or sooner once `signal` is aborted. */
  pause?: (milliseconds: number) => Promise<void>;
}

/** New entries, poll by poll: none where nothing came. */
export type Arrivals = AsyncGenerator<LogEntry[]>;

/**
 * Yields new entries as they arrive, oldest first, late ones included and each exactly once, until the signal.
 * A service that cannot be read for a while is asked again until it answers.
 * @throws ServiceError when it will not pass
 */
export async function* follow({
  shown,
  signal,
  onOutage,
  pause = (milliseconds) => pauseUntil(milliseconds, signal),
  ...options
}: FollowOptions): Arrivals {
  const follower = createFollower(options);
  follower.note(shown);
  for (let wait = INTERVAL; !signal?.aborted; ) {
    const entries = await untilAnswered(() => follower.poll(), { signal, onOutage, pause });
    if (!entries) return;
    yield entries;
    if (entries.length > 0) wait = entries.length < MUCH ? INTERVAL : BUSY_INTERVAL;
    await pause(wait);
    if (entries.length === 0) wait = Math.min(wait * 1.5, QUIET_INTERVAL);
  }
}
