/** What a log entry is. Pure data: everything may read it, the page too; it imports nothing. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One log entry, as clients send it and get it back. */
export interface LogEntry {
  id: string;
  datetime: string;
  severity: Severity;
  message: string;
  /** Whatever else is known of the entry: any JSON object. Absent unless it was sent. */
  attributes?: Attributes;
}

export type Attributes = Record<string, unknown>;

/** How many entries of each severity lie in a span of time that begins at `start`, an RFC 3339 instant. */
export type CountBucket = { start: string } & Record<Severity, number>;

/** The most entries on a page, and the most that a client may ask for at once. */
export const LARGEST_PAGE = 1_000;
