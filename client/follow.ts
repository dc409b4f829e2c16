import type { LogEntry } from '../entities/entry.ts';
import { createFollower, type FollowerOptions } from './follower.ts';
import { ServiceError } from './service-error.ts';

/** Milliseconds between two reads: soon enough for eyes, and 30 reads per minute for the service. */
const INTERVAL = 2_000;
/** While the service cannot be read, the wait doubles up to this. */
const LONGEST_INTERVAL = 30_000;

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
}: FollowOptions): AsyncGenerator<LogEntry[]> {
  const follower = createFollower(options);
  follower.note(shown);
  for (let failures = 0; !signal?.aborted; ) {
    try {
      const entries = await follower.poll();
      if (failures > 0) onOutage(undefined);
      failures = 0;
      yield entries;
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof ServiceError && error.passing)) throw error;
      onOutage(error);
      failures += 1;
    }
    await pause(Math.min(INTERVAL * 2 ** failures, LONGEST_INTERVAL));
  }
}

function pauseUntil(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}
