export interface Entry {
  id: string;
  /** RFC 3339, as it was sent. */
  datetime: string;
  severity: 'info' | 'warning' | 'error';
  message: string;
}

export interface Follower {
  /** Notes entries that are already on show: no poll returns them again. */
  note(entries: readonly Entry[]): void;
  /**
   * Reads the window once, through all its pages, and returns what was not seen before, oldest first.
   * A read that throws changes nothing, so the next poll makes up for it.
   */
  poll(): Promise<Entry[]>;
}

export interface FollowerOptions {
  /** The pages of everything at or after `from` (RFC 3339), newest first. */
  read: (from: string) => AsyncIterable<readonly Entry[]>;
  /** How late an entry may arrive, behind the newest one seen, and still be shown. In milliseconds. */
  overlap: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How many entries of the window are remembered. A window of more than these is cut short: see `poll`. */
  remembered?: number;
}

/** Follows entries as they arrive, late ones included, showing each exactly once. */
export declare function createFollower(options: FollowerOptions): Follower;

/** Tells an entry from every other one: the service keeps different entries that share an id. */
export declare function keyOf(entry: Entry): string;
