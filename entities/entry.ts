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
