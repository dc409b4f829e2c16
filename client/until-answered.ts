import { ServiceError } from './service-error.ts';

/** Milliseconds before the first repetition. Each wait is twice the one before. */
const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 30_000;

export interface Patience {
  /** Ends the asking. */
  signal?: AbortSignal;
  /** Called with each passing error and the wait before the next try, and with undefined once there is an answer. */
  onOutage: (error: ServiceError | undefined, wait: number) => void;
  /** Resolves after so many milliseconds, or sooner. */
  pause?: (milliseconds: number) => Promise<void>;
}

/**
 * What `read` gives. While the service is away it is asked again, less and less often. Undefined once the signal
 * has ended the asking.
 * @throws ServiceError when it will not pass
 */
export async function untilAnswered<Answer>(
  read: () => Promise<Answer>,
  { signal, onOutage, pause = (milliseconds) => pauseUntil(milliseconds, signal) }: Patience,
): Promise<Answer | undefined> {
  for (let wait = FIRST_WAIT, failures = 0; !signal?.aborted; failures += 1) {
    try {
      const answer = await read();
      if (failures > 0) onOutage(undefined, 0);
      return answer;
    } catch (error) {
      if (signal?.aborted) return undefined;
      if (!(error instanceof ServiceError && error.passing)) throw error;
      onOutage(error, wait);
    }
    await pause(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
  return undefined;
}

/** Resolves after so many milliseconds, or sooner once the signal is aborted. */
export function pauseUntil(milliseconds: number, signal?: AbortSignal): Promise<void> {
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
