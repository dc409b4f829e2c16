import { ServiceError } from './service-error.ts';

/** How long to ask again after a failure, and what to call then. */
export interface Patience {
  /** When to ask again after an error. The error is thrown where this gives no time. */
  wait: RetryWait;
  /** Ends the asking. */
  signal?: AbortSignal;
  /**
   * Called with each error and the wait before the next try, and with undefined once there is an answer after errors or
   * after onSlow.
   */
  onOutage?: (error: ServiceError | undefined, wait: number) => void;
  /** Called once a try has had no answer for SLOW_MS. It is waited for further. */
  onSlow?: () => void;
  /** Resolves after so many milliseconds, or sooner. */
  pause?: (milliseconds: number) => Promise<void>;
}

/** Milliseconds before the next try; undefined to give up. @param failures the failures before this error */
export type RetryWait = (error: ServiceError, failures: number) => number | undefined;

/** Nobody looks at a page that says nothing for longer (Nielsen, Response Times: 10 s keep the attention). */
export const SLOW_MS = 10_000;

/** Milliseconds before the first repetition. Each wait is twice the one before. */
const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 30_000;
/** A throttle lifts within seconds. */
const SHORT_WAITS = [500, 2_000];

/** For a reader who waits until the service is back: less and less often, for as long as the error may pass. */
export const asLongAsItTakes: RetryWait = (error, failures) =>
  error.passing ? Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) : undefined;

/** For a command that must end: twice, and only where the service answered that it cannot serve the request now. */
export const forAMoment: RetryWait = (error, failures) =>
  error.passing && error.reason === 'refused' ? SHORT_WAITS[failures] : undefined;

/**
 * What `read` gives. It is called again after each ServiceError for as long as the patience lasts. Undefined once
 * the signal has ended the asking.
 * @throws ServiceError the one that ended the patience; any other error of `read` at once
 */
export async function untilAnswered<Answer>(
  read: () => Promise<Answer>,
  { wait, signal, onOutage, onSlow, pause = (milliseconds) => pauseUntil(milliseconds, signal) }: Patience,
): Promise<Answer | undefined> {
  let isReported = false;
  for (let failures = 0; !signal?.aborted; failures += 1) {
    let milliseconds: number | undefined;
    const slow = setTimeout(() => {
      isReported = true;
      onSlow?.();
    }, SLOW_MS);
    try {
      const answer = await read();
      if (isReported) onOutage?.(undefined, 0);
      return answer;
    } catch (error) {
      if (signal?.aborted) return undefined;
      if (error instanceof ServiceError) milliseconds = wait(error, failures);
      if (milliseconds === undefined) throw error;
      isReported = true;
      onOutage?.(error as ServiceError, milliseconds);
    } finally {
      clearTimeout(slow);
    }
    await pause(milliseconds);
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
