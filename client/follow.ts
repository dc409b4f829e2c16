import type { LogEntry } from '../entities/entry.ts';
import { type ArrivalOptions, createArrivalWindow } from './arrival-window.ts';
import { asLongAsItTakes, type Patience, pauseUntil, untilAnswered } from './patience.ts';

/** Milliseconds between two reads: soon enough for people, and 30 reads per minute for the service. */
const INTERVAL = 2_000;
/** The same while more comes than a person can read, so that no read has much to catch up on. */
const BUSY_INTERVAL = 1_000;
/** New entries in one read from which the service counts as busy. */
const MANY = 100;
/** While nothing comes, each wait is half as long again, up to this: 10 reads per minute. */
const QUIET_INTERVAL = 6_000;

export interface FollowOptions extends ArrivalOptions, Omit<Patience, 'wait'> {
  /** Entries that are already shown. They are not yielded. */
  shown: readonly LogEntry[];
}

/** New entries, read by read: an empty list where nothing came. */
export type Arrivals = AsyncGenerator<LogEntry[], void>;

/**
 * Yields new entries as they arrive, oldest first, late ones included and each exactly once, until the signal.
 * A service that cannot be read for a while is asked again until it answers.
 * @throws ServiceError when asking again cannot help
 */
export async function* follow({
  shown,
  signal,
  onOutage,
  onSlow,
  pause = (milliseconds) => pauseUntil(milliseconds, signal),
  ...options
}: FollowOptions): Arrivals {
  const patience = { wait: asLongAsItTakes, signal, onOutage, onSlow, pause };
  const window = createArrivalWindow(options);
  window.note(shown);
  for (let wait = INTERVAL; !signal?.aborted; ) {
    const entries = await untilAnswered(window.readNew, patience);
    if (!entries || signal?.aborted) return;
    yield entries;
    if (entries.length > 0) wait = entries.length < MANY ? INTERVAL : BUSY_INTERVAL;
    await pause(wait);
    if (entries.length === 0) wait = Math.min(wait * 1.5, QUIET_INTERVAL);
  }
}
